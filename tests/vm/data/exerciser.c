// SPDX-License-Identifier: GPL-2.0
/*
 * Random operations on one mapped image, one after the other, each checked
 * against a model in memory: past the page cache, through it, through mmap(),
 * through librbd behind the driver's back, with resizes and new mappings in
 * between.
 *
 * usage: exerciser POOL IMAGE DEVICE SEED STEPS MAX_SIZE ALLOC_SIZE
 *
 * The image must read as zeroes at the beginning. Prints what was done, then
 * the size of the image, and leaves the model in the file "model" of the
 * working folder. The same arguments do the same again. Exit code 1: a
 * difference, which is printed with what was done there before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <rados/librados.h>
#include <rbd/librbd.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define SECTOR 512U
#define PAGE 4096U
#define MAX_IO (256U << 10)
/* Seconds that the device may take to have a new size. */
#define RESIZE_PATIENCE 60
#define SHOWN_STEPS 8

struct past {
	const char *name;
	uint64_t offset;
	uint64_t length;
};

struct exerciser {
	const char *pool;
	const char *name;
	char device[64];
	int direct;
	int cached;
	rados_t cluster;
	rados_ioctx_t ioctx;
	rbd_image_t image;
	/* What the image must hold; max_size bytes, zero from size on. */
	uint8_t *model;
	uint64_t size;
	uint64_t max_size;
	uint64_t alloc_size;
	uint64_t object_size;
	uint64_t random;
	uint8_t *buffer;
	/* A byte for each page of the model. */
	unsigned char *resident;
	struct past *history;
	unsigned int step;
};

static struct exerciser x;

static void show_history(uint64_t at)
{
	unsigned int shown = 0;
	unsigned int i;

	for (i = x.step + 1; i-- > 0 && shown < SHOWN_STEPS;) {
		const struct past *p = &x.history[i];

		if (!p->name || (p->length && (at < p->offset ||
					       at >= p->offset + p->length)))
			continue;
		fprintf(stderr, "  step %u: %s of %llu bytes at %llu\n", i,
			p->name, (unsigned long long)p->length,
			(unsigned long long)p->offset);
		shown++;
	}
}

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *format, ...)
{
	const struct past *now = x.history + x.step;
	va_list args;

	fprintf(stderr,
		"exerciser: step %u (%s of %llu bytes at %llu): ", x.step,
		now->name ? now->name : "preparation",
		(unsigned long long)now->length,
		(unsigned long long)now->offset);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static uint64_t next_random(void)
{
	uint64_t z = x.random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static uint64_t below(uint64_t bound)
{
	return bound ? next_random() % bound : 0;
}

/* A range of at least one unit, a multiple of it on both ends; noted. */
static void pick(uint64_t unit, uint64_t *offset, uint64_t *length)
{
	static const uint32_t sizes[] = { 1, PAGE, 3 * PAGE, 65536, MAX_IO };
	uint64_t most = sizes[below(sizeof(sizes) / sizeof(sizes[0]))];
	uint64_t border;

	*length = (1 + below(most) + unit - 1) / unit * unit;
	if (*length > x.size)
		*length = x.size;
	switch (below(8)) {
	case 0: /* up to the end */
		*offset = x.size - *length;
		break;
	case 1:
	case 2: /* over the border of an object */
		border = (1 + below(x.size / x.object_size)) * x.object_size;
		*offset = border > *length / 2 ? border - *length / 2 : 0;
		break;
	default:
		*offset = below(x.size);
	}
	*offset -= *offset % unit;
	if (*offset > x.size - *length)
		*offset = x.size - *length;
	x.history[x.step].offset = *offset;
	x.history[x.step].length = *length;
}

static void fill(uint8_t *to, uint64_t length)
{
	uint64_t word;

	for (; length >= sizeof(word); to += sizeof(word)) {
		word = next_random();
		memcpy(to, &word, sizeof(word));
		length -= sizeof(word);
	}
	word = next_random();
	memcpy(to, &word, length);
}

/* The same byte past all caches: was it the driver, or the page cache? */
static void show_direct(uint64_t at)
{
	uint8_t *sector = x.buffer + MAX_IO;

	if (pread(x.direct, sector, SECTOR, at / SECTOR * SECTOR) == SECTOR)
		fprintf(stderr, "  O_DIRECT reads %02x there\n",
			sector[at % SECTOR]);
}

static void check(const char *reader, uint64_t offset, uint64_t length,
		  const uint8_t *got)
{
	const uint8_t *want = x.model + offset;
	uint64_t first = 0;
	uint64_t differ = 0;
	uint64_t i;

	if (!memcmp(got, want, length))
		return;
	while (got[first] == want[first])
		first++;
	for (i = first; i < length; i++)
		differ += got[i] != want[i];
	fprintf(stderr,
		"exerciser: %s, step %u: %llu bytes from %llu on differ, first byte %02x, expected %02x (image of %llu bytes)\n",
		reader, x.step, (unsigned long long)differ,
		(unsigned long long)(offset + first), got[first], want[first],
		(unsigned long long)x.size);
	show_direct(offset + first);
	show_history(offset + first);
	exit(1);
}

static void full_read(int fd, uint64_t offset, uint64_t length, void *to)
{
	ssize_t got = pread(fd, to, length, offset);

	if (got != (ssize_t)length)
		die("read gave %zd: %s", got, strerror(errno));
}

static void full_write(int fd, uint64_t offset, uint64_t length,
		       const void *from)
{
	ssize_t put = pwrite(fd, from, length, offset);

	if (put != (ssize_t)length)
		die("write took %zd: %s", put, strerror(errno));
}

static void flush(bool unused)
{
	(void)unused;
	if (fsync(x.cached))
		die("fsync: %s", strerror(errno));
}

static bool is_cached(uint64_t offset, uint64_t length)
{
	uint64_t first = offset / PAGE;
	uint64_t pages = (offset + length + PAGE - 1) / PAGE - first;
	bool cached = false;
	uint64_t i;
	void *at;

	at = mmap(NULL, pages * PAGE, PROT_READ, MAP_SHARED, x.cached,
		  first * PAGE);
	if (at == MAP_FAILED || mincore(at, pages * PAGE, x.resident))
		die("mincore: %s", strerror(errno));
	for (i = 0; i < pages; i++)
		cached |= x.resident[i] & 1;
	munmap(at, pages * PAGE);
	return cached;
}

/*
 * Ends readahead of this range that is under way: it may bring what was there
 * before somebody else wrote, mincore() does not see it yet, and no
 * invalidation takes a page away that is being read.
 */
static void await_readahead(uint64_t offset, uint64_t length)
{
	uint64_t part;

	for (; length; offset += part, length -= part) {
		part = length < MAX_IO ? length : MAX_IO;
		full_read(x.cached, offset, part, x.buffer);
	}
}

/* The page cache forgets what somebody else has changed. */
static void forget(uint64_t offset, uint64_t length)
{
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		if (ioctl(x.cached, BLKFLSBUF, 0))
			die("BLKFLSBUF: %s", strerror(errno));
		if (!is_cached(offset, length))
			return;
		usleep(10000);
	}
	die("the page cache does not forget it");
}

static void open_device(void)
{
	uint64_t size = 0;

	x.direct = open(x.device, O_RDWR | O_DIRECT);
	x.cached = open(x.device, O_RDWR);
	if (x.direct < 0 || x.cached < 0)
		die("%s: %s", x.device, strerror(errno));
	if (ioctl(x.direct, BLKGETSIZE64, &size) || size != x.size)
		die("%s has %llu bytes, expected %llu", x.device,
		    (unsigned long long)size, (unsigned long long)x.size);
}

static void close_device(void)
{
	flush(false);
	if (close(x.direct) || close(x.cached))
		die("close: %s", strerror(errno));
}

static void direct_io(bool write)
{
	uint64_t offset, length;

	pick(SECTOR, &offset, &length);
	if (write) {
		fill(x.buffer, length);
		memcpy(x.model + offset, x.buffer, length);
		full_write(x.direct, offset, length, x.buffer);
		return;
	}
	full_read(x.direct, offset, length, x.buffer);
	check("O_DIRECT", offset, length, x.buffer);
}

static void cached_io(bool write)
{
	uint64_t offset, length;

	pick(1, &offset, &length);
	if (write) {
		fill(x.model + offset, length);
		full_write(x.cached, offset, length, x.model + offset);
		return;
	}
	full_read(x.cached, offset, length, x.buffer);
	check("page cache", offset, length, x.buffer);
}

static void mapped_io(bool write)
{
	uint64_t offset, length, lead;
	uint8_t *at;

	pick(1, &offset, &length);
	lead = offset % PAGE;
	at = mmap(NULL, length + lead, PROT_READ | PROT_WRITE, MAP_SHARED,
		  x.cached, offset - lead);
	if (at == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	if (write) {
		fill(x.model + offset, length);
		memcpy(at + lead, x.model + offset, length);
	} else {
		check("mmap", offset, length, at + lead);
	}
	if (below(2) && msync(at, length + lead, MS_SYNC))
		die("msync: %s", strerror(errno));
	if (munmap(at, length + lead))
		die("munmap: %s", strerror(errno));
}

/* What a discard left open: each sector has its old content, or zeroes. */
static void settle(uint64_t offset, uint64_t length)
{
	static const uint8_t zeroes[SECTOR];
	uint64_t i;

	if (!length)
		return;
	full_read(x.direct, offset, length, x.buffer);
	for (i = 0; i < length; i += SECTOR)
		if (!memcmp(x.buffer + i, zeroes, SECTOR))
			memset(x.model + offset + i, 0, SECTOR);
	check("O_DIRECT after a discard", offset, length, x.buffer);
}

/*
 * Whole pages, so that no cached page is cut in two. What is in whole units of
 * alloc_size must be gone, or a file system would get its old data back.
 */
static void discard(bool unused)
{
	uint64_t unit = x.alloc_size;
	uint64_t range[2];
	uint64_t first, last, end;

	(void)unused;
	pick(PAGE, &range[0], &range[1]);
	flush(false);
	if (ioctl(x.direct, BLKDISCARD, range))
		die("BLKDISCARD: %s", strerror(errno));
	end = range[0] + range[1];
	first = (range[0] + unit - 1) / unit * unit;
	last = end / unit * unit;
	if (first >= last) {
		settle(range[0], range[1]);
		return;
	}
	memset(x.model + first, 0, last - first);
	settle(range[0], first - range[0]);
	settle(last, end - last);
}

static void zero_out(bool punch)
{
	uint64_t range[2];

	pick(PAGE, &range[0], &range[1]);
	if (punch &&
	    fallocate(x.cached, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
		      range[0], range[1]))
		die("fallocate: %s", strerror(errno));
	if (!punch && ioctl(x.direct, BLKZEROOUT, range))
		die("BLKZEROOUT: %s", strerror(errno));
	memset(x.model + range[0], 0, range[1]);
}

static void librbd_io(bool write)
{
	uint64_t offset, length;
	ssize_t done;

	pick(1, &offset, &length);
	flush(false);
	if (write) {
		fill(x.model + offset, length);
		done = rbd_write(x.image, offset, length,
				 (char *)x.model + offset);
		await_readahead(offset, length);
		forget(offset, length);
	} else {
		done = rbd_read(x.image, offset, length, (char *)x.buffer);
	}
	if (done != (ssize_t)length)
		die("librbd gave %zd", done);
	if (!write)
		check("librbd", offset, length, x.buffer);
}

static void resize(bool unused)
{
	uint64_t size = (1 + below(x.max_size / PAGE)) * PAGE;
	uint64_t seen = 0;
	unsigned int i;
	int err;

	(void)unused;
	x.history[x.step].offset = size;
	flush(false);
	if (size < x.size)
		await_readahead(size, x.size - size);
	err = rbd_resize(x.image, size);
	if (err)
		die("rbd_resize: %s", strerror(-err));
	for (i = 0; i < RESIZE_PATIENCE * 10 && seen != size; i++) {
		usleep(i ? 100000 : 0);
		if (ioctl(x.direct, BLKGETSIZE64, &seen))
			die("BLKGETSIZE64: %s", strerror(errno));
	}
	if (seen != size)
		die("the device keeps its %llu bytes, the image has %llu",
		    (unsigned long long)seen, (unsigned long long)size);
	if (size < x.size) {
		memset(x.model + size, 0, x.size - size);
		forget(size, x.size - size);
	}
	x.size = size;
}

static void remap(bool unused)
{
	char command[256];
	FILE *out;

	(void)unused;
	close_device();
	snprintf(command, sizeof(command), "rbd unmap %s >&2 && rbd map %s/%s",
		 x.device, x.pool, x.name);
	out = popen(command, "r");
	if (!out || !fgets(x.device, sizeof(x.device), out) || pclose(out))
		die("this failed: %s", command);
	x.device[strcspn(x.device, "\n")] = 0;
	open_device();
}

static const struct operation {
	const char *name;
	unsigned int weight;
	void (*perform)(bool variant);
	bool variant;
} operations[] = {
	{ "direct read", 160, direct_io, false },
	{ "direct write", 160, direct_io, true },
	{ "cached read", 100, cached_io, false },
	{ "cached write", 100, cached_io, true },
	{ "mapped read", 60, mapped_io, false },
	{ "mapped write", 60, mapped_io, true },
	{ "discard", 60, discard, false },
	{ "zeroout", 60, zero_out, false },
	{ "punch hole", 60, zero_out, true },
	{ "fsync", 20, flush, false },
	{ "librbd read", 100, librbd_io, false },
	{ "librbd write", 40, librbd_io, true },
	{ "resize", 18, resize, false },
	{ "new mapping", 2, remap, false },
};

#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static const struct operation *pick_operation(void)
{
	unsigned int total = 0;
	unsigned int i;
	uint64_t at;

	for (i = 0; i < OPERATIONS; i++)
		total += operations[i].weight;
	at = below(total);
	for (i = 0; at >= operations[i].weight; i++)
		at -= operations[i].weight;
	return &operations[i];
}

static void open_image(void)
{
	rbd_image_info_t info;
	int err;

	err = rados_create(&x.cluster, "admin");
	if (!err)
		err = rados_conf_read_file(x.cluster, NULL);
	if (err)
		die("librados: %s", strerror(-err));
	/* It must see what the driver wrote, not what it has read itself. */
	rados_conf_set(x.cluster, "rbd_cache", "false");
	err = rados_connect(x.cluster);
	if (!err)
		err = rados_ioctx_create(x.cluster, x.pool, &x.ioctx);
	if (!err)
		err = rbd_open(x.ioctx, x.name, &x.image, NULL);
	if (!err)
		err = rbd_stat(x.image, &info, sizeof(info));
	if (err)
		die("librbd cannot open %s/%s: %s", x.pool, x.name,
		    strerror(-err));
	x.size = info.size;
	x.object_size = info.obj_size;
}

static void close_image(void)
{
	rbd_close(x.image);
	rados_ioctx_destroy(x.ioctx);
	rados_shutdown(x.cluster);
}

static void check_all(void)
{
	uint64_t offset, length;

	flush(false);
	for (offset = 0; offset < x.size; offset += length) {
		length = x.size - offset < MAX_IO ? x.size - offset : MAX_IO;
		full_read(x.direct, offset, length, x.buffer);
		check("O_DIRECT at the end", offset, length, x.buffer);
		full_read(x.cached, offset, length, x.buffer);
		check("page cache at the end", offset, length, x.buffer);
	}
}

static void save_model(void)
{
	FILE *out = fopen("model", "w");

	if (!out || fwrite(x.model, 1, x.size, out) != x.size || fclose(out))
		die("cannot write the file 'model': %s", strerror(errno));
}

int main(int argc, char **argv)
{
	unsigned int count[OPERATIONS] = { 0 };
	const struct operation *op;
	unsigned int steps;
	unsigned int i;

	if (argc != 8) {
		fprintf(stderr,
			"usage: exerciser POOL IMAGE DEVICE SEED STEPS MAX_SIZE ALLOC_SIZE\n");
		return 2;
	}
	x.pool = argv[1];
	x.name = argv[2];
	snprintf(x.device, sizeof(x.device), "%s", argv[3]);
	x.random = strtoull(argv[4], NULL, 10);
	steps = strtoul(argv[5], NULL, 10);
	x.max_size = strtoull(argv[6], NULL, 10);
	x.alloc_size = strtoull(argv[7], NULL, 10);
	x.history = calloc(steps + 1, sizeof(*x.history));
	x.model = calloc(1, x.max_size);
	x.resident = malloc(x.max_size / PAGE + 2);
	if (!x.history || !x.model || !x.resident ||
	    posix_memalign((void **)&x.buffer, PAGE, MAX_IO + PAGE)) {
		fprintf(stderr, "exerciser: no memory\n");
		return 1;
	}
	open_image();
	open_device();
	for (x.step = 0; x.step < steps; x.step++) {
		op = pick_operation();
		x.history[x.step].name = op->name;
		count[op - operations]++;
		op->perform(op->variant);
	}
	check_all();
	save_model();
	close_device();
	close_image();
	for (i = 0; i < OPERATIONS; i++)
		printf("%s %u, ", operations[i].name, count[i]);
	printf("as expected\n%s %llu\n", x.device, (unsigned long long)x.size);
	return 0;
}
