// SPDX-License-Identifier: GPL-2.0
#include "map/summary.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/maperror.h"
#include "lib/msg.h"
#include "map/verbs.h"

void summary_sort_new_first(struct summary *sum)
{
	struct summary_line tmp;
	size_t i, j;

	/* Insertion: stable, and there are few. */
	for (i = 1; i < sum->n; i++) {
		if (sum->v[i].already)
			continue;
		for (j = i; j && sum->v[j - 1].already; j--) {
			tmp = sum->v[j];
			sum->v[j] = sum->v[j - 1];
			sum->v[j - 1] = tmp;
		}
	}
}

size_t summary_mapped(const struct summary *sum)
{
	size_t i, n = 0;

	for (i = 0; i < sum->n; i++)
		n += sum->v[i].mapped;
	return n;
}

size_t summary_failed(const struct summary *sum)
{
	size_t i, n = 0;

	for (i = 0; i < sum->n; i++)
		n += !sum->v[i].mapped && !sum->v[i].nofail;
	return n;
}

static const char *state(const struct summary_line *l)
{
	if (l->already)
		return "was mapped";
	if (l->mapped)
		return "mapped";
	if (l->code == -EINTR)
		return "interrupted";
	return maperror_retryable(l->code) ? "gave up" : "failed";
}

static void print_table(const struct summary *sum)
{
	static const char *const head[] = { "IMAGE", "DEVICE", "TRIES",
					    "RESULT" };
	struct libscols_table *tb = scols_new_table();
	struct libscols_line *ln;
	char text[32];
	size_t i;

	for (i = 0; tb && i < sizeof(head) / sizeof(*head); i++)
		if (!scols_table_new_column(tb, head[i], 0, 0))
			goto out;
	for (i = 0; tb && i < sum->n; i++) {
		const struct summary_line *l = &sum->v[i];

		ln = scols_table_new_line(tb, NULL);
		if (!ln)
			goto out;
		scols_line_set_data(ln, 0, l->spec);
		snprintf(text, sizeof(text), "/dev/rbd%u", l->id);
		scols_line_set_data(ln, 1, l->mapped ? text : "-");
		snprintf(text, sizeof(text), "%u", l->attempts);
		scols_line_set_data(ln, 2, text);
		scols_line_set_data(ln, 3, state(l));
	}
	if (tb) {
		scols_table_set_stream(tb, stderr);
		scols_print_table(tb);
	}
out:
	scols_unref_table(tb);
}

/* The same sentence for every image (monitors down) is said once. */
static bool said_before(const struct summary *sum, size_t i)
{
	size_t j;

	for (j = 0; j < i; j++)
		if (!sum->v[j].mapped &&
		    !strcmp(sum->v[j].text, sum->v[i].text))
			return true;
	return false;
}

static void print_reason(const struct summary_line *l)
{
	const char *p = l->extra;
	size_t len;

	if (l->nofail)
		msg_warn("%s: %s", l->spec, l->text);
	else
		msg_error("%s: %s", l->spec, l->text);
	while (*p) {
		len = strcspn(p, "\n");
		msg_info("  kernel: %.*s", (int)len, p);
		p += len + (p[len] == '\n');
	}
}

void summary_print(const struct summary *sum, bool verbose)
{
	size_t i;

	for (i = 0; i < sum->n; i++) {
		const struct summary_line *l = &sum->v[i];

		if (l->mapped && *l->extra)
			msg_warn("%s: %s", l->spec, l->extra);
		else if (!l->mapped && !said_before(sum, i))
			print_reason(l);
	}
	if (sum->n && (verbose || summary_mapped(sum) < sum->n))
		print_table(sum);
}

int summary_exit(const struct summary *sum, size_t bad_lines)
{
	if (!summary_failed(sum) && !bad_lines)
		return 0;
	return summary_mapped(sum) ? RBDMAP_EXIT_SOME : RBDMAP_EXIT_ALL;
}

void summary_free(struct summary *sum)
{
	size_t i;

	for (i = 0; i < sum->n; i++)
		free(sum->v[i].spec);
	free(sum->v);
	memset(sum, 0, sizeof(*sum));
}
