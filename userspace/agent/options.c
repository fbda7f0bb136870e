// SPDX-License-Identifier: GPL-2.0
#include "agent/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/nearest.h"

#define ROWS 32
/* getopt's value of row N when it has no letter. */
#define LONG_ONLY 256

#define AT(member) offsetof(struct options, member)

const struct option_row options_table[] = {
	{
		.name = "action",
		.letter = 'o',
		.type = OPTION_STRING,
		.at = AT(action),
		.value = "action",
		.standard = "off",
		.desc = "What to do: off, on, reboot (the same as off), status, monitor, "
			"list, list-status, metadata, manpage, validate-all",
	},
	{
		.name = "plug",
		.letter = 'n',
		.type = OPTION_STRING,
		.at = AT(plug),
		.value = "node",
		.obsoletes = "port",
		.desc = "Name of the node (method cluster: its number, too)",
	},
	{
		.name = "nodename",
		.type = OPTION_STRING,
		.at = AT(nodename),
		.value = "node",
		.hidden = true,
		.desc = "The node as Pacemaker calls it; used when there is no plug",
	},
	{
		.name = "method",
		.letter = 'm',
		.type = OPTION_SELECT,
		.at = AT(method),
		.value = "method",
		.standard = "auto",
		.choices = "auto cluster address",
		.desc = "cluster: rbdshared cuts off the node's registered clients; "
			"address: all clients of its IP addresses are cut off; "
			"auto: address if addresses are given, else cluster if "
			"rbdshared is used here, else address",
	},
	{
		.name = "address",
		.letter = 'a',
		.type = OPTION_STRING,
		.at = AT(address),
		.value = "ip[,ip...]",
		.desc = "IP addresses by which the node reaches Ceph; for one node",
	},
	{
		.name = "plug_map",
		.type = OPTION_STRING,
		.at = AT(plug_map),
		.value = "map",
		.desc = "The same for all nodes: node1:10.0.0.1;node2:10.0.0.2,10.1.0.2",
	},
	{
		.name = "pools",
		.type = OPTION_STRING,
		.at = AT(pools),
		.value = "pool[,pool...]",
		.desc = "Pools that the nodes write to, data pools too; "
			"all that may have images if not given",
	},
	{
		.name = "user",
		.letter = 'l',
		.type = OPTION_STRING,
		.at = AT(user),
		.value = "id",
		.standard = "admin",
		.desc = "User of Ceph, without client.",
	},
	{
		.name = "keyring",
		.letter = 'k',
		.type = OPTION_STRING,
		.at = AT(keyring),
		.value = "file",
		.desc = "Keyring with that user's key",
	},
	{
		.name = "conf",
		.letter = 'c',
		.type = OPTION_STRING,
		.at = AT(conf),
		.value = "file",
		.desc = "Configuration of Ceph; /etc/ceph/ceph.conf if not given",
	},
	{
		.name = "confirmed",
		.letter = 'y',
		.type = OPTION_BOOLEAN,
		.at = AT(confirmed),
		.standard = "0",
		.desc = "on: the administrator's word that the host was restarted, "
			"or that none of its clients is left",
	},
	{
		.name = "power_timeout",
		.type = OPTION_SECONDS,
		.at = AT(power_timeout),
		.value = "seconds",
		.standard = "50",
		.desc = "How long off, on and reboot may take; "
			"keep it below Pacemaker's stonith-timeout",
	},
	{
		.name = "timeout",
		.letter = 't',
		.type = OPTION_SECONDS,
		.at = AT(timeout),
		.value = "seconds",
		.standard = "10",
		.desc = "How long to wait for each answer of the monitors or of rbdshared",
	},
	{
		.name = "delay",
		.type = OPTION_SECONDS,
		.at = AT(delay),
		.value = "seconds",
		.standard = "0",
		.desc = "Wait so long before off, on and reboot begin",
	},
	{
		.name = "verbose",
		.letter = 'v',
		.type = OPTION_BOOLEAN,
		.at = AT(verbose),
		.standard = "0",
		.desc = "Tell each step on standard error",
	},
	{
		.name = "quiet",
		.letter = 'q',
		.type = OPTION_BOOLEAN,
		.at = AT(quiet),
		.standard = "0",
		.desc = "Do not say that all went well",
	},
	{
		.name = "version",
		.letter = 'V',
		.type = OPTION_BOOLEAN,
		.at = AT(version),
		.desc = "Print the version",
	},
	{
		.name = "help",
		.letter = 'h',
		.type = OPTION_BOOLEAN,
		.at = AT(help),
		.desc = "Print this",
	},
};

const size_t options_count = sizeof(options_table) / sizeof(options_table[0]);

/*
 * A storage fence is not undone from elsewhere: "on" is for the node itself,
 * when it joins.
 */
const struct option_action options_actions[] = {
	{ "on", " on_target=\"1\" automatic=\"1\"", true },
	{ "off", "", true },
	{ "reboot", "", true },
	{ "status", "", true },
	{ "monitor", "", false },
	{ "list", "", false },
	{ "list-status", "", false },
	{ "metadata", "", false },
	{ "manpage", "", false },
	{ "validate-all", "", false },
};

const size_t options_actions_count = sizeof(options_actions) /
				     sizeof(options_actions[0]);

static void *place(struct options *o, const struct option_row *row)
{
	return (char *)o + row->at;
}

/* --- single values --- */

static int take_boolean(bool *to, const char *name, const char *value,
			struct fault *f)
{
	static const char *const yes[] = { "1", "on", "yes", "true" };
	static const char *const no[] = { "0", "off", "no", "false" };
	size_t i;

	for (i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		if (!strcasecmp(value, yes[i])) {
			*to = true;
			return 0;
		}
	for (i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		if (!strcasecmp(value, no[i])) {
			*to = false;
			return 0;
		}
	return fault_set(f, -EINVAL, "%s is 1 or 0, not '%.60s'", name, value);
}

static int take_seconds(unsigned int *to, const char *name, const char *value,
			struct fault *f)
{
	char *end;
	unsigned long v = strtoul(value, &end, 10);

	if (*value >= '0' && *value <= '9' && (!*end || !strcmp(end, "s")) &&
	    v <= OPTIONS_MAX_S) {
		*to = (unsigned int)v;
		return 0;
	}
	return fault_set(f, -EINVAL,
			 "%s is a number of seconds up to %d, not '%.60s'",
			 name, OPTIONS_MAX_S, value);
}

static bool is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);
	const char *p = choices;

	while (len && *p) {
		if (!strncmp(p, value, len) && (!p[len] || p[len] == ' '))
			return true;
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	return false;
}

static int take(struct options *o, const struct option_row *row,
		const char *value, struct fault *f)
{
	/* Nothing is as if it was not there. */
	if (!*value && row->standard)
		value = row->standard;
	switch (row->type) {
	case OPTION_BOOLEAN:
		return take_boolean(place(o, row), row->name, value, f);
	case OPTION_SECONDS:
		return take_seconds(place(o, row), row->name, value, f);
	case OPTION_SELECT:
		if (!is_choice(row->choices, value))
			return fault_set(f, -EINVAL,
					 "%s is one of %s, not '%.60s'",
					 row->name, row->choices, value);
		break;
	case OPTION_STRING:
		break;
	}
	*(const char **)place(o, row) = *value ? value : NULL;
	return 0;
}

void options_init(struct options *o)
{
	struct fault f;
	size_t i;

	memset(o, 0, sizeof(*o));
	for (i = 0; i < options_count; i++)
		if (options_table[i].standard)
			take(o, &options_table[i], options_table[i].standard,
			     &f);
}

void options_free(struct options *o)
{
	free(o->text);
	o->text = NULL;
}

/* --- command line --- */

static void long_name(const char *name, char *buf, size_t size)
{
	size_t i;

	for (i = 0; name[i] && i + 1 < size; i++)
		buf[i] = name[i] == '_' ? '-' : name[i];
	buf[i] = '\0';
}

/**
 * struct getopt_tables - what getopt_long() wants, made from the table
 * @names: of @longs; each row may have two
 */
struct getopt_tables {
	char names[2 * ROWS][24];
	struct option longs[2 * ROWS + 1];
	char letters[2 * ROWS + 2];
};

static void make_tables(struct getopt_tables *t)
{
	size_t i, n = 0;
	char *p = t->letters;

	memset(t, 0, sizeof(*t));
	*p++ = ':';
	for (i = 0; i < options_count; i++) {
		const struct option_row *row = &options_table[i];
		const char *const names[] = { row->name, row->obsoletes };
		int value = row->letter ? row->letter : LONG_ONLY + (int)i;
		size_t k;

		for (k = 0; k < 2 && names[k]; k++, n++) {
			long_name(names[k], t->names[n], sizeof(t->names[n]));
			t->longs[n].name = t->names[n];
			t->longs[n].has_arg = row->type == OPTION_BOOLEAN ?
						      no_argument :
						      required_argument;
			t->longs[n].val = value;
		}
		if (!row->letter)
			continue;
		*p++ = row->letter;
		if (row->type != OPTION_BOOLEAN)
			*p++ = ':';
	}
}

static const struct option_row *row_of(int value)
{
	size_t i;

	if (value >= LONG_ONLY)
		return &options_table[value - LONG_ONLY];
	for (i = 0; i < options_count; i++)
		if (options_table[i].letter == value)
			return &options_table[i];
	return NULL;
}

int options_argv(struct options *o, int argc, char **argv, struct fault *f)
{
	const struct option_row *row;
	struct getopt_tables t;
	int c, ret = 0;

	make_tables(&t);
	opterr = 0;
	optind = 0;
	while (!ret &&
	       (c = getopt_long(argc, argv, t.letters, t.longs, NULL)) != -1) {
		if (c == ':')
			return fault_set(
				f, -EINVAL,
				"%.60s needs a value; see: fence_rbd --help",
				argv[optind - 1]);
		row = c == '?' ? NULL : row_of(c);
		if (!row)
			return fault_set(
				f, -EINVAL,
				"there is no option like '%.60s'; see: fence_rbd --help",
				argv[optind - 1]);
		ret = take(o, row, row->value ? optarg : "1", f);
	}
	if (!ret && optind < argc)
		return fault_set(
			f, -EINVAL,
			"'%.60s' is no option; an action is given as: fence_rbd -o ACTION",
			argv[optind]);
	return ret;
}

/* --- lines --- */

static char *trim(char *s)
{
	char *end;

	s += strspn(s, " \t\r");
	end = s + strlen(s);
	while (end > s && strchr(" \t\r", end[-1]))
		end--;
	*end = '\0';
	return s;
}

static const struct option_row *row_named(const char *key)
{
	const struct option_row *row;
	size_t i;

	for (i = 0; i < options_count; i++) {
		row = &options_table[i];
		if (!strcmp(row->name, key) ||
		    (row->obsoletes && !strcmp(row->obsoletes, key)))
			return row;
	}
	return NULL;
}

static void note_unknown(struct options *o, const char *key)
{
	size_t used = strlen(o->unknown);

	snprintf(o->unknown + used, sizeof(o->unknown) - used, "%s%s",
		 used ? ", " : "", key);
}

static int take_line(struct options *o, char *line, struct fault *f)
{
	const struct option_row *row;
	char *value;

	line = trim(line);
	if (!*line || *line == '#')
		return 0;
	value = strchr(line, '=');
	if (value)
		*value++ = '\0';
	line = trim(line);
	row = row_named(line);
	if (!row) {
		note_unknown(o, line);
		return 0;
	}
	if (!value)
		return fault_set(
			f, -EINVAL,
			"the line '%.60s' on standard input has no value; write %s=VALUE",
			line, row->name);
	return take(o, row, trim(value), f);
}

int options_lines(struct options *o, char *text, struct fault *f)
{
	char *line, *save = NULL;
	int ret = 0;

	free(o->text);
	o->text = text;
	for (line = strtok_r(text, "\n", &save); line && !ret;
	     line = strtok_r(NULL, "\n", &save))
		ret = take_line(o, line, f);
	return ret;
}

/* --- all of them --- */

const struct option_action *options_action(const char *name)
{
	size_t i;

	for (i = 0; i < options_actions_count; i++)
		if (!strcmp(options_actions[i].name, name))
			return &options_actions[i];
	return NULL;
}

static int unknown_action(const char *name, struct fault *f)
{
	const char *words[16], *near;
	size_t i;

	for (i = 0; i < options_actions_count && i < 16; i++)
		words[i] = options_actions[i].name;
	near = nearest_word(name, words, i);
	return fault_set(
		f, -EINVAL,
		"there is no action '%.60s'%s%s%s; see: fence_rbd --help", name,
		near ? "; did you mean '" : "", near ? near : "",
		near ? "'?" : "");
}

int options_check(struct options *o, struct fault *f)
{
	const struct option_action *action = options_action(o->action);

	if (!action)
		return unknown_action(o->action, f);
	if (!o->plug)
		o->plug = o->nodename;
	if (action->needs_plug && !o->plug)
		return fault_set(
			f, -EINVAL,
			"%s needs a node; name it with -n, or plug=NODE on standard input",
			o->action);
	if (o->address && o->plug_map)
		return fault_set(
			f, -EINVAL,
			"address is for one node and plug_map for all; give one of them");
	if (!strcmp(o->method, "cluster") && (o->address || o->plug_map))
		return fault_set(
			f, -EINVAL,
			"method cluster takes the nodes from the cluster; leave out address and plug_map, or take method=address");
	if (!o->timeout || !o->power_timeout)
		return fault_set(
			f, -EINVAL,
			"timeout and power_timeout have to be 1 second at least");
	return 0;
}
