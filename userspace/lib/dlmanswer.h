/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests and answers of libdlmcontrol as bytes; dlmquery.h moves them.
 */
#ifndef RBDSHARE_LIB_DLMANSWER_H
#define RBDSHARE_LIB_DLMANSWER_H

#include "lib/dlmquery.h"

/* Bytes of a request. */
#define DLMANSWER_REQUEST 96

/**
 * struct dlmanswer - bytes to be sent; the caller frees @buf
 * @len: of @buf that count
 */
struct dlmanswer {
	char *buf;
	size_t len;
	size_t size;
};

/**
 * dlmanswer_make() - the answer to a request
 * @request: DLMANSWER_REQUEST bytes
 *
 * Return: 0, -EBADMSG when it is no request, or -ENOMEM.
 */
int dlmanswer_make(const struct dlmquery_source *source, const char *request,
		   struct dlmanswer *out);

#endif
