/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The cluster's status as text: one screen, short when all is well; what is
 * not well comes with its reason and the next command.
 */
#ifndef RBDSHARE_LIB_STATUSTEXT_H
#define RBDSHARE_LIB_STATUSTEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/clusterhealth.h"

/* statustext_print() - the screen; @colour: the terminal knows it */
void statustext_print(FILE *out, const struct clusterstatus *s,
		      const struct clusterhealth *h, bool colour);

/* statustext_short() - one line, as monitoring plugins print it */
void statustext_short(FILE *out, const struct clusterstatus *s,
		      const struct clusterhealth *h);

#endif
