// SPDX-License-Identifier: GPL-2.0
#include "lib/size.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define SECTOR 512
/* The largest image whose last sector the kernel can address safely. */
#define DEVICE_MAX (1ULL << 60)

static const char letters[] = "BKMGTPE";

/* Bytes of a suffix ("", "g", "GB", "GiB"); 0 when it is none. */
static uint64_t suffix_unit(const char *s, uint64_t unit)
{
	const char *at;

	if (!*s)
		return unit;
	at = strchr(letters, toupper((unsigned char)*s));
	if (!at)
		return 0;
	s++;
	if (at == letters)
		return *s ? 0 : 1;
	if (*s && strcasecmp(s, "B") && strcasecmp(s, "iB"))
		return 0;
	return 1ULL << (10 * (at - letters));
}

/* Digits behind the point: num / den of a unit, at most 9 of them. */
static const char *read_fraction(const char *p, uint64_t *num, uint64_t *den)
{
	*num = 0;
	*den = 1;
	if (*p != '.')
		return p;
	for (p++; isdigit((unsigned char)*p); p++) {
		if (*den >= 1000000000ULL)
			return NULL;
		*num = *num * 10 + (uint64_t)(*p - '0');
		*den *= 10;
	}
	return p;
}

/* num / den of a unit, if that is a whole number of bytes. */
static bool fraction_bytes(uint64_t num, uint64_t den, uint64_t scale,
			   uint64_t *bytes)
{
	/* Wide enough: a fraction has 9 digits, a unit 60 bits. */
	unsigned __int128 v = (unsigned __int128)num * scale;

	*bytes = (uint64_t)(v / den);
	return v % den == 0;
}

static int malformed(const char *text, struct fault *f)
{
	return fault_set(
		f, -EINVAL,
		"'%.40s' is not a size; write a number and a unit, such as 10G, 512M or 1.5T",
		text);
}

int size_parse(const char *text, uint64_t unit, uint64_t *bytes,
	       struct fault *f)
{
	uint64_t whole = 0, num, den, scale, part;
	const char *p = text;

	if (!isdigit((unsigned char)*p))
		return malformed(text, f);
	for (; isdigit((unsigned char)*p); p++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, (uint64_t)(*p - '0'), &whole))
			goto too_large;
	p = read_fraction(p, &num, &den);
	if (!p)
		return malformed(text, f);
	while (*p == ' ')
		p++;
	scale = suffix_unit(p, unit);
	if (!scale)
		return malformed(text, f);
	if (__builtin_mul_overflow(whole, scale, &whole))
		goto too_large;
	if (!fraction_bytes(num, den, scale, &part))
		return fault_set(f, -EINVAL,
				 "'%.40s' is not a whole number of bytes",
				 text);
	if (__builtin_add_overflow(whole, part, &whole))
		goto too_large;
	*bytes = whole;
	return 0;

too_large:
	return fault_set(f, -ERANGE, "'%.40s' is larger than any image can be",
			 text);
}

int size_parse_device(const char *text, uint64_t *bytes, struct fault *f)
{
	int ret = size_parse(text, SIZE_MIB, bytes, f);

	if (ret)
		return ret;
	if (!*bytes)
		return fault_set(
			f, -EINVAL,
			"an image of no size is of no use; give a size such as 10G");
	if (*bytes % SECTOR)
		return fault_set(
			f, -EINVAL,
			"size '%s' is not a multiple of %d bytes, as a block device needs",
			text, SECTOR);
	if (*bytes > DEVICE_MAX)
		return fault_set(
			f, -EFBIG,
			"size '%s' is more than 1 EiB, the largest device",
			text);
	return 0;
}

void size_format(uint64_t bytes, char *buf, size_t size)
{
	unsigned int i = 0;
	uint64_t tenths;

	while (i + 2 < sizeof(letters) && bytes >> (10 * (i + 1)))
		i++;
	if (!i) {
		snprintf(buf, size, "%llu B", (unsigned long long)bytes);
		return;
	}
	/* Rounded down: nothing looks larger than it is. */
	tenths = (bytes >> (10 * i)) * 10 +
		 ((bytes & ((1ULL << (10 * i)) - 1)) >> (10 * (i - 1))) * 10 /
			 1024;
	if (tenths % 10)
		snprintf(buf, size, "%llu.%llu %ciB",
			 (unsigned long long)tenths / 10,
			 (unsigned long long)tenths % 10, letters[i]);
	else
		snprintf(buf, size, "%llu %ciB",
			 (unsigned long long)tenths / 10, letters[i]);
}
