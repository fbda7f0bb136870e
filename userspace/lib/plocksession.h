/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Authentic messages on one connection between two daemons.
 *
 * Each side begins with a hello: who it is and whom it wants, with both
 * incarnations as the view has them, and a random number. From the cluster's
 * key and both hellos each direction gets a key of its own; with it, every
 * frame is signed along with its place in the stream. So frames cannot be
 * forged, left out, put in another order, sent back, or taken from another
 * connection. The first frame of each side is empty: it proves that its sender
 * knows the key and lives now. Nothing is hidden.
 *
 * Hello, little endian: u32 magic "RBdO", u16 version, u16 sender, u16
 * receiver, u16 0, u64 sender's incarnation, u64 receiver's, u8[16] random.
 * Frame: u32 length, bytes, u8[32] HMAC-SHA256.
 *
 * Here are only bytes; plocklink.h has the sockets.
 */
#ifndef RBDSHARE_LIB_PLOCKSESSION_H
#define RBDSHARE_LIB_PLOCKSESSION_H

#include <stddef.h>
#include <stdint.h>

#include "lib/keepalive.h"

#define PLOCKSESSION_HELLO 44
#define PLOCKSESSION_NONCE 16
#define PLOCKSESSION_BEFORE 4
#define PLOCKSESSION_BEHIND KEEPALIVE_MAC

/**
 * struct plocksession_hello - decoded
 * @sender, @receiver: node numbers
 * @life: incarnation of @sender
 * @peer_life: of @receiver
 */
struct plocksession_hello {
	uint16_t sender;
	uint16_t receiver;
	uint64_t life;
	uint64_t peer_life;
	unsigned char nonce[PLOCKSESSION_NONCE];
};

/**
 * struct plocksession - of one side
 * @sent, @received: frames
 */
struct plocksession {
	unsigned char send_key[KEEPALIVE_MAC];
	unsigned char receive_key[KEEPALIVE_MAC];
	uint64_t sent;
	uint64_t received;
};

/* plocksession_hello_encode() - PLOCKSESSION_HELLO bytes */
void plocksession_hello_encode(const struct plocksession_hello *h,
			       unsigned char *buf);

/* plocksession_hello_decode() - Return: 0 or -EBADMSG. */
int plocksession_hello_decode(struct plocksession_hello *h,
			      const unsigned char *buf);

/**
 * plocksession_begin() - both hellos are there
 * @own, @other: PLOCKSESSION_HELLO bytes each, as they were sent
 *
 * Return: 0 or -EIO.
 */
int plocksession_begin(struct plocksession *s,
		       const unsigned char key[KEEPALIVE_KEY],
		       const unsigned char *own, const unsigned char *other);

/**
 * plocksession_seal() - make a frame
 * @buf: @len bytes behind PLOCKSESSION_BEFORE, and room for
 *	PLOCKSESSION_BEHIND
 *
 * Return: 0 or -EIO.
 */
int plocksession_seal(struct plocksession *s, unsigned char *buf, size_t len);

/* plocksession_length() - of a frame's bytes, from its first four */
uint32_t plocksession_length(const unsigned char *buf);

/**
 * plocksession_check() - is this the next frame of the other side?
 * @buf: all of it, with @len bytes in the middle
 *
 * Return: 0 or -EPERM: nothing that comes on the connection counts any more.
 */
int plocksession_check(struct plocksession *s, const unsigned char *buf,
		       size_t len);

#endif
