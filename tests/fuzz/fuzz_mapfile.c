// SPDX-License-Identifier: GPL-2.0
/*
 * The map file from anywhere: nothing crashes, every line gives an entry or a
 * problem but never both, and entries can be named and printed.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/mapfile.h"
#include "lib/mapopts.h"
#include "must.h"

static void check_entry(const struct mapfile_entry *e)
{
	struct rbd_spec again;
	char *text = rbd_spec_format(&e->spec);

	MUST(text && *e->spec.pool && *e->spec.image);
	MUST(!rbd_spec_parse(text, NULL, NULL, &again, NULL));
	MUST(rbd_spec_equal(&again, &e->spec));
	rbd_spec_free(&again);
	free(text);
	/* Options that were accepted are acceptable as a whole. */
	MUST(!mapopts_check(e->options, NULL));
	MUST(!e->name || !strncmp(e->name, "client.", 7));
	MUST(e->timeout_s <= 86400 && e->retries >= -1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mapfile m;
	size_t i, j;

	MUST(!mapfile_parse("f", (const char *)data, size, &m));
	for (i = 0; i < m.n; i++) {
		check_entry(&m.v[i]);
		for (j = 0; j < m.bad_n; j++)
			MUST(m.bad[j].line != m.v[i].line);
	}
	for (j = 0; j < m.bad_n; j++)
		MUST(m.bad[j].text && strncmp(m.bad[j].text, "f:", 2) == 0);
	mapfile_free(&m);
	return 0;
}
