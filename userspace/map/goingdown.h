/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Does the host go down?
 */
#ifndef RBDSHARE_MAP_GOINGDOWN_H
#define RBDSHARE_MAP_GOINGDOWN_H

#include <stdbool.h>

/**
 * goingdown() - is this host being halted, switched off or started anew?
 *
 * systemd is asked, for a few seconds at most; without it the run level that
 * init's scripts are given decides. In doubt it is not.
 */
bool goingdown(void);

#endif
