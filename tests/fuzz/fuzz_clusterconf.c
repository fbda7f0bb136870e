// SPDX-License-Identifier: GPL-2.0
/*
 * cluster.conf from anywhere: nothing crashes, what is written reads back
 * without a finding about its form, and edits keep that true.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clusterconf.h"
#include "lib/clusterlint.h"
#include "lib/clusternode.h"
#include "must.h"

static void write_and_reread(const struct clusterconf *doc)
{
	struct finding_list found = { 0 };
	struct clusterconf *again;
	size_t len, len2;
	char *a, *b;

	MUST(!clusterconf_format(doc, &a, &len));
	/* A value that is added by an edit may make it grow over the limit. */
	if (len > CLUSTERCONF_MAX_BYTES) {
		free(a);
		return;
	}
	MUST(!clusterconf_parse(a, len, "f", &again, &found));
	MUST(!found.n && !again->loose && !again->broken);
	MUST(!clusterconf_format(again, &b, &len2));
	MUST(len == len2 && !memcmp(a, b, len));
	clusterconf_free(again);
	free(a);
	free(b);
}

static void edit(struct clusterconf *doc)
{
	struct clusternode node = {
		.name = "fuzz-node",
		.ip = "10.250.250.250",
		.port = 7777,
		.number = -1,
	};
	unsigned int before = clusternode_count(doc, "ocfs2");
	struct fault f;
	int ret = clusternode_add(doc, "ocfs2", &node, &f);

	if (ret)
		return;
	MUST(clusternode_count(doc, "ocfs2") == before + 1);
	write_and_reread(doc);
	MUST(!clusternode_remove(doc, "ocfs2", "fuzz-node", &f));
	MUST(clusternode_count(doc, "ocfs2") == before);
	write_and_reread(doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct clusterlint facts = { .file = "f", .hostname = "debian-test-1" };
	struct finding_list found = { 0 };
	struct clusterconf *doc;
	size_t i;

	if (clusterconf_parse((const char *)data, size, "f", &doc, &found))
		return 0;
	MUST(!clusterlint_check(doc, &facts, &found));
	finding_sort(&found);
	for (i = 0; i < found.n; i++)
		MUST(*found.v[i].text && found.v[i].line <= doc->count + 1);
	if (!doc->broken) {
		write_and_reread(doc);
		edit(doc);
	}
	finding_clear(&found);
	clusterconf_free(doc);
	return 0;
}
