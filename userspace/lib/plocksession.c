// SPDX-License-Identifier: GPL-2.0
#include "lib/plocksession.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "cursor.h"

#define MAGIC 0x4f644252U
#define VERSION 1
#define LABEL "rbdshare plocks"

void plocksession_hello_encode(const struct plocksession_hello *h,
			       unsigned char *buf)
{
	struct rbd_cursor c;

	memset(buf, 0, PLOCKSESSION_HELLO);
	rbd_cursor_init(&c, buf, PLOCKSESSION_HELLO);
	rbd_put_32(&c, MAGIC);
	rbd_put_le(&c, VERSION, 2);
	rbd_put_le(&c, h->sender, 2);
	rbd_put_le(&c, h->receiver, 2);
	rbd_put_le(&c, 0, 2);
	rbd_put_64(&c, h->life);
	rbd_put_64(&c, h->peer_life);
	memcpy(c.p, h->nonce, PLOCKSESSION_NONCE);
}

int plocksession_hello_decode(struct plocksession_hello *h,
			      const unsigned char *buf)
{
	struct rbd_cursor c;

	memset(h, 0, sizeof(*h));
	rbd_cursor_init(&c, buf, PLOCKSESSION_HELLO);
	if (rbd_get_32(&c) != MAGIC || rbd_get_le(&c, 2) != VERSION)
		return -EBADMSG;
	h->sender = (u16)rbd_get_le(&c, 2);
	h->receiver = (u16)rbd_get_le(&c, 2);
	rbd_get_le(&c, 2);
	h->life = rbd_get_64(&c);
	h->peer_life = rbd_get_64(&c);
	memcpy(h->nonce, c.p, PLOCKSESSION_NONCE);
	return 0;
}

static int make_key(const unsigned char key[KEEPALIVE_KEY],
		    const unsigned char *sender, const unsigned char *receiver,
		    unsigned char *out)
{
	unsigned char text[sizeof(LABEL) + 2 * PLOCKSESSION_HELLO];
	unsigned int n = 0;

	memcpy(text, LABEL, sizeof(LABEL));
	memcpy(text + sizeof(LABEL), sender, PLOCKSESSION_HELLO);
	memcpy(text + sizeof(LABEL) + PLOCKSESSION_HELLO, receiver,
	       PLOCKSESSION_HELLO);
	return HMAC(EVP_sha256(), key, KEEPALIVE_KEY, text, sizeof(text), out,
		    &n) && n == KEEPALIVE_MAC ?
		       0 :
		       -EIO;
}

int plocksession_begin(struct plocksession *s,
		       const unsigned char key[KEEPALIVE_KEY],
		       const unsigned char *own, const unsigned char *other)
{
	int ret;

	memset(s, 0, sizeof(*s));
	ret = make_key(key, own, other, s->send_key);
	return ret ?: make_key(key, other, own, s->receive_key);
}

/* Of the frame's place, its length and its bytes. */
static int make_mac(const unsigned char *key, uint64_t place,
		    const unsigned char *buf, size_t len, unsigned char *mac)
{
	unsigned char first[KEEPALIVE_MAC + 8] = { 0 };
	struct rbd_cursor c;
	unsigned int n = 0;

	/* A key for the place, then the frame with it: no copy of it all. */
	rbd_cursor_init(&c, first, 8);
	rbd_put_64(&c, place);
	if (!HMAC(EVP_sha256(), key, KEEPALIVE_MAC, first, 8, first + 8, &n) ||
	    !HMAC(EVP_sha256(), first + 8, KEEPALIVE_MAC, buf, len, mac, &n))
		return -EIO;
	return n == KEEPALIVE_MAC ? 0 : -EIO;
}

int plocksession_seal(struct plocksession *s, unsigned char *buf, size_t len)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, PLOCKSESSION_BEFORE);
	rbd_put_32(&c, (u32)len);
	return make_mac(s->send_key, s->sent++, buf, PLOCKSESSION_BEFORE + len,
			buf + PLOCKSESSION_BEFORE + len);
}

uint32_t plocksession_length(const unsigned char *buf)
{
	struct rbd_cursor c;

	rbd_cursor_init(&c, buf, PLOCKSESSION_BEFORE);
	return rbd_get_32(&c);
}

int plocksession_check(struct plocksession *s, const unsigned char *buf,
		       size_t len)
{
	unsigned char mac[KEEPALIVE_MAC];

	if (plocksession_length(buf) != len ||
	    make_mac(s->receive_key, s->received++, buf,
		     PLOCKSESSION_BEFORE + len, mac))
		return -EPERM;
	return CRYPTO_memcmp(mac, buf + PLOCKSESSION_BEFORE + len,
			     KEEPALIVE_MAC) ?
		     -EPERM :
		     0;
}
