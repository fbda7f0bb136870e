// SPDX-License-Identifier: GPL-2.0
/*
 * One node of a race: writes, zeroes and reads the same few places of a device
 * as other nodes do at the same time, and judges each read at once.
 *
 * usage: racing-writer DEVICE NODE NODES ROUND SIZE ZEROES STEPS SEED START
 *   SIZE    bytes of each write; 0: any number of sectors within a place
 *   ZEROES  share of the writes, in percent, that are discards or zeroouts
 *   START   first byte of the places; each is 64 KiB and inside one object
 *
 * Each place belongs to one thread of a node, so what a node does to a sector
 * has an order. From that follows what a read may show: never something older
 * than the node's own last write or than what it has read of another node
 * since. All sectors of a write or read of one fixed size lie in one object,
 * so they must come from one write.
 *
 * Prints for each sector that it changed "SECTOR COUNT SEQUENCE w|z", runs of
 * sectors together: its last write there. The stamps hold the same numbers.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define SECTOR 512U
#define STAMP 64U
#define PLACE (64U << 10)
#define PLACES 4U
#define PLACE_SECTORS (PLACE / SECTOR)
#define THREADS 2U
#define END_STEPS 6U
#define MAX_NODES 4U
/*
 * Where the nodes wait for each other: one sector each, in another object.
 * Seconds until one takes another for dead.
 */
#define MEETING (512U << 10)
#define MEETING_PATIENCE 90

/* What this node knows of one sector. */
struct sector {
	/* Its own last write of this round; 0: none. */
	uint32_t own;
	bool own_is_zero;
	/* Somebody else's content was read here since. */
	bool own_is_gone;
	/* The oldest write of each node that may still be read. */
	uint32_t least[MAX_NODES + 1];
	/* It was read after the own last write. */
	bool fresh[MAX_NODES + 1];
};

struct stamp {
	unsigned int node;
	unsigned int round;
	unsigned int sequence;
	unsigned long long sector;
};

struct runner {
	pthread_t thread;
	unsigned int number;
	uint64_t random;
	uint8_t *buffer;
};

static int device;
static unsigned int self;
static unsigned int nodes;
static unsigned int round_number;
static unsigned int write_size;
static unsigned int zero_share;
static unsigned int steps;
static uint64_t start;
static struct sector sectors[PLACES * PLACE_SECTORS];
static atomic_uint sequence;
/* Reads that showed another node's write of this round. */
static atomic_uint met;

static void __attribute__((noreturn, format(printf, 1, 2)))
die(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "racing-writer: node %u, round %u: ", self,
		round_number);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* One line of text, eight times in a sector. */
static void put_stamp(uint8_t *at, uint64_t sector, uint32_t seq)
{
	char text[STAMP + 1];
	unsigned int i;

	snprintf(text, sizeof(text),
		 "node %u round %06u write %010u sector %012llu ", self,
		 round_number, seq, (unsigned long long)sector);
	memset(text + strlen(text), '.', STAMP - strlen(text));
	text[STAMP - 1] = '\n';
	for (i = 0; i < SECTOR; i += STAMP)
		memcpy(at + i, text, STAMP);
}

static bool is_zero(const uint8_t *at)
{
	return !at[0] && !memcmp(at, at + 1, SECTOR - 1);
}

static void get_stamp(const uint8_t *at, uint64_t sector, struct stamp *stamp)
{
	char text[STAMP + 1] = "";

	memcpy(text, at, STAMP);
	if (memcmp(at, at + STAMP, SECTOR - STAMP))
		die("sector %llu is a mixture; it begins with: %s",
		    (unsigned long long)sector, text);
	if (sscanf(text, "node %u round %u write %u sector %llu", &stamp->node,
		   &stamp->round, &stamp->sequence, &stamp->sector) != 4)
		die("sector %llu has what nobody wrote: %s",
		    (unsigned long long)sector, text);
	if (stamp->sector != sector || stamp->round > round_number ||
	    !stamp->node || stamp->node > nodes)
		die("sector %llu has a stamp that cannot be there: %s",
		    (unsigned long long)sector, text);
}

/* Zeroes do not say whose they are. */
static void judge_zeroes(struct sector *s, uint64_t sector)
{
	if (!s->own || s->own_is_zero)
		return;
	if (!zero_share)
		die("sector %llu is zero, own write %u is lost",
		    (unsigned long long)sector, s->own);
	s->own_is_gone = true;
}

static void judge(struct sector *s, uint64_t sector, const uint8_t *at)
{
	struct stamp stamp;

	if (is_zero(at)) {
		judge_zeroes(s, sector);
		return;
	}
	get_stamp(at, sector, &stamp);
	if (stamp.round < round_number) {
		if (s->own || s->own_is_gone)
			die("sector %llu is of round %u again, after write %u",
			    (unsigned long long)sector, stamp.round, s->own);
		return;
	}
	if (stamp.node == self) {
		if (stamp.sequence != s->own || s->own_is_zero ||
		    s->own_is_gone)
			die("sector %llu shows own write %u again, the last was %u%s",
			    (unsigned long long)sector, stamp.sequence, s->own,
			    s->own_is_gone ? " and overwritten" : "");
		return;
	}
	if (stamp.sequence < s->least[stamp.node])
		die("sector %llu shows write %u of node %u, but %u or later was there",
		    (unsigned long long)sector, stamp.sequence, stamp.node,
		    s->least[stamp.node]);
	s->least[stamp.node] = stamp.sequence;
	s->fresh[stamp.node] = true;
	s->own_is_gone = true;
	atomic_fetch_add(&met, 1);
}

/* In rounds of one size every write replaces all that a read shows. */
static void judge_whole(const uint8_t *buffer, uint64_t first,
			unsigned int count)
{
	struct stamp one, other;
	unsigned int i;

	if (!sectors[first - start / SECTOR].own)
		return;
	if (!is_zero(buffer))
		get_stamp(buffer, first, &one);
	for (i = 1; i < count; i++) {
		const uint8_t *at = buffer + i * SECTOR;

		if (is_zero(at) != is_zero(buffer))
			die("sectors %llu and %llu: only one is zero",
			    (unsigned long long)first,
			    (unsigned long long)first + i);
		if (is_zero(at))
			continue;
		get_stamp(at, first + i, &other);
		if (one.node != other.node || one.sequence != other.sequence)
			die("sector %llu is of write %u of node %u, sector %llu of write %u of node %u: the write was torn",
			    (unsigned long long)first, one.sequence, one.node,
			    (unsigned long long)first + i, other.sequence,
			    other.node);
	}
}

static void read_place(struct runner *me, uint64_t first, unsigned int count)
{
	struct sector *s = &sectors[first - start / SECTOR];
	unsigned int i;

	if (pread(device, me->buffer, count * SECTOR, first * SECTOR) !=
	    (ssize_t)(count * SECTOR))
		die("read at sector %llu: %s", (unsigned long long)first,
		    strerror(errno));
	for (i = 0; i < count; i++)
		judge(&s[i], first + i, me->buffer + i * SECTOR);
	if (write_size)
		judge_whole(me->buffer, first, count);
}

static void change_place(struct runner *me, uint64_t first, unsigned int count,
			 bool zero)
{
	struct sector *s = &sectors[first - start / SECTOR];
	uint64_t range[2] = { first * SECTOR, count * SECTOR };
	uint32_t seq = atomic_fetch_add(&sequence, 1) + 1;
	unsigned int i, node;
	int how = BLKZEROOUT;

	if (zero) {
		/* A discard of less than a place would change nothing. */
		if (count == PLACE_SECTORS && next_random(&me->random) % 2)
			how = BLKDISCARD;
		if (ioctl(device, how, range))
			die("%s at sector %llu: %s",
			    how == BLKDISCARD ? "discard" : "zeroout",
			    (unsigned long long)first, strerror(errno));
	} else {
		for (i = 0; i < count; i++)
			put_stamp(me->buffer + i * SECTOR, first + i, seq);
		if (pwrite(device, me->buffer, count * SECTOR,
			   first * SECTOR) != (ssize_t)(count * SECTOR))
			die("write at sector %llu: %s",
			    (unsigned long long)first, strerror(errno));
	}
	for (i = 0; i < count; i++) {
		s[i].own = seq;
		s[i].own_is_zero = zero;
		s[i].own_is_gone = false;
		/* What was read of others before is overwritten now. */
		for (node = 1; node <= nodes; node++) {
			s[i].least[node] += s[i].fresh[node];
			s[i].fresh[node] = false;
		}
	}
}

/* One write, zeroing or read of a random place of this thread. */
static void step(struct runner *me, bool may_read)
{
	uint64_t place = next_random(&me->random) % (PLACES / THREADS) *
				 THREADS +
			 me->number;
	uint64_t first = (start + place * PLACE) / SECTOR;
	unsigned int count = write_size / SECTOR;

	if (!write_size && next_random(&me->random) % 4 == 0) {
		count = PLACE_SECTORS;
	} else if (!write_size) {
		count = 1 + next_random(&me->random) % PLACE_SECTORS;
		first += next_random(&me->random) % (PLACE_SECTORS - count + 1);
	}
	if (may_read && next_random(&me->random) % 100 < 45)
		read_place(me, first, count);
	else
		change_place(me, first, count,
			     next_random(&me->random) % 100 < zero_share);
}

static void *run(void *data)
{
	struct runner *me = data;
	unsigned int i;

	for (i = 0; i < steps; i++)
		step(me, i >= PLACES);
	return NULL;
}

/* So few that the nodes end at about the same time: what stays is anybody's. */
static void *run_end(void *data)
{
	unsigned int i;

	for (i = 0; i < END_STEPS; i++)
		step(data, false);
	return NULL;
}

static void run_all(struct runner *runners, void *(*body)(void *data))
{
	unsigned int i;

	for (i = 0; i < THREADS; i++)
		if (pthread_create(&runners[i].thread, NULL, body, &runners[i]))
			die("no thread");
	for (i = 0; i < THREADS; i++)
		pthread_join(runners[i].thread, NULL);
}

/* All nodes begin at the same time: each waits until it has read all others. */
static void meet(unsigned int row)
{
	uint64_t point = MEETING + row * (MAX_NODES + 1) * SECTOR;
	uint8_t *buffer;
	time_t begin = time(NULL);
	unsigned int node;
	struct stamp stamp;

	if (posix_memalign((void **)&buffer, SECTOR, SECTOR))
		die("no memory");
	put_stamp(buffer, point / SECTOR + self, 0);
	if (pwrite(device, buffer, SECTOR, point + self * SECTOR) != SECTOR)
		die("write to the meeting point: %s", strerror(errno));
	for (node = 1; node <= nodes;) {
		if (pread(device, buffer, SECTOR, point + node * SECTOR) !=
		    SECTOR)
			die("read of the meeting point: %s", strerror(errno));
		stamp.round = 0;
		if (!is_zero(buffer))
			get_stamp(buffer, point / SECTOR + node, &stamp);
		if (stamp.round == round_number) {
			node++;
			continue;
		}
		if (time(NULL) - begin > MEETING_PATIENCE)
			die("node %u does not come", node);
		usleep(1000);
	}
	free(buffer);
}

static void report(void)
{
	unsigned int count;
	unsigned int i, next;

	for (i = 0; i < PLACES * PLACE_SECTORS; i = next) {
		for (next = i + 1; next < PLACES * PLACE_SECTORS &&
				   sectors[next].own == sectors[i].own;)
			next++;
		count = next - i;
		if (sectors[i].own)
			printf("%llu %u %u %c\n",
			       (unsigned long long)(start / SECTOR + i), count,
			       sectors[i].own,
			       sectors[i].own_is_zero ? 'z' : 'w');
	}
	printf("met %u\n", atomic_load(&met));
}

int main(int argc, char **argv)
{
	struct runner runners[THREADS];
	unsigned int i;

	if (argc != 10) {
		fprintf(stderr,
			"usage: racing-writer DEVICE NODE NODES ROUND SIZE ZEROES STEPS SEED START\n");
		return 2;
	}
	self = atoi(argv[2]);
	nodes = atoi(argv[3]);
	round_number = atoi(argv[4]);
	write_size = atoi(argv[5]);
	zero_share = atoi(argv[6]);
	steps = atoi(argv[7]);
	start = strtoull(argv[9], NULL, 10);
	if (nodes > MAX_NODES || !self || self > nodes || write_size > PLACE ||
	    write_size % SECTOR || start % PLACE)
		die("arguments out of range");
	device = open(argv[1], O_RDWR | O_DIRECT);
	if (device < 0)
		die("%s: %s", argv[1], strerror(errno));
	for (i = 0; i < THREADS; i++) {
		runners[i].number = i;
		runners[i].random = strtoull(argv[8], NULL, 10) * 1000003 +
				    (uint64_t)round_number * 1009 + self * 31 +
				    i;
		if (posix_memalign((void **)&runners[i].buffer, 4096, PLACE))
			die("no memory");
	}
	meet(0);
	run_all(runners, run);
	meet(1);
	run_all(runners, run_end);
	report();
	return 0;
}
