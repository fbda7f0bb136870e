/* SPDX-License-Identifier: GPL-2.0 */
/* What cluster managers and people are told of the options. */
#ifndef RBDSHARE_AGENT_METADATA_H
#define RBDSHARE_AGENT_METADATA_H

#include <stdio.h>

/* metadata_print() - XML in the form of resource agents */
void metadata_print(FILE *out);

/* metadata_help() - for --help */
void metadata_help(FILE *out);

#endif
