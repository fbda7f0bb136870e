/* SPDX-License-Identifier: GPL-2.0 */
/* How it stands, for people and monitoring. */
#ifndef RBDSHARED_REPORT_H
#define RBDSHARED_REPORT_H

#include <json-c/json.h>

struct daemon;

/* report_status() - an object of the caller */
struct json_object *report_status(struct daemon *d);

/* report_metrics() - text exposition of Prometheus; the caller frees it */
char *report_metrics(struct daemon *d);

/* report_state() - this node, in a word */
const char *report_state(const struct daemon *d);

#endif
