// SPDX-License-Identifier: GPL-2.0
#include "lib/jsonout.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct json_object *jsonout_new(void)
{
	struct json_object *o = json_object_new_object();

	json_object_object_add(o, "schema_version",
			       json_object_new_int(JSONOUT_SCHEMA_VERSION));
	return o;
}

/* Length of the UTF-8 character at @p, 0 when it is none. */
static size_t utf8_len(const unsigned char *p, size_t left)
{
	static const unsigned int least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *p < 0x80	 ? 1 :
		   *p >> 5 == 6	 ? 2 :
		   *p >> 4 == 14 ? 3 :
		   *p >> 3 == 30 ? 4 :
				   0;
	unsigned int v;
	size_t i;

	if (n < 2 || n > left)
		return n == 1 ? 1 : 0;
	v = *p & (0x7fu >> n);
	for (i = 1; i < n; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		v = v << 6 | (p[i] & 0x3f);
	}
	return v < least[n] || v > 0x10ffff || v >> 11 == 0x1b ? 0 : n;
}

struct json_object *jsonout_text(const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	char *out = malloc(3 * len + 1), *to = out;
	struct json_object *s;
	size_t n;

	if (!out)
		return NULL;
	while (len) {
		n = utf8_len(p, len);
		if (n) {
			memcpy(to, p, n);
			to += n;
		} else {
			memcpy(to, "\xef\xbf\xbd", 3);
			to += 3;
			n = 1;
		}
		p += n;
		len -= n;
	}
	s = json_object_new_string_len(out, (int)(to - out));
	free(out);
	return s;
}

void jsonout_string(struct json_object *o, const char *key, const char *value)
{
	json_object_object_add(o, key,
			       value ? jsonout_text(value, strlen(value)) :
				       NULL);
}

void jsonout_u64(struct json_object *o, const char *key, uint64_t value)
{
	json_object_object_add(o, key, json_object_new_uint64(value));
}

void jsonout_bool(struct json_object *o, const char *key, bool value)
{
	json_object_object_add(o, key, json_object_new_boolean(value));
}

void jsonout_time_format(time_t t, char *buf, size_t size)
{
	struct tm tm;

	*buf = '\0';
	if (gmtime_r(&t, &tm) &&
	    !strftime(buf, size, "%Y-%m-%dT%H:%M:%SZ", &tm))
		*buf = '\0';
}

void jsonout_time(struct json_object *o, const char *key,
		  const struct timespec *t)
{
	char text[32];

	if (!t->tv_sec) {
		json_object_object_add(o, key, NULL);
		return;
	}
	jsonout_time_format(t->tv_sec, text, sizeof(text));
	jsonout_string(o, key, text);
}

int jsonout_print(struct json_object *o)
{
	int flags = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
		    JSON_C_TO_STRING_NOSLASHESCAPE;
	int ret = 0;

	if (printf("%s\n", json_object_to_json_string_ext(o, flags)) < 0 ||
	    fflush(stdout))
		ret = -EIO;
	json_object_put(o);
	return ret;
}
