// SPDX-License-Identifier: GPL-2.0
#include "agent/metadata.h"

#include <string.h>

#include "agent/options.h"

static const char shortdesc[] = "Cut a node off from the storage of Ceph";
static const char longdesc[] =
	"fence_rbd fences a node by cutting its clients off from Ceph: they are put on "
	"the blocklist for ten years, and success means that every placement group of "
	"the pools refuses their writes. No hardware is needed, and the node is not "
	"reset, so what it does without Ceph goes on. off is the action to use "
	"(pcmk_reboot_action=off); reboot does the same. Method cluster asks rbdshared "
	"to do it; method address cuts off all clients of the node's IP addresses, and "
	"the node itself takes that back when it has booted (on).";

static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

/* "-o, --action=[action]" */
static void put_forms(FILE *out, const struct option_row *row, const char *name)
{
	if (row->letter)
		fprintf(out, "-%c, ", row->letter);
	fputs("--", out);
	for (; *name; name++)
		fputc(*name == '_' ? '-' : *name, out);
	if (row->value)
		fprintf(out, "=[%s]", row->value);
}

static const char *type_str(enum option_type type)
{
	switch (type) {
	case OPTION_BOOLEAN:
		return "boolean";
	case OPTION_STRING:
		return "string";
	case OPTION_SECONDS:
		return "second";
	case OPTION_SELECT:
		return "select";
	}
	return "string";
}

static void put_choices(FILE *out, const char *p)
{
	size_t len;

	for (; *p; p += len, p += strspn(p, " ")) {
		len = strcspn(p, " ");
		fprintf(out, "\t\t\t<option value=\"%.*s\"/>\n", (int)len, p);
	}
}

static void put_parameter(FILE *out, const struct option_row *row,
			  const char *name)
{
	bool old = name != row->name;

	fprintf(out, "\t<parameter name=\"%s\" unique=\"0\" required=\"%d\"",
		name, !strcmp(name, "action"));
	if (old)
		fputs(" deprecated=\"1\"", out);
	else if (row->obsoletes)
		fprintf(out, " obsoletes=\"%s\"", row->obsoletes);
	fputs(">\n\t\t<getopt mixed=\"", out);
	put_forms(out, row, name);
	fprintf(out, "\"/>\n\t\t<content type=\"%s\"", type_str(row->type));
	if (row->standard) {
		fputs(" default=\"", out);
		put_escaped(out, row->standard);
		fputs("\"", out);
	}
	if (row->choices) {
		fputs(">\n", out);
		put_choices(out, row->choices);
		fputs("\t\t</content>\n", out);
	} else {
		fputs("/>\n", out);
	}
	fputs("\t\t<shortdesc lang=\"en\">", out);
	put_escaped(out, row->desc);
	fputs("</shortdesc>\n\t</parameter>\n", out);
}

void metadata_print(FILE *out)
{
	const struct option_row *row;
	size_t i;

	fputs("<?xml version=\"1.0\" ?>\n<resource-agent name=\"fence_rbd\" shortdesc=\"",
	      out);
	put_escaped(out, shortdesc);
	fputs("\">\n<longdesc>", out);
	put_escaped(out, longdesc);
	fputs("</longdesc>\n<vendor-url></vendor-url>\n<parameters>\n", out);
	for (i = 0; i < options_count; i++) {
		row = &options_table[i];
		if (row->hidden)
			continue;
		put_parameter(out, row, row->name);
		if (row->obsoletes)
			put_parameter(out, row, row->obsoletes);
	}
	fputs("</parameters>\n<actions>\n", out);
	for (i = 0; i < options_actions_count; i++)
		fprintf(out, "\t<action name=\"%s\"%s/>\n",
			options_actions[i].name, options_actions[i].attributes);
	fputs("</actions>\n</resource-agent>\n", out);
}

void metadata_help(FILE *out)
{
	const struct option_row *row;
	size_t i;

	fprintf(out,
		"Usage: fence_rbd -o ACTION [-n NODE] [OPTIONS]\n"
		"       fence_rbd < FILE            lines of NAME=VALUE, with '_' for '-'\n\n"
		"%s; see fence_rbd(8).\n\n",
		shortdesc);
	for (i = 0; i < options_count; i++) {
		row = &options_table[i];
		if (row->hidden)
			continue;
		fputs("  ", out);
		put_forms(out, row, row->name);
		fprintf(out, "\n        %s", row->desc);
		if (row->standard && row->type != OPTION_BOOLEAN)
			fprintf(out, " (%s)", row->standard);
		fputc('\n', out);
	}
	fputs("\nExit code: 0 done, 1 not done or not proved, 2 status: the node is off\n",
	      out);
}
