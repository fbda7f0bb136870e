/* SPDX-License-Identifier: GPL-2.0 */
/* What the core wants done is done here, by the part whose task it is. */
#ifndef RBDSHARED_ACT_H
#define RBDSHARED_ACT_H

/* act_all() - everything the core wants; behind each round of the loop */
void act_all(void *daemon);

#endif
