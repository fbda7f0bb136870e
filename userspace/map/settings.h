/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this run of rbdmap goes by.
 */
#ifndef RBDSHARE_MAP_SETTINGS_H
#define RBDSHARE_MAP_SETTINGS_H

#include "lib/mapsettings.h"

/* Filled by main() before the verb runs, not changed after that. */
extern struct mapsettings settings;

#endif
