/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages between the daemons: authentic, and proven to be fresh.
 *
 * A message carries a counter that is its sender's clock (CLOCK_BOOTTIME in
 * nanoseconds), and the newest counter the sender has got from the receiver:
 * the echo. An echo of what we sent 80 ms ago proves that the other one was
 * alive, and heard us, less than 80 ms ago; so a message that somebody held
 * back or repeats proves nothing, and a link that is cut in one direction
 * counts as cut for both.
 *
 * Each message ends with an HMAC-SHA256 by the cluster's key over all before
 * it; incarnations of both sides are in it, as they are in the view.
 *
 * Layout, little endian:
 *	0	u32 magic	"RBdK" as bytes
 *	4	u8 version	1
 *	5	u8 type		enum keepalive_type
 *	6	u16 sender	node number
 *	8	u16 receiver	node number
 *	10	u16 flags	enum keepalive_flag
 *	12	u32 payload	bytes of it, at most KEEPALIVE_PAYLOAD
 *	16	u64 sender's incarnation
 *	24	u64 receiver's incarnation
 *	32	u64 counter
 *	40	u64 echo
 *	48	payload
 *	..	u8[32] mac
 *
 * Here are only bytes and states; keepalivesock.h does the sending.
 */
#ifndef RBDSHARE_LIB_KEEPALIVE_H
#define RBDSHARE_LIB_KEEPALIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEEPALIVE_KEY 32
#define KEEPALIVE_MAC 32
#define KEEPALIVE_HEADER 48
#define KEEPALIVE_PAYLOAD 1024
#define KEEPALIVE_MAX (KEEPALIVE_HEADER + KEEPALIVE_PAYLOAD + KEEPALIVE_MAC)
#define KEEPALIVE_NODES 255
/* What was heard longer ago than that is not told in numbers. */
#define KEEPALIVE_NEVER UINT32_MAX

/**
 * enum keepalive_type - what a message is for
 * @KEEPALIVE_PING: answer it
 * @KEEPALIVE_PONG: the answer
 * @KEEPALIVE_LOOK: read the view and the slots now; answered too
 * @KEEPALIVE_PROBE: try to connect to my TCP ports
 * @KEEPALIVE_PROBED: payload: enum dlmprobe_result of that, a byte for each
 *	port: the DLM's, the one for POSIX locks
 */
enum keepalive_type {
	KEEPALIVE_PING = 1,
	KEEPALIVE_PONG,
	KEEPALIVE_LOOK,
	KEEPALIVE_PROBE,
	KEEPALIVE_PROBED,
};

enum keepalive_flag {
	/* The kernel has lockspaces, so its DLM port is open. */
	KEEPALIVE_LISTENS = 1,
};

/**
 * struct keepalive_peer - another node
 * @incarnation: its, from the view; 0: nobody, its messages are dropped
 * @heard: newest counter we got from it
 * @alive_ns: our clock when it was surely alive; 0 never
 */
struct keepalive_peer {
	uint64_t incarnation;
	uint64_t heard;
	uint64_t alive_ns;
};

/**
 * struct keepalive - what one node knows
 * @number, @incarnation: ourselves
 * @key: of the cluster, from the view
 * @flags: sent with each message
 * @last: our newest counter
 * @forged, @stale: messages dropped for a wrong mac, or for old news
 */
struct keepalive {
	uint16_t number;
	uint16_t flags;
	uint64_t incarnation;
	unsigned char key[KEEPALIVE_KEY];
	uint64_t last;
	uint64_t forged;
	uint64_t stale;
	struct keepalive_peer peers[KEEPALIVE_NODES];
};

/**
 * struct keepalive_message - a message, decoded
 * @payload: inside the buffer it was decoded from, @payload_len bytes
 */
struct keepalive_message {
	enum keepalive_type type;
	uint16_t sender;
	uint16_t flags;
	const unsigned char *payload;
	size_t payload_len;
};

void keepalive_init(struct keepalive *k, uint16_t number, uint64_t incarnation,
		    const unsigned char key[KEEPALIVE_KEY]);

/* keepalive_set_peer() - another incarnation is a stranger: all is forgotten */
void keepalive_set_peer(struct keepalive *k, uint16_t number,
			uint64_t incarnation);

/**
 * keepalive_encode() - a message to a peer
 * @now_ns: CLOCK_BOOTTIME
 * @payload: @len bytes; NULL for none
 * @buf: KEEPALIVE_MAX
 *
 * Return: bytes of the message; -ENOENT no such peer; -EMSGSIZE.
 */
int keepalive_encode(struct keepalive *k, uint16_t peer,
		     enum keepalive_type type, uint64_t now_ns,
		     const void *payload, size_t len, unsigned char *buf);

/**
 * keepalive_decode() - take in what came
 *
 * Return: 0: it is authentic and new; -EBADMSG no message of ours; -ENOENT
 * not from or for an incarnation we know; -EPERM forged; -ESTALE repeated.
 */
int keepalive_decode(struct keepalive *k, uint64_t now_ns,
		     const unsigned char *buf, size_t len,
		     struct keepalive_message *out);

/**
 * keepalive_age_ms() - for how long a peer may have been dead
 *
 * Return: milliseconds since it was surely alive and heard us, or
 * KEEPALIVE_NEVER.
 */
uint32_t keepalive_age_ms(const struct keepalive *k, uint16_t peer,
			  uint64_t now_ns);

/**
 * keepalive_bitmap() - whom we are in contact with
 * @limit_ms: that recently
 * @bits: 32 bytes, bit n for node n; our own is set
 */
void keepalive_bitmap(const struct keepalive *k, uint64_t now_ns,
		      uint32_t limit_ms, unsigned char bits[32]);

#endif
