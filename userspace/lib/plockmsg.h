/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages of the common order of POSIX locks (plockorder.h), as bytes.
 *
 * Little endian: u8 type, u32 fsid, u32 generation, then
 *	COLLECT, FETCH		nothing
 *	REPORT			u8 fresh, u8 knows, u64 seq
 *	STATE			u64 total, u64 offset, bytes
 *	GO			u64 seq
 *	REQUEST, ENTRY		an entry; of a request its number is 0
 */
#ifndef RBDSHARE_LIB_PLOCKMSG_H
#define RBDSHARE_LIB_PLOCKMSG_H

#include "lib/plockstate.h"

/* No message is longer. */
#define PLOCKMSG_MAX 32768
/* Bytes of a state that fit into one. */
#define PLOCKMSG_PIECE (PLOCKMSG_MAX - 25)

/**
 * enum plockmsg_type - between the sequencer (S) and a member (M)
 * @PLOCKMSG_COLLECT: S to M: report
 * @PLOCKMSG_REPORT: M to S: so far we are; we wait
 * @PLOCKMSG_FETCH: S to M: you are furthest, give your state
 * @PLOCKMSG_STATE: a piece of a state
 * @PLOCKMSG_GO: S to M: your state is right; all entries follow
 * @PLOCKMSG_REQUEST: M to S: put this in order
 * @PLOCKMSG_ENTRY: S to M: the next one
 */
enum plockmsg_type {
	PLOCKMSG_COLLECT = 1,
	PLOCKMSG_REPORT,
	PLOCKMSG_FETCH,
	PLOCKMSG_STATE,
	PLOCKMSG_GO,
	PLOCKMSG_REQUEST,
	PLOCKMSG_ENTRY,
};

/**
 * struct plockmsg - one of them; only what its type has counts
 * @fresh, @knows, @seq: of a report; GO has @seq too
 * @total, @offset, @bytes, @len: of a piece
 */
struct plockmsg {
	enum plockmsg_type type;
	uint32_t fsid;
	uint32_t generation;
	bool fresh;
	bool knows;
	uint64_t seq;
	uint64_t total;
	uint64_t offset;
	const unsigned char *bytes;
	size_t len;
	struct plockentry entry;
};

/**
 * plockmsg_encode() - to bytes
 * @buf: PLOCKMSG_MAX
 *
 * Return: how many are used.
 */
size_t plockmsg_encode(const struct plockmsg *m, unsigned char *buf);

/**
 * plockmsg_decode() - from bytes; @m->bytes points into them
 *
 * Return: 0 or -EBADMSG.
 */
int plockmsg_decode(struct plockmsg *m, const unsigned char *buf, size_t len);

#endif
