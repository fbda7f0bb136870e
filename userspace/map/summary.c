// SPDX-License-Identifier: GPL-2.0
#include "map/summary.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/maperror.h"
#include "lib/msg.h"
#include "lib/table.h"
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
	struct table *t = table_new("IMAGE DEVICE TRIES> RESULT");
	const struct summary_line *l;
	char node[32], tries[16];
	size_t i;

	for (i = 0; i < sum->n; i++) {
		l = &sum->v[i];
		snprintf(node, sizeof(node), "/dev/rbd%u", l->id);
		snprintf(tries, sizeof(tries), "%u", l->attempts);
		table_row(t, l->spec, l->mapped ? node : "-", tries, state(l));
	}
	table_print(t, stderr);
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
	struct journal_fields about = { .image = l->spec, .error = l->code };

	if (l->nofail)
		msg_warn_about(&about, "%s", l->text);
	else
		msg_error_about(&about, "%s", l->text);
	msg_lines("kernel: ", l->extra);
}

/* The journal alone gets a line for each image that is mapped. */
static void record(const struct summary_line *l)
{
	struct journal_fields about = { .image = l->spec };
	char node[32];

	snprintf(node, sizeof(node), "/dev/rbd%u", l->id);
	about.device = node;
	msg_record(&about, "%s as %s", state(l), node);
}

void summary_print(const struct summary *sum, bool verbose)
{
	bool journal = journal_is_stderr();
	size_t i;

	for (i = 0; i < sum->n; i++) {
		const struct summary_line *l = &sum->v[i];
		struct journal_fields about = { .image = l->spec };

		if (l->mapped)
			record(l);
		if (l->mapped && *l->extra)
			msg_warn_about(&about, "%s", l->extra);
		else if (!l->mapped && (journal || !said_before(sum, i)))
			print_reason(l);
	}
	if (!journal && sum->n && (verbose || summary_mapped(sum) < sum->n))
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
