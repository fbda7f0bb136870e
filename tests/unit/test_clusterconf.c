// SPDX-License-Identifier: GPL-2.0
/* The document of cluster.conf: loose reading, strict writing, edits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "lib/clusterconf.h"

/* As users type it: blanks, no blank line between stanzas. */
static const char plain[] = "node:\n"
			    "        ip_port = 7777\n"
			    "        ip_address = 192.168.2.163\n"
			    "        number = 0\n"
			    "        name = debian-test-1\n"
			    "        cluster = ocfs2\n"
			    "node:\n"
			    "        ip_port = 7777\n"
			    "        ip_address = 192.168.2.165\n"
			    "        number = 1\n"
			    "        name = debian-test-2\n"
			    "        cluster = ocfs2\n"
			    "cluster:\n"
			    "        node_count = 2\n"
			    "        name = ocfs2\n";

static const char strict[] = "node:\n"
			     "\tip_port = 7777\n"
			     "\tip_address = 192.168.2.163\n"
			     "\tnumber = 0\n"
			     "\tname = debian-test-1\n"
			     "\tcluster = ocfs2\n"
			     "\n"
			     "node:\n"
			     "\tip_port = 7777\n"
			     "\tip_address = 192.168.2.165\n"
			     "\tnumber = 1\n"
			     "\tname = debian-test-2\n"
			     "\tcluster = ocfs2\n"
			     "\n"
			     "cluster:\n"
			     "\tnode_count = 2\n"
			     "\tname = ocfs2\n";

static struct clusterconf *parse_n(const char *text, size_t len,
				   struct finding_list *found)
{
	struct clusterconf *doc = NULL;

	assert_int_equal(clusterconf_parse(text, len, "f", &doc, found), 0);
	assert_non_null(doc);
	return doc;
}

static struct clusterconf *parse(const char *text, struct finding_list *found)
{
	return parse_n(text, strlen(text), found);
}

static void assert_text(const struct clusterconf *doc, const char *expected)
{
	char *text;
	size_t len;

	assert_int_equal(clusterconf_format(doc, &text, &len), 0);
	assert_string_equal(text, expected);
	assert_int_equal(len, strlen(expected));
	free(text);
}

/* Reads text, expects it to be written as expected, and that to be stable. */
static void assert_written(const char *text, const char *expected)
{
	struct clusterconf *doc = parse(text, NULL), *again;
	struct finding_list found = { 0 };

	assert_text(doc, expected);
	again = parse(expected, &found);
	assert_int_equal(found.n, 0);
	assert_false(again->loose);
	assert_text(again, expected);
	clusterconf_free(again);
	clusterconf_free(doc);
}

static void assert_one(const char *text, unsigned int line, unsigned int column,
		       const char *piece)
{
	struct finding_list found = { 0 };
	struct clusterconf *doc = parse(text, &found);

	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].line, line);
	assert_int_equal(found.v[0].column, column);
	assert_string_equal(found.v[0].file, "f");
	assert_non_null(strstr(found.v[0].text, piece));
	finding_clear(&found);
	clusterconf_free(doc);
}

static void test_blanks_are_fine(void **state)
{
	struct finding_list found = { 0 };
	struct clusterconf *doc = parse(plain, &found);
	ssize_t h = clusterconf_stanza(doc, 1, "node");

	(void)state;
	assert_int_equal(found.n, 0);
	assert_false(doc->loose);
	assert_int_equal(h, 6);
	assert_string_equal(clusterconf_value(doc, h, "name"), "debian-test-2");
	assert_int_equal(clusterconf_attr(doc, h, "name")->line, 11);
	assert_int_equal(clusterconf_attr(doc, h, "name")->column, 9);
	assert_int_equal(clusterconf_attr(doc, h, "name")->value_column, 16);
	assert_null(clusterconf_value(doc, h, "node_count"));
	assert_int_equal(clusterconf_stanza(doc, 0, "cluster"), 12);
	assert_int_equal(clusterconf_stanza(doc, 13, NULL), -1);
	assert_text(doc, strict);
	clusterconf_free(doc);
}

/* The published page has no-break spaces where one sees blanks. */
static void test_walkthrough_verbatim(void **state)
{
	char text[2048];
	struct finding_list found = { 0 };
	struct clusterconf *doc;
	FILE *f = fopen(TEST_DATA "/cluster-walkthrough.conf", "r");
	size_t len;

	(void)state;
	assert_non_null(f);
	len = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[len] = '\0';
	assert_non_null(strstr(text, "\xc2\xa0"));
	doc = parse_n(text, len, &found);
	assert_int_equal(found.n, 1);
	assert_int_equal(found.v[0].line, 2);
	assert_int_equal(found.v[0].column, 1);
	assert_non_null(strstr(found.v[0].text, "no-break space"));
	assert_int_equal(doc->broken, 0);
	assert_int_equal(clusterconf_attr(doc, 0, "name")->column, 9);
	assert_text(doc, strict);
	finding_clear(&found);
	clusterconf_free(doc);
}

static void test_loose_forms(void **state)
{
	(void)state;
	assert_one("node:\r\n\tname = a\r\n", 1, 6, "CR LF");
	assert_one(" node:\n\tname = a\n", 1, 2, "first column");
	assert_one("node:\nname = a\n", 2, 1, "indented by a tab");
	assert_one("node:\n\n\tname = a\n\tnumber = 1\n", 3, 2,
		   "blank line ends the stanza");
	assert_one("node:\n\t# c\n\tname = a\n", 2, 2, "comment has to start");
	assert_one("\xef\xbb\xbfnode:\n\tname = a\n", 1, 1, "byte order mark");
	assert_written("node:\r\n\tname = a\r\n", "node:\n\tname = a\n");
	assert_written(" node :\nname=a", "node:\n\tname = a\n");
	assert_written("node:\n\n\x20\n\tname = a \x20\n",
		       "node:\n\tname = a\n");
	assert_written("node:\n\t# c\n\tname = a\n",
		       "node:\n# c\n\tname = a\n");
	assert_written("\xef\xbb\xbfnode:\n\tname = a\n",
		       "node:\n\tname = a\n");
	assert_written("node:\n\tname = a\xc2\xa0 b\xc2\xa0\n",
		       "node:\n\tname = a  b\n");
	assert_written("", "");
}

static void test_broken_lines(void **state)
{
	struct clusterconf *doc;
	char *text;
	size_t len;

	(void)state;
	assert_one("\tname = a\n", 1, 2, "belongs to no stanza");
	assert_one("node:\n\tname a\n", 2, 7, "expected '='");
	assert_one("node: x\n", 1, 6, "nothing may follow");
	assert_one("node:\n\t= a\n", 2, 2, "expected a stanza");
	assert_one("node:\n\tip_port = 77\\\n", 2, 14, "next line");
	assert_one("node:\n\tname = a\x01\n", 2, 10, "control character");
	/* Columns count characters: the e with an accent is one. */
	assert_one("n\xc3\xa9: x", 1, 2, "expected '='");
	doc = parse("node\n", NULL);
	assert_int_equal(doc->broken, 1);
	assert_int_equal(clusterconf_format(doc, &text, &len), -EINVAL);
	clusterconf_free(doc);
	doc = parse_n("a\0b", 3, NULL);
	assert_int_equal(doc->broken, 1);
	clusterconf_free(doc);
}

static void test_blank_lines_and_comments(void **state)
{
	(void)state;
	/* A comment directly above a stanza stays with it. */
	assert_written(
		"# top\nnode:\n\tname = a\n# b is old\nnode:\n\tname = b\n",
		"# top\nnode:\n\tname = a\n\n# b is old\nnode:\n\tname = b\n");
	assert_written(
		"node:\n\tname = a\n# one\n\n# two\n\n\nnode:\n\tname = b\n# end\n",
		"node:\n\tname = a\n# one\n\n# two\n\n\nnode:\n\tname = b\n# end\n");
	assert_written("node:\n# c\n\n\tname = a\n",
		       "node:\n# c\n\tname = a\n");
	assert_written("node:\nnode:\n# c\n# d\nnode:\n",
		       "node:\n\nnode:\n\n# c\n# d\nnode:\n");
}

static void test_last_value_counts(void **state)
{
	struct clusterconf *doc;

	(void)state;
	doc = parse("node:\n\tname = a\n\tname = b\n", NULL);
	assert_string_equal(clusterconf_value(doc, 0, "name"), "b");
	assert_int_equal(clusterconf_set(doc, 0, "name", "c"), 0);
	assert_text(doc, "node:\n\tname = a\n\tname = c\n");
	clusterconf_free(doc);
}

static void test_edits_keep_the_rest(void **state)
{
	static const struct clusterconf_pair pairs[] = {
		{ "number", "7" },
		{ "name", "new" },
	};
	struct clusterconf *doc;

	(void)state;
	doc = parse(
		"# head\n\nnode:\n\tname = a\n# inside\n\tnumber = 1\n# after\n\ncluster:\n\tname = c\n",
		NULL);
	assert_int_equal(clusterconf_set(doc, 2, "ip_port", "7777"), 0);
	assert_int_equal(clusterconf_insert(doc, clusterconf_stanza_end(doc, 2),
					    "node", pairs, 2),
			 0);
	assert_text(
		doc,
		"# head\n\nnode:\n\tname = a\n# inside\n\tnumber = 1\n\tip_port = 7777\n\nnode:\n\tnumber = 7\n\tname = new\n# after\n\ncluster:\n\tname = c\n");
	clusterconf_remove(doc, clusterconf_stanza(doc, 0, "node"));
	assert_text(
		doc,
		"# head\n\nnode:\n\tnumber = 7\n\tname = new\n# after\n\ncluster:\n\tname = c\n");
	clusterconf_remove(doc, clusterconf_stanza(doc, 0, "node"));
	assert_text(doc, "# head\n\n# after\n\ncluster:\n\tname = c\n");
	clusterconf_remove(doc, clusterconf_stanza(doc, 0, "cluster"));
	assert_int_equal(clusterconf_stanza(doc, 0, NULL), -1);
	clusterconf_free(doc);
}

static void test_too_large(void **state)
{
	char *text = malloc(CLUSTERCONF_MAX_BYTES + 1);
	struct clusterconf *doc = NULL;

	(void)state;
	memset(text, '\n', CLUSTERCONF_MAX_BYTES + 1);
	assert_int_equal(clusterconf_parse(text, CLUSTERCONF_MAX_BYTES + 1, "f",
					   &doc, NULL),
			 -EFBIG);
	assert_null(doc);
	doc = parse_n(text, CLUSTERCONF_MAX_BYTES, NULL);
	assert_int_equal(doc->count, CLUSTERCONF_MAX_BYTES);
	clusterconf_free(doc);
	free(text);
}

/* Round trip over made-up files: what is written reads back as the same. */
static void test_round_trip(void **state)
{
	static const char *const pieces[] = {
		"node:\n",
		"cluster:\r\n",
		"  heartbeat:\n",
		"# c\n",
		"\n",
		"\t# d\n",
		" \t\n",
		"\tname = a\n",
		"number=5\n",
		"\xc2\xa0 x =  y z\x20\n",
		"\tname =\n",
	};
	struct clusterconf *doc, *again;
	struct finding_list found = { 0 };
	unsigned int seed, x, i;
	char in[512], *one, *two;
	size_t len;

	(void)state;
	for (seed = 1; seed < 3000; seed++) {
		strcpy(in, "node:\n");
		for (i = 0, x = seed; i < 14; i++) {
			x = x * 1103515245u + 12345u;
			strcat(in, pieces[(x >> 16) % 11]);
		}
		doc = parse(in, NULL);
		assert_int_equal(doc->broken, 0);
		assert_int_equal(clusterconf_format(doc, &one, &len), 0);
		again = parse_n(one, len, &found);
		assert_int_equal(found.n, 0);
		assert_int_equal(clusterconf_format(again, &two, &len), 0);
		assert_string_equal(one, two);
		clusterconf_free(doc);
		clusterconf_free(again);
		free(one);
		free(two);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blanks_are_fine),
		cmocka_unit_test(test_walkthrough_verbatim),
		cmocka_unit_test(test_loose_forms),
		cmocka_unit_test(test_broken_lines),
		cmocka_unit_test(test_blank_lines_and_comments),
		cmocka_unit_test(test_last_value_counts),
		cmocka_unit_test(test_edits_keep_the_rest),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
