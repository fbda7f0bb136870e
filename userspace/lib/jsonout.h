/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The JSON every command prints with --json: one object with a
 * "schema_version", numbers as numbers, times as RFC 3339 in UTC.
 */
#ifndef RBDSHARE_LIB_JSONOUT_H
#define RBDSHARE_LIB_JSONOUT_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Raised when a key changes its meaning or goes away; additions keep it. */
#define JSONOUT_SCHEMA_VERSION 1

/**
 * jsonout_new() - the top object
 *
 * Return: an object of the caller, with "schema_version" in it. Memory for
 * JSON is taken for granted: json-c has no way to go on without it either.
 */
struct json_object *jsonout_new(void);

void jsonout_string(struct json_object *o, const char *key, const char *value);
void jsonout_u64(struct json_object *o, const char *key, uint64_t value);
void jsonout_bool(struct json_object *o, const char *key, bool value);

/* A string that need not be valid UTF-8: bad bytes become U+FFFD. */
struct json_object *jsonout_text(const char *bytes, size_t len);

/* "2026-11-23T03:09:17Z", or null when @t is zero. */
void jsonout_time(struct json_object *o, const char *key,
		  const struct timespec *t);

/* "2026-11-23T03:09:17Z"; 21 bytes suffice for four-digit years. */
void jsonout_time_format(time_t t, char *buf, size_t size);

/* Prints to stdout and frees @o. Return: 0 or -EIO (disk full, closed pipe). */
int jsonout_print(struct json_object *o);

#endif
