/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pure logic may use, in the kernel and outside of it.
 *
 * This is the only file of the folder that knows where it is compiled. The
 * rest has no I/O, no time, no allocation, no locks and no logging, so that
 * the module, the daemon, the unit tests and the fuzzers run the same code.
 */
#ifndef RBD_LOGIC_BASE_H
#define RBD_LOGIC_BASE_H

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>
#else
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;
typedef int64_t s64;

#ifndef U32_MAX
#define U32_MAX UINT32_MAX
#define U64_MAX UINT64_MAX
#endif
#endif

/* Linux' numbers, also where the C library has none or another one. */
#ifndef EBADMSG
#define EBADMSG 74
#endif

/**
 * struct rbd_span - bytes inside somebody else's buffer
 * @p: first byte, not terminated
 * @len: number of bytes
 *
 * Valid as long as the buffer it was cut from.
 */
struct rbd_span {
	const char *p;
	u32 len;
};

/** rbd_span_is() - does the span hold exactly this text? */
static inline bool rbd_span_is(struct rbd_span s, const char *text)
{
	return strlen(text) == s.len && !memcmp(s.p, text, s.len);
}

#endif
