/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this node did and saw, for people: to the log, to the ring in RADOS,
 * and to whoever listens on the control socket.
 */
#ifndef RBDSHARED_DIARY_H
#define RBDSHARED_DIARY_H

#include "lib/eventring.h"

struct daemon;

#define DIARY_KEPT 64
#define DIARY_LINE 512
/* What the storage did not take, for later. */
#define DIARY_UNSAVED_BYTES (64U << 10)

/**
 * struct diary - the last lines, as JSON
 * @count: of all that were ever written; line i is in @lines[i % DIARY_KEPT]
 * @last: text of the last one, and how often it was said again
 */
struct diary {
	struct eventring *ring;
	unsigned long count;
	char lines[DIARY_KEPT][DIARY_LINE];
	char last[DIARY_LINE];
	unsigned int repeated;
};

/*
 * diary_open() - the session is open. Without the ring only the log is left.
 *
 * Lines that the storage does not take, for it is away or we are fenced, wait
 * in a file for a better time: the next line that it takes, or the next life.
 */
void diary_open(struct daemon *d);
void diary_close(struct daemon *d);

/**
 * struct diary_mark - for programs that look for what became of a node
 * @state: rbd_member_state_str()
 * @incarnation: of the node; 0 for none
 */
struct diary_mark {
	const char *state;
	uint64_t incarnation;
};

/**
 * diary_note() - write a line
 * @about: node number
 *
 * The same text again, one behind the other, is only counted.
 */
void diary_note(struct daemon *d, unsigned int about, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* diary_mark() - the same about a node whose state in the view is another */
void diary_mark(struct daemon *d, unsigned int about,
		const struct diary_mark *mark, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
