// SPDX-License-Identifier: GPL-2.0
/* Files of shell assignments: reading, setting a value, reading it back. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/o2cbdefaults.h"
#include "must.h"

static void set_and_reread(struct shellvars *v, const char *value)
{
	struct shellvars *again;
	char *text;
	size_t len;

	MUST(!shellvars_set(v, "O2CB_BOOTCLUSTER", value));
	MUST(!strcmp(shellvars_get(v, "O2CB_BOOTCLUSTER"), value));
	MUST(!shellvars_format(v, &text, &len));
	if (len <= SHELLVARS_MAX_BYTES) {
		MUST(!shellvars_parse(text, len, "f", &again, NULL));
		MUST(!again->broken && again->count == v->count);
		MUST(!strcmp(shellvars_get(again, "O2CB_BOOTCLUSTER"), value));
		shellvars_free(again);
	}
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct finding_list found = { 0 };
	struct o2cb_wish wish = { .dead_after_ms = 60000 };
	struct o2cb_timeouts t;
	struct shellvars *v;

	if (shellvars_parse((const char *)data, size, "f", &v, &found))
		return 0;
	MUST(!o2cb_read(v, "f", &t, &found));
	if (!v->broken) {
		set_and_reread(v, "ocfs2");
		set_and_reread(v, "it's a \"$x\" \\ value");
		MUST(!o2cb_compute(&wish, &t, &t, NULL));
		MUST(!o2cb_write(v, &t));
		MUST(!o2cb_read(v, "f", &t, NULL));
		MUST(t.value[O2CB_THRESHOLD] == 31);
	}
	finding_clear(&found);
	shellvars_free(v);
	return 0;
}
