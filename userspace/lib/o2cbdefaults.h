/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The four time-outs of the o2cb stack, as /etc/default/o2cb has them.
 *
 * How they hang together:
 *  - Disk heartbeat: each node writes its slot every 2 s. A node is dead when
 *    its slot stood still for THRESHOLD looks, the first of which is the last
 *    sign of life: dead after (THRESHOLD - 1) * 2 s. A node that cannot write
 *    its own slot for that long resets itself.
 *  - Network idle: a connection over which nothing came for IDLE ms is closed.
 *    It has to be shorter than "dead after", so that a broken network is seen
 *    while the disk heartbeat still tells who lives; half of it by default,
 *    but not over 60 s, because locks wait for it.
 *  - Keepalive: a packet is sent when the line was silent for KEEPALIVE ms.
 *    It must be less than IDLE (the kernel refuses more), and half of it or
 *    less lets one packet get lost. 1/15 of IDLE by default, 1 s to 2 s.
 *  - Reconnect: pause between two attempts to connect. Half of IDLE or less,
 *    so that there is a second attempt before the peer is given up.
 *
 * All nodes must have the same four values: a peer with others is refused at
 * the handshake. The kernel takes them when the cluster goes online only.
 */
#ifndef RBDSHARE_LIB_O2CBDEFAULTS_H
#define RBDSHARE_LIB_O2CBDEFAULTS_H

#include "lib/fault.h"
#include "lib/finding.h"
#include "lib/shellvars.h"

enum o2cb_timeout {
	O2CB_THRESHOLD,
	O2CB_IDLE,
	O2CB_KEEPALIVE,
	O2CB_RECONNECT,
	O2CB_TIMEOUTS,
};

/**
 * struct o2cb_timeout_desc - one of them
 * @variable: name in /etc/default/o2cb
 * @attribute: its file below the cluster's folder in configfs
 * @label: for people
 * @minimum: smallest value the init script of o2cb takes
 * @standard: what the kernel uses when nothing is set
 */
struct o2cb_timeout_desc {
	const char *variable;
	const char *attribute;
	const char *label;
	const char *json;
	unsigned int minimum;
	unsigned int standard;
};

extern const struct o2cb_timeout_desc o2cb_timeout_desc[O2CB_TIMEOUTS];

/**
 * struct o2cb_timeouts - the values as written: looks, ms, ms, ms
 * @line: line in the file each comes from; 0 when it is the standard value
 * @column: column of the value in it
 */
struct o2cb_timeouts {
	unsigned int value[O2CB_TIMEOUTS];
	unsigned int line[O2CB_TIMEOUTS];
	unsigned int column[O2CB_TIMEOUTS];
};

/* What a person wants; 0 = computed from the others. All in ms. */
struct o2cb_wish {
	unsigned int dead_after_ms;
	unsigned int idle_ms;
	unsigned int keepalive_ms;
	unsigned int reconnect_ms;
};

/* Shortest and longest "dead after", in seconds. */
#define O2CB_DEAD_AFTER_MIN_S 12
#define O2CB_DEAD_AFTER_MAX_S 3600

/* o2cb_dead_after_s() - seconds of a threshold: (threshold - 1) * 2. */
unsigned int o2cb_dead_after_s(unsigned int threshold);

/* o2cb_threshold() - threshold for seconds, odd ones rounded up. */
unsigned int o2cb_threshold(unsigned int seconds);

/**
 * o2cb_duration() - "120s", "120", "2m", "1500ms" to milliseconds
 *
 * Return: 0, or -EINVAL with a sentence.
 */
int o2cb_duration(const char *text, unsigned int *ms, struct fault *f);

/**
 * o2cb_compute() - all four values from what is wanted
 * @now: the present ones; kept when neither wished nor computed from a wish
 * @out: may be the same as @now
 *
 * A new "dead after" computes the other three anew.
 *
 * Return: 0, or -EINVAL with a sentence when a value or relation is bad.
 */
int o2cb_compute(const struct o2cb_wish *wish, const struct o2cb_timeouts *now,
		 struct o2cb_timeouts *out, struct fault *f);

/**
 * o2cb_read() - the values of a file
 * @file: its path, for the findings
 * @found: takes values that are no numbers, too small, or do not fit together;
 *	may be NULL
 *
 * Return: 0 or -ENOMEM. A value that cannot be read becomes the standard one.
 */
int o2cb_read(const struct shellvars *vars, const char *file,
	      struct o2cb_timeouts *out, struct finding_list *found);

/* o2cb_write() - put the four values in; 0 or -ENOMEM. */
int o2cb_write(struct shellvars *vars, const struct o2cb_timeouts *t);

/* o2cb_enabled() - whether o2cb starts at boot, as its init script sees it. */
bool o2cb_enabled(const struct shellvars *vars);

/* The file to use: /etc/sysconfig/o2cb where it exists, as o2cb does. */
const char *o2cb_defaults_path(void);

#endif
