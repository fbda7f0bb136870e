/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Spans of time for people: short, with a unit.
 */
#ifndef RBDSHARE_LIB_AGE_H
#define RBDSHARE_LIB_AGE_H

#include <stddef.h>
#include <stdint.h>

/* Room for any of them. */
#define AGE_TEXT 24

/* "0.3 s", "10 s", "14 min", "3 h", "12 days" */
void age_format(uint64_t ms, char text[AGE_TEXT]);

/* A latency: "0.4 ms", "21 ms", "1.5 s" */
void age_latency(uint64_t us, char text[AGE_TEXT]);

#endif
