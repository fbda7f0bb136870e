// SPDX-License-Identifier: GPL-2.0
#include "lib/nodelist.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 64

char *nodelist_format(const struct nodesettings *set)
{
	char ip[INET_ADDRSTRLEN], *text = NULL;
	size_t size;
	unsigned int n;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%016" PRIx64 "\n", set->config_hash);
	for (n = 0; n < NODESETTINGS_NODES; n++)
		if (*set->nodes[n].name)
			fprintf(out, "%u %s %s\n", n, set->nodes[n].name,
				inet_ntop(AF_INET, &set->nodes[n].ip, ip,
					  sizeof(ip)));
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static int parse_line(const char *line, struct nodesettings_node *nodes)
{
	char name[sizeof(nodes->name)], ip[INET_ADDRSTRLEN];
	unsigned int n;
	int end = 0;

	if (sscanf(line, "%u %64s %15s%n", &n, name, ip, &end) != 3 ||
	    line[end] || n >= NODESETTINGS_NODES || *nodes[n].name ||
	    inet_pton(AF_INET, ip, &nodes[n].ip) != 1)
		return -EBADMSG;
	strcpy(nodes[n].name, name);
	return 0;
}

int nodelist_parse(const char *text, size_t len, uint64_t *hash,
		   struct nodesettings_node *nodes)
{
	char *copy = strndup(text, len), *rest = copy, *line;
	int end = 0, err = 0;

	memset(nodes, 0, NODESETTINGS_NODES * sizeof(*nodes));
	line = copy ? strsep(&rest, "\n") : NULL;
	if (!line || sscanf(line, "%16" SCNx64 "%n", hash, &end) != 1 ||
	    end != 16 || line[end])
		err = -EBADMSG;
	while (!err && (line = strsep(&rest, "\n")))
		if (*line)
			err = parse_line(line, nodes);
	free(copy);
	return err;
}

static void describe(const struct nodesettings_node *node, char *text,
		     size_t size)
{
	char ip[INET_ADDRSTRLEN];

	if (*node->name)
		snprintf(text, size, "%s (%s)", node->name,
			 inet_ntop(AF_INET, &node->ip, ip, sizeof(ip)));
	else
		snprintf(text, size, "nobody");
}

void nodelist_difference(const struct nodesettings_node *here,
			 const struct nodesettings_node *there, char *text,
			 size_t size)
{
	char a[128], b[128];
	unsigned int n;

	snprintf(text, size, "%s", "");
	for (n = 0; n < NODESETTINGS_NODES; n++) {
		if (!strcmp(here[n].name, there[n].name) &&
		    here[n].ip.s_addr == there[n].ip.s_addr)
			continue;
		describe(&here[n], a, sizeof(a));
		describe(&there[n], b, sizeof(b));
		snprintf(text, size, "number %u is %s here, %s there", n, a, b);
		return;
	}
}

static void object_name(const char *cluster, unsigned int number,
			char name[NAME_BYTES])
{
	snprintf(name, NAME_BYTES, "nodes.%s.%u", cluster, number);
}

int nodelist_write(const struct nodesettings *set, const struct radosdoor *door,
		   rados_ioctx_t io)
{
	char name[NAME_BYTES], *text = nodelist_format(set);
	rados_write_op_t op;
	int err;

	if (!text)
		return -ENOMEM;
	object_name(set->cluster, set->number, name);
	op = door->rados_create_write_op();
	door->rados_write_op_write_full(op, text, strlen(text));
	/* A full pool shall be an answer, not a wait. */
	err = door->rados_write_op_operate2(op, io, name, NULL,
					    LIBRADOS_OPERATION_FULL_TRY);
	door->rados_release_write_op(op);
	free(text);
	return err;
}

int nodelist_read(const char *cluster, unsigned int number, uint64_t hash,
		  const struct radosdoor *door, rados_ioctx_t io,
		  struct nodesettings_node *nodes)
{
	char name[NAME_BYTES], *text = malloc(NODELIST_MAX_BYTES);
	uint64_t its = 0;
	int n, err;

	if (!text)
		return -ENOMEM;
	object_name(cluster, number, name);
	n = door->rados_read(io, name, text, NODELIST_MAX_BYTES, 0);
	err = n < 0 ? n : nodelist_parse(text, (size_t)n, &its, nodes);
	free(text);
	return err ?: its == hash ? 0 : -ENOENT;
}
