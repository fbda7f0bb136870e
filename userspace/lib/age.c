// SPDX-License-Identifier: GPL-2.0
#include "lib/age.h"

#include <stdio.h>

#define SECOND_MS 1000ULL
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)

/* Tenths below ten, cut and not rounded: an age is never made older. */
static void with_tenths(uint64_t thousandths, const char *unit, char *text)
{
	unsigned long long whole = thousandths / 1000;

	if (whole < 10 && thousandths % 1000)
		snprintf(text, AGE_TEXT, "%llu.%llu %s", whole,
			 (unsigned long long)(thousandths % 1000 / 100), unit);
	else
		snprintf(text, AGE_TEXT, "%llu %s", whole, unit);
}

void age_format(uint64_t ms, char text[AGE_TEXT])
{
	if (ms < 2 * MINUTE_MS)
		with_tenths(ms, "s", text);
	else if (ms < 2 * HOUR_MS)
		snprintf(text, AGE_TEXT, "%llu min",
			 (unsigned long long)(ms / MINUTE_MS));
	else if (ms < 2 * DAY_MS)
		snprintf(text, AGE_TEXT, "%llu h",
			 (unsigned long long)(ms / HOUR_MS));
	else
		snprintf(text, AGE_TEXT, "%llu days",
			 (unsigned long long)(ms / DAY_MS));
}

void age_latency(uint64_t us, char text[AGE_TEXT])
{
	if (us < 1000000)
		with_tenths(us, "ms", text);
	else
		age_format(us / 1000, text);
}
