// SPDX-License-Identifier: GPL-2.0
/* The driver's own options of a mapping: one table, one setter. */
#include "map_options.h"

#define DEFAULT_QUEUE_DEPTH 128
#define DEFAULT_ALLOC_SIZE (64 * 1024)
#define DEFAULT_IO_TIMEOUT_S 60
#define MAX_SECONDS (0x7fffffffu / 1000)

enum option {
	OPT_READ_ONLY,
	OPT_READ_WRITE,
	OPT_QUEUE_DEPTH,
	OPT_ALLOC_SIZE,
	OPT_LOCK_TIMEOUT,
	OPT_LOCK_ON_READ,
	OPT_EXCLUSIVE,
	OPT_NOTRIM,
	OPT_COMPRESSION_HINT,
	OPT_POOL_NS,
	OPT_SHARED,
	OPT_IO_TIMEOUT,
	OPT_ON_TIMEOUT,
};

enum value_kind { VALUE_NONE, VALUE_NUMBER, VALUE_TEXT };

static const struct {
	const char *name;
	enum option option;
	enum value_kind kind;
} table[] = {
	{ "ro", OPT_READ_ONLY, VALUE_NONE },
	{ "read_only", OPT_READ_ONLY, VALUE_NONE },
	{ "rw", OPT_READ_WRITE, VALUE_NONE },
	{ "read_write", OPT_READ_WRITE, VALUE_NONE },
	{ "queue_depth", OPT_QUEUE_DEPTH, VALUE_NUMBER },
	{ "alloc_size", OPT_ALLOC_SIZE, VALUE_NUMBER },
	{ "lock_timeout", OPT_LOCK_TIMEOUT, VALUE_NUMBER },
	{ "lock_on_read", OPT_LOCK_ON_READ, VALUE_NONE },
	{ "exclusive", OPT_EXCLUSIVE, VALUE_NONE },
	{ "notrim", OPT_NOTRIM, VALUE_NONE },
	{ "compression_hint", OPT_COMPRESSION_HINT, VALUE_TEXT },
	{ "_pool_ns", OPT_POOL_NS, VALUE_TEXT },
	{ "shared", OPT_SHARED, VALUE_NONE },
	{ "io_timeout", OPT_IO_TIMEOUT, VALUE_NUMBER },
	{ "on_timeout", OPT_ON_TIMEOUT, VALUE_TEXT },
};

static const char *const on_timeout_names[] = {
	[RBD_ON_TIMEOUT_QUEUE] = "queue",
	[RBD_ON_TIMEOUT_FAIL] = "fail",
	[RBD_ON_TIMEOUT_FENCE] = "fence-then-fail",
};

void rbd_map_options_default(struct rbd_map_options *o)
{
	memset(o, 0, sizeof(*o));
	o->queue_depth = DEFAULT_QUEUE_DEPTH;
	o->alloc_size = DEFAULT_ALLOC_SIZE;
	o->io_timeout_s = DEFAULT_IO_TIMEOUT_S;
	o->trim = true;
}

bool rbd_map_options_next(struct rbd_span *list, struct rbd_span *key,
			  struct rbd_span *value)
{
	u32 n = 0;
	u32 eq;

	while (list->len && *list->p == ',') {
		list->p++;
		list->len--;
	}
	if (!list->len)
		return false;
	while (n < list->len && list->p[n] != ',')
		n++;
	for (eq = 0; eq < n && list->p[eq] != '='; eq++)
		;
	key->p = list->p;
	key->len = eq;
	value->p = eq < n ? list->p + eq + 1 : NULL;
	value->len = eq < n ? n - eq - 1 : 0;
	list->p += n;
	list->len -= n;
	return true;
}

/* Decimal only; -EINVAL for an empty, wrong or too large number. */
static int parse_number(struct rbd_span s, u32 *out)
{
	u64 v = 0;
	u32 i;

	if (!s.len || s.len > 10)
		return -EINVAL;
	for (i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -EINVAL;
		v = v * 10 + (u64)(s.p[i] - '0');
	}
	if (v > U32_MAX)
		return -EINVAL;
	*out = (u32)v;
	return 0;
}

const char *rbd_on_timeout_str(enum rbd_on_timeout v)
{
	return on_timeout_names[v];
}

int rbd_on_timeout_parse(struct rbd_span text, enum rbd_on_timeout *v)
{
	u32 i;

	for (i = 0; i <= RBD_ON_TIMEOUT_FENCE; i++) {
		if (rbd_span_is(text, on_timeout_names[i])) {
			*v = (enum rbd_on_timeout)i;
			return 0;
		}
	}
	return -EINVAL;
}

static const char *set_compression(struct rbd_map_options *o, struct rbd_span v)
{
	if (rbd_span_is(v, "none"))
		o->compression_hint = RBD_COMPRESSION_NONE;
	else if (rbd_span_is(v, "compressible"))
		o->compression_hint = RBD_COMPRESSION_COMPRESSIBLE;
	else if (rbd_span_is(v, "incompressible"))
		o->compression_hint = RBD_COMPRESSION_INCOMPRESSIBLE;
	else
		return "is none, compressible or incompressible";
	return NULL;
}

static const char *set_number(struct rbd_map_options *o, enum option option,
			      u32 n)
{
	switch (option) {
	case OPT_QUEUE_DEPTH:
		if (n < 1)
			return "is 1 or more";
		o->queue_depth = n;
		break;
	case OPT_ALLOC_SIZE:
		if (n < 512 || (n & (n - 1)))
			return "is a power of two, 512 or more";
		o->alloc_size = n;
		break;
	case OPT_LOCK_TIMEOUT:
		if (n > MAX_SECONDS)
			return "is out of range";
		o->lock_timeout_s = n;
		break;
	default:
		if (n < 1 || n > MAX_SECONDS)
			return "is a number of seconds, 1 or more";
		o->io_timeout_s = n;
		break;
	}
	return NULL;
}

static const char *set_text(struct rbd_map_options *o, enum option option,
			    struct rbd_span v)
{
	if (option == OPT_COMPRESSION_HINT)
		return set_compression(o, v);
	if (option == OPT_ON_TIMEOUT)
		return rbd_on_timeout_parse(v, &o->on_timeout) ?
			       "is queue, fail or fence-then-fail" :
			       NULL;
	if (!v.len || v.len > RBD_NAMESPACE_MAX)
		return "is a namespace name of 1 to 255 bytes";
	memcpy(o->pool_ns, v.p, v.len);
	o->pool_ns[v.len] = '\0';
	return NULL;
}

static void set_flag(struct rbd_map_options *o, enum option option)
{
	switch (option) {
	case OPT_READ_ONLY:
		o->read_only = true;
		break;
	case OPT_READ_WRITE:
		o->read_only = false;
		break;
	case OPT_LOCK_ON_READ:
		o->lock_on_read = true;
		break;
	case OPT_EXCLUSIVE:
		o->exclusive = true;
		break;
	case OPT_NOTRIM:
		o->trim = false;
		break;
	default:
		o->shared = true;
		break;
	}
}

int rbd_map_options_set(struct rbd_map_options *o, struct rbd_span key,
			struct rbd_span value, const char **why)
{
	u32 number;
	u32 i;

	*why = "is unknown";
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (rbd_span_is(key, table[i].name))
			break;
	if (i == sizeof(table) / sizeof(table[0]))
		return -ENOENT;

	if (table[i].kind == VALUE_NONE) {
		*why = value.p ? "takes no value" : NULL;
		if (!*why)
			set_flag(o, table[i].option);
	} else if (!value.p) {
		*why = "wants a value";
	} else if (table[i].kind == VALUE_TEXT) {
		*why = set_text(o, table[i].option, value);
	} else if (parse_number(value, &number)) {
		*why = "wants a number";
	} else {
		*why = set_number(o, table[i].option, number);
	}
	return *why ? -EINVAL : 0;
}
