/* SPDX-License-Identifier: GPL-2.0 */
/* Replies of the OSD class "lock" to get_info, as the cluster sends them. */
#ifndef TEST_LOCK_REPLY_H
#define TEST_LOCK_REPLY_H

#include "reply.h"

#define FAMILY_NONE 0
#define FAMILY_INET 2
#define FAMILY_INET6 10

/* How the address of a holder is written. */
enum addr_form {
	ADDR_OLD, /* as before there were two protocols */
	ADDR_NEW,
};

/**
 * struct holder - what a reply says of one holder
 * @form: how its address is written
 * @sockaddr_len: bytes of the socket address with ADDR_NEW, 0 for none
 * @extra: bytes that a newer writer has added to each structure
 */
struct holder {
	uint8_t entity_type;
	uint64_t entity_num;
	const char *cookie;
	size_t cookie_len;
	enum addr_form form;
	uint32_t nonce;
	uint16_t family;
	uint32_t sockaddr_len;
	uint8_t ip[16];
	const char *description;
	size_t description_len;
	unsigned int extra;
};

static inline void reply_zeroes(struct reply *r, size_t n)
{
	while (n--)
		reply_le(r, 0, 1);
}

/* Port and address of a socket address; its family is already written. */
static inline void reply_sockaddr(struct reply *r, const struct holder *h)
{
	reply_le(r, 0x851a, 2);
	if (h->family == FAMILY_INET6)
		reply_le(r, 0x01020304, 4);
	if (h->family == FAMILY_INET)
		reply_bytes(r, h->ip, 4);
	if (h->family == FAMILY_INET6)
		reply_bytes(r, h->ip, 16);
}

static inline void reply_addr(struct reply *r, const struct holder *h)
{
	size_t sockaddr, place;

	if (h->form == ADDR_OLD) {
		reply_le(r, 0, 4);
		reply_le(r, h->nonce, 4);
		sockaddr = r->len;
		reply_le(r, h->family / 256, 1);
		reply_le(r, h->family % 256, 1);
		reply_sockaddr(r, h);
		reply_zeroes(r, sockaddr + 128 - r->len);
		return;
	}
	reply_le(r, 1, 1);
	place = reply_open(r, 1 + h->extra, 1);
	reply_le(r, 1, 4);
	reply_le(r, h->nonce, 4);
	reply_le(r, h->sockaddr_len, 4);
	sockaddr = r->len;
	reply_le(r, h->family, 2);
	reply_sockaddr(r, h);
	/* Filled up or cut to the length that was announced. */
	if (r->len < sockaddr + h->sockaddr_len)
		reply_zeroes(r, sockaddr + h->sockaddr_len - r->len);
	r->len = sockaddr + h->sockaddr_len;
	reply_zeroes(r, h->extra);
	reply_close(r, place);
}

static inline void reply_holder(struct reply *r, const struct holder *h)
{
	size_t place = reply_open(r, 1 + h->extra, 1);

	reply_le(r, h->entity_type, 1);
	reply_le(r, h->entity_num, 8);
	reply_string(r, h->cookie, h->cookie_len);
	reply_zeroes(r, h->extra);
	reply_close(r, place);

	place = reply_open(r, 1 + h->extra, 1);
	reply_le(r, 0, 8);
	reply_addr(r, h);
	reply_string(r, h->description, h->description_len);
	reply_zeroes(r, h->extra);
	reply_close(r, place);
}

/* A whole reply. @extra: as in struct holder. */
static inline void reply_lock_info(struct reply *r, const struct holder *h,
				   uint32_t count, uint8_t type,
				   const char *tag, size_t tag_len,
				   unsigned int extra)
{
	size_t place = reply_open(r, 1 + extra, 1);
	uint32_t i;

	reply_le(r, count, 4);
	for (i = 0; i < count; i++)
		reply_holder(r, &h[i]);
	reply_le(r, type, 1);
	reply_string(r, tag, tag_len);
	reply_zeroes(r, extra);
	reply_close(r, place);
}

#endif
