// SPDX-License-Identifier: GPL-2.0
#include "cli/globals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/globalopts.h"
#include "lib/msg.h"

#define TIMEOUT_DEFAULT_S 10
#define TIMEOUT_MAX_S 86400

struct rbdshare_globals globals = {
	.name = "client.admin",
	.timeout_s = TIMEOUT_DEFAULT_S,
};

static int set_name(const char *value)
{
	if (strncmp(value, "client.", 7) || !value[7]) {
		msg_error(
			"'%.60s' is not a user name such as client.admin; write --id %.60s for client.%.60s",
			value, value, value);
		return -1;
	}
	globals.name = value;
	globals.name_given = true;
	return 0;
}

static int set_id(const char *value)
{
	static char name[128];

	if (!*value || strlen(value) > sizeof(name) - 8) {
		msg_error("--id needs a user, such as admin");
		return -1;
	}
	if (!strncmp(value, "client.", 7)) {
		msg_error("--id goes without 'client.': --id %s", value + 7);
		return -1;
	}
	snprintf(name, sizeof(name), "client.%s", value);
	globals.name = name;
	globals.name_given = true;
	return 0;
}

static int set_timeout(const char *value)
{
	unsigned long v;
	char *end;

	v = strtoul(value, &end, 10);
	if (*value < '0' || *value > '9' || *end || !v || v > TIMEOUT_MAX_S) {
		msg_error(
			"--timeout '%.20s' is not a number of seconds from 1 to %d",
			value, TIMEOUT_MAX_S);
		return -1;
	}
	globals.timeout_s = (unsigned int)v;
	globals.timeout_given = true;
	return 0;
}

static const struct global_option {
	char letter;
	const char *word;
	bool *flag;
	const char **text;
	int (*set)(const char *value);
} options[] = {
	{ 'c', "conf", NULL, &globals.conf, NULL },
	{ 0, "cluster", NULL, &globals.cluster, NULL },
	{ 0, "id", NULL, NULL, set_id },
	{ 'n', "name", NULL, NULL, set_name },
	{ 'k', "keyring", NULL, &globals.keyring, NULL },
	{ 'm', "mon-host", NULL, &globals.mon_host, NULL },
	/* The stock tool's spelling. */
	{ 0, "mon_host", NULL, &globals.mon_host, NULL },
	{ 'p', "pool", NULL, &globals.pool, NULL },
	{ 0, "namespace", NULL, &globals.namespace, NULL },
	{ 0, "json", &globals.json, NULL, NULL },
	{ 0, "dry-run", &globals.dry_run, NULL, NULL },
	{ 0, "timeout", NULL, NULL, set_timeout },
	{ 0, "no-progress", &globals.no_progress, NULL, NULL },
	{ 0, "progress-json", &globals.progress_json, NULL, NULL },
	{ 'q', "quiet", &globals.quiet, NULL, NULL },
};

/* Finds the option of @arg; @value is what is glued to it, or NULL. */
static const struct global_option *match(const char *arg, const char **value)
{
	const struct global_option *o;
	size_t i, len;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		o = &options[i];
		len = strlen(o->word);
		*value = NULL;
		if (arg[1] == '-' && !strncmp(arg + 2, o->word, len)) {
			if (arg[2 + len] == '=')
				*value = arg + 3 + len;
			if (!arg[2 + len] || *value)
				return o;
		} else if (arg[1] != '-' && o->letter && arg[1] == o->letter) {
			/* A flag with more letters behind it is not ours. */
			if (arg[2] && o->flag)
				continue;
			if (arg[2])
				*value = arg + 2;
			return o;
		}
	}
	return NULL;
}

static int apply(const struct global_option *o, const char *value)
{
	if (o->flag && value) {
		msg_error("--%s takes no value", o->word);
		return -1;
	}
	if (o->flag)
		*o->flag = true;
	else if (o->text)
		*o->text = value;
	else
		return o->set(value);
	return 0;
}

int globals_extract(int *argc, char **argv)
{
	const struct global_option *o;
	const char *value;
	int in, out = 1;

	for (in = 1; in < *argc; in++) {
		if (!strcmp(argv[in], "--"))
			break;
		o = *argv[in] == '-' ? match(argv[in], &value) : NULL;
		if (!o) {
			argv[out++] = argv[in];
			continue;
		}
		if (!o->flag && !value) {
			if (in + 1 == *argc) {
				msg_error("%s needs a value; see: rbdshare help",
					  argv[in]);
				return -1;
			}
			value = argv[++in];
		}
		if (!o->flag && !*value) {
			msg_error("--%s has an empty value", o->word);
			return -1;
		}
		if (apply(o, value))
			return -1;
	}
	while (in < *argc)
		argv[out++] = argv[in++];
	argv[out] = NULL;
	*argc = out;
	return 0;
}
