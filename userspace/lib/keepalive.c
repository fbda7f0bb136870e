// SPDX-License-Identifier: GPL-2.0
#include "lib/keepalive.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "cursor.h"

#define MAGIC 0x4b644252U
#define VERSION 1
#define NS_PER_MS 1000000U

void keepalive_init(struct keepalive *k, uint16_t number, uint64_t incarnation,
		    const unsigned char key[KEEPALIVE_KEY])
{
	memset(k, 0, sizeof(*k));
	k->number = number;
	k->incarnation = incarnation;
	memcpy(k->key, key, KEEPALIVE_KEY);
}

void keepalive_set_peer(struct keepalive *k, uint16_t number,
			uint64_t incarnation)
{
	struct keepalive_peer *p;

	if (number >= KEEPALIVE_NODES || number == k->number)
		return;
	p = &k->peers[number];
	if (p->incarnation == incarnation)
		return;
	memset(p, 0, sizeof(*p));
	p->incarnation = incarnation;
}

static bool make_mac(const struct keepalive *k, const unsigned char *buf,
		     size_t len, unsigned char mac[KEEPALIVE_MAC])
{
	unsigned int n = 0;

	return HMAC(EVP_sha256(), k->key, KEEPALIVE_KEY, buf, len, mac, &n) &&
	       n == KEEPALIVE_MAC;
}

int keepalive_encode(struct keepalive *k, uint16_t peer,
		     enum keepalive_type type, uint64_t now_ns,
		     const void *payload, size_t len, unsigned char *buf)
{
	const struct keepalive_peer *p;
	struct rbd_cursor c;
	size_t body = KEEPALIVE_HEADER + len;

	if (peer >= KEEPALIVE_NODES || !k->peers[peer].incarnation)
		return -ENOENT;
	if (len > KEEPALIVE_PAYLOAD)
		return -EMSGSIZE;
	p = &k->peers[peer];
	/* Two messages never have the same number. */
	k->last = now_ns > k->last ? now_ns : k->last + 1;
	rbd_cursor_init(&c, buf, KEEPALIVE_MAX);
	rbd_put_32(&c, MAGIC);
	rbd_put_8(&c, VERSION);
	rbd_put_8(&c, (u8)type);
	rbd_put_le(&c, k->number, 2);
	rbd_put_le(&c, peer, 2);
	rbd_put_le(&c, k->flags, 2);
	rbd_put_32(&c, (u32)len);
	rbd_put_64(&c, k->incarnation);
	rbd_put_64(&c, p->incarnation);
	rbd_put_64(&c, k->last);
	rbd_put_64(&c, p->heard);
	if (len)
		memcpy(buf + KEEPALIVE_HEADER, payload, len);
	if (!make_mac(k, buf, body, buf + body))
		return -EIO;
	return (int)(body + KEEPALIVE_MAC);
}

static bool authentic(const struct keepalive *k, const unsigned char *buf,
		      size_t len)
{
	unsigned char mac[KEEPALIVE_MAC];
	size_t body = len - KEEPALIVE_MAC;

	return make_mac(k, buf, body, mac) &&
	       !CRYPTO_memcmp(mac, buf + body, KEEPALIVE_MAC);
}

/* What the numbers of an authentic message say. */
static int take_news(struct keepalive *k, struct keepalive_peer *p,
		     uint64_t counter, uint64_t echo, uint64_t now_ns)
{
	if (counter <= p->heard) {
		k->stale++;
		return -ESTALE;
	}
	p->heard = counter;
	/* It was alive after we sent what it echoes. */
	if (echo <= k->last && echo <= now_ns && echo > p->alive_ns)
		p->alive_ns = echo;
	return 0;
}

int keepalive_decode(struct keepalive *k, uint64_t now_ns,
		     const unsigned char *buf, size_t len,
		     struct keepalive_message *out)
{
	u64 from_life, to_life, counter, echo;
	struct keepalive_peer *p;
	struct rbd_cursor c;
	u16 receiver;

	memset(out, 0, sizeof(*out));
	if (len < KEEPALIVE_HEADER + KEEPALIVE_MAC || len > KEEPALIVE_MAX)
		return -EBADMSG;
	rbd_cursor_init(&c, buf, len);
	if (rbd_get_32(&c) != MAGIC || rbd_get_8(&c) != VERSION)
		return -EBADMSG;
	out->type = rbd_get_8(&c);
	out->sender = (u16)rbd_get_le(&c, 2);
	receiver = (u16)rbd_get_le(&c, 2);
	out->flags = (u16)rbd_get_le(&c, 2);
	out->payload_len = rbd_get_32(&c);
	from_life = rbd_get_64(&c);
	to_life = rbd_get_64(&c);
	counter = rbd_get_64(&c);
	echo = rbd_get_64(&c);
	if (out->payload_len != len - KEEPALIVE_HEADER - KEEPALIVE_MAC)
		return -EBADMSG;
	out->payload = buf + KEEPALIVE_HEADER;
	if (out->sender >= KEEPALIVE_NODES || receiver != k->number ||
	    to_life != k->incarnation)
		return -ENOENT;
	p = &k->peers[out->sender];
	if (!from_life || from_life != p->incarnation)
		return -ENOENT;
	if (!authentic(k, buf, len)) {
		k->forged++;
		return -EPERM;
	}
	return take_news(k, p, counter, echo, now_ns);
}

uint32_t keepalive_age_ms(const struct keepalive *k, uint16_t peer,
			  uint64_t now_ns)
{
	uint64_t alive, ms;

	if (peer >= KEEPALIVE_NODES || !k->peers[peer].alive_ns)
		return KEEPALIVE_NEVER;
	alive = k->peers[peer].alive_ns;
	ms = now_ns > alive ? (now_ns - alive) / NS_PER_MS : 0;
	return ms < KEEPALIVE_NEVER ? (uint32_t)ms : KEEPALIVE_NEVER - 1;
}

void keepalive_bitmap(const struct keepalive *k, uint64_t now_ns,
		      uint32_t limit_ms, unsigned char bits[32])
{
	uint16_t n;

	memset(bits, 0, 32);
	for (n = 0; n < KEEPALIVE_NODES; n++)
		if (n == k->number ||
		    keepalive_age_ms(k, n, now_ns) <= limit_ms)
			bits[n / 8] |= (unsigned char)(1 << n % 8);
}
