/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time for deadlines: monotonic milliseconds, never the wall clock.
 */
#ifndef RBDSHARE_LIB_CLOCK_H
#define RBDSHARE_LIB_CLOCK_H

/* Milliseconds since some fixed point; keeps going while suspended. */
long long clock_ms(void);

/* Sleeps, signals notwithstanding. */
void clock_sleep_ms(unsigned int ms);

#endif
