// SPDX-License-Identifier: GPL-2.0
/* What the daemon says, read, judged and printed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/clusterhealth.h"
#include "lib/statustext.h"

#define HEAD                                                                 \
	"{\"cluster\":\"c\",\"node\":0,\"name\":\"n1\",\"state\":\"%s\","    \
	"\"gate\":\"%s\",\"view\":3,\"heartbeat\":{\"age_ms\":%u,"           \
	"\"latency_us\":2000,\"max_latency_us\":3000,\"tick_ms\":1000,"      \
	"\"good\":true},\"timeouts\":{\"dead_after_ms\":10000,"              \
	"\"slow_after_ms\":45000},\"nodes\":[{\"number\":0,\"name\":\"n1\"," \
	"\"state\":\"active\",\"self\":true,\"daemon\":\"ok\"},"             \
	"{\"number\":1,\"name\":\"n2\",\"state\":\"%s\",\"heard_ms\":200,"   \
	"\"beat_age_ms\":%s,\"accuser\":0,\"accusation\":\"why\"}]}"

/* Level of a cluster, with the first problem if there is one. */
static enum clusterhealth_level judge(char *first, size_t size,
				      const char *state, const char *gate,
				      unsigned int age, const char *peer,
				      const char *beat)
{
	enum clusterhealth_level level;
	struct json_object *o;
	struct clusterstatus s;
	struct clusterhealth h;
	char text[1024];

	snprintf(text, sizeof(text), HEAD, state, gate, age, peer, beat);
	o = json_tokener_parse(text);
	assert_non_null(o);
	assert_int_equal(clusterstatus_read(&s, o), 0);
	json_object_put(o);
	clusterhealth_judge(&s, &h);
	snprintf(first, size, "%s", h.n ? h.v[0].text : "");
	level = h.level;
	clusterstatus_free(&s);
	return level;
}

static void test_levels(void **state)
{
	static const struct {
		const char *state, *gate;
		unsigned int age;
		const char *peer, *beat;
		enum clusterhealth_level level;
		const char *text;
	} v[] = {
		{ "active", "open", 300, "active", "400", CLUSTERHEALTH_OK,
		  "" },
		{ "active", "open", 3000, "active", "3000", CLUSTERHEALTH_OK,
		  "" },
		{ "active", "open", 3100, "active", "400",
		  CLUSTERHEALTH_DEGRADED,
		  "the last heartbeat of this node is 3.1 s old" },
		{ "active", "open", 300, "active", "3100",
		  CLUSTERHEALTH_DEGRADED, "its last heartbeat is 3.1 s old" },
		{ "active", "open", 300, "active", "null",
		  CLUSTERHEALTH_DEGRADED, "no heartbeat of it was seen yet" },
		{ "active", "open", 300, "left", "null", CLUSTERHEALTH_OK, "" },
		{ "active", "open", 300, "none", "null", CLUSTERHEALTH_OK, "" },
		{ "active", "open", 300, "suspect", "400",
		  CLUSTERHEALTH_DEGRADED, "is accused by n1: why" },
		{ "active", "open", 300, "joining", "null",
		  CLUSTERHEALTH_DEGRADED, "is joining" },
		{ "active", "lease", 300, "active", "400",
		  CLUSTERHEALTH_NO_RIGHTS,
		  "writes wait here: the last heartbeat that the storage took is 0.3 s old" },
		{ "joining", "frozen", 300, "active", "400",
		  CLUSTERHEALTH_DEGRADED,
		  "this node is joining and does not take part yet" },
		{ "joining", "fenced", 300, "active", "400",
		  CLUSTERHEALTH_NO_RIGHTS,
		  "this node was fenced: the storage refuses what it writes" },
		{ "left", "open", 300, "active", "400", CLUSTERHEALTH_DEGRADED,
		  "this node has left the cluster" },
		{ "strange", "open", 300, "active", "400",
		  CLUSTERHEALTH_DEGRADED,
		  "this node is in the state 'strange'" },
	};
	char text[320];
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		assert_int_equal(judge(text, sizeof(text), v[i].state,
				       v[i].gate, v[i].age, v[i].peer,
				       v[i].beat),
				 v[i].level);
		assert_string_equal(text, v[i].text);
	}
}

/* Whatever types its values have: no crash, and no cluster without a name. */
static void test_types(void **state)
{
	static const struct {
		const char *text;
		int ret;
	} v[] = {
		{ "{}", -EBADMSG },
		{ "[]", -EBADMSG },
		{ "7", -EBADMSG },
		{ "{\"cluster\":\"c\",\"state\":1}", -EBADMSG },
		{ "{\"cluster\":\"c\",\"state\":\"s\"}", 0 },
		{ "{\"cluster\":\"c\",\"state\":\"s\",\"nodes\":[1,null,[]],\"fences\":{},"
		  "\"lockspaces\":[{\"members\":7}],\"fencing\":[],\"heartbeat\":null,"
		  "\"advice\":\"x\",\"view\":-1,\"timeouts\":{\"dead_after_ms\":\"9\"}}",
		  0 },
	};
	struct json_object *o;
	struct clusterstatus s;
	struct clusterhealth h;
	char *text = NULL;
	size_t i, len;
	FILE *out;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		o = json_tokener_parse(v[i].text);
		assert_int_equal(clusterstatus_read(&s, o), v[i].ret);
		json_object_put(o);
		if (v[i].ret)
			continue;
		clusterhealth_judge(&s, &h);
		out = open_memstream(&text, &len);
		statustext_print(out, &s, &h, true);
		statustext_short(out, &s, &h);
		fclose(out);
		assert_non_null(strstr(text, "cluster c"));
		free(text);
		clusterstatus_free(&s);
	}
}

static void test_many(void **state)
{
	struct json_object *o = json_object_new_object(), *n;
	struct json_object *nodes = json_object_new_array();
	struct clusterstatus s;
	struct clusterhealth h;
	int i;

	for (i = 0; i < 255; i++) {
		n = json_object_new_object();
		json_object_object_add(n, "number", json_object_new_int(i));
		json_object_object_add(n, "state",
				       json_object_new_string("fenced"));
		json_object_array_add(nodes, n);
	}
	json_object_object_add(o, "cluster", json_object_new_string("c"));
	json_object_object_add(o, "state", json_object_new_string("active"));
	json_object_object_add(o, "nodes", nodes);
	assert_int_equal(clusterstatus_read(&s, o), 0);
	clusterhealth_judge(&s, &h);
	assert_int_equal(h.n, CLUSTERHEALTH_PROBLEMS);
	assert_int_equal(h.level, CLUSTERHEALTH_DEGRADED);
	assert_int_equal(clusterstatus_count(&s, "fenced"), 255);
	clusterstatus_free(&s);
	json_object_put(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_levels),
		cmocka_unit_test(test_types),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
