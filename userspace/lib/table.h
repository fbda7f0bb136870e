/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tables for people: capital headers, columns two blanks apart, nothing when
 * there are no rows.
 */
#ifndef RBDSHARE_LIB_TABLE_H
#define RBDSHARE_LIB_TABLE_H

#include <stdio.h>

struct table;

/**
 * table_new() - an empty table
 * @columns: headers with a blank between ('_' for a blank within one); one
 *	that ends with '>' is a column of numbers and set to the right
 *
 * Return: a table for table_print(), or NULL when out of memory.
 */
struct table *table_new(const char *columns);

/* One string per column, copied. NULL tables are ignored. */
void table_row(struct table *t, ...);

/* Prints to @out and frees. Return: 0 or -ENOMEM. */
int table_print(struct table *t, FILE *out);

#endif
