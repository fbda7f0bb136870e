/* SPDX-License-Identifier: GPL-2.0 */
/*
 * systemd's escaping of names, as systemd-escape(1) does it.
 */
#ifndef RBDSHARE_GENERATOR_UNITNAME_H
#define RBDSHARE_GENERATOR_UNITNAME_H

/**
 * unitname_escape() - a string as part of a unit name: '/' becomes '-'
 *
 * Return: a string the caller frees; NULL when out of memory.
 */
char *unitname_escape(const char *text);

/**
 * unitname_path() - a path as unit name without suffix: "/mnt/a" is "mnt-a"
 *
 * Leading, trailing and double slashes do not count; "/" is "-".
 *
 * Return: a string the caller frees; NULL when out of memory.
 */
char *unitname_path(const char *path);

#endif
