/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The map file, and which of its lines a command is about.
 */
#ifndef RBDSHARE_MAP_SELECT_H
#define RBDSHARE_MAP_SELECT_H

#include "lib/mapfile.h"
#include "lib/mapreq.h"
#include "map/verbs.h"

/**
 * select_load() - read the map file and print its errors
 *
 * Return: 0; 1 when there is no file (said so); a negative errno (said so).
 */
int select_load(struct mapfile *file);

/**
 * select_wanted() - is the line meant?
 *
 * Without specs on the command line: all but noauto ones.
 */
bool select_wanted(const struct mapfile_entry *e, const struct verb_options *o);

/**
 * select_request() - what the line asks for, without time-outs
 *
 * Borrows the strings of @e.
 */
struct mapreq select_request(const struct mapfile_entry *e);

/**
 * select_check_specs() - are the specs of the command line in the file?
 *
 * Return: true, or false after a message for each that is not.
 */
bool select_check_specs(const struct mapfile *file,
			const struct verb_options *o);

#endif
