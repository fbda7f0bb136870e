/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writing units and drop-ins into a generator's output folder.
 */
#ifndef RBDSHARE_GENERATOR_UNITFILE_H
#define RBDSHARE_GENERATOR_UNITFILE_H

/**
 * unitfile_write() - write DIR/NAME
 * @dir: folder systemd gave us
 * @name: "x.service", or "x.service.d/50-y.conf": the folder is made
 * @text: content; a line that says who made it is put in front
 *
 * Return: 0 or a negative errno.
 */
int unitfile_write(const char *dir, const char *name, const char *text);

#endif
