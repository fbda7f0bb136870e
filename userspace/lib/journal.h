/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages with fields for systemd's journal, by its native protocol:
 * "journalctl RBD_IMAGE=pool/image" finds them. No library is needed.
 */
#ifndef RBDSHARE_LIB_JOURNAL_H
#define RBDSHARE_LIB_JOURNAL_H

#include <stdbool.h>

/* As syslog(3) has them. */
#define JOURNAL_ERROR 3
#define JOURNAL_WARNING 4
#define JOURNAL_INFO 6

/**
 * struct journal_fields - what a message is about
 * @image: RBD_IMAGE, "pool/image"; NULL leaves it out
 * @device: RBD_DEVICE, "/dev/rbd0"; NULL leaves it out
 * @error: ERRNO; 0 leaves it out, the sign does not count
 */
struct journal_fields {
	const char *image;
	const char *device;
	int error;
};

/* Does stderr of this process go to the journal? $JOURNAL_STREAM tells. */
bool journal_is_stderr(void);

/**
 * journal_send() - one entry
 * @program: SYSLOG_IDENTIFIER
 * @text: MESSAGE, one line
 *
 * Return: 0 or a negative errno; then the message has to go another way.
 */
int journal_send(int priority, const char *program,
		 const struct journal_fields *fields, const char *text);

#endif
