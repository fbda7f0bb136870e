/* SPDX-License-Identifier: GPL-2.0 */
/* What a fuzzer holds to be true of every input. */
#ifndef FUZZ_MUST_H
#define FUZZ_MUST_H

#include <stdint.h>
#include <stdlib.h>

#define MUST(x)                  \
	do {                     \
		if (!(x))        \
			abort(); \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A little-endian number, read without the code under test. */
static inline uint64_t number_at(const uint8_t *p, unsigned int bytes)
{
	uint64_t v = 0;

	while (bytes--)
		v = v * 256 + p[bytes];
	return v;
}

#endif
