/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Questions to the daemon that several programs and verbs have.
 */
#ifndef RBDSHARE_LIB_CLUSTERASK_H
#define RBDSHARE_LIB_CLUSTERASK_H

#include "lib/clusterstatus.h"
#include "lib/fault.h"

/**
 * clusterask_status() - what the daemon says about the cluster
 * @s: clusterstatus_free() on success
 *
 * Return: 0 or as controldoor_ask(), with a sentence.
 */
int clusterask_status(struct clusterstatus *s, struct fault *f);

/* The same for those who cannot wait CONTROLDOOR_SILENCE_MS for each line. */
int clusterask_status_within(struct clusterstatus *s, unsigned int silence_ms,
			     struct fault *f);

/**
 * clusterask_do() - have the daemon do something
 * @request: put here
 * @said: its words about it, ""
 *
 * What it tells meanwhile is printed.
 *
 * Return: 0 or as controldoor_ask(), with a sentence.
 */
int clusterask_do(struct json_object *request, struct fault *said,
		  struct fault *f);

/* clusterask_end() - print the sentence of a failure; the exit code */
int clusterask_end(int ret, const struct fault *f);

#endif
