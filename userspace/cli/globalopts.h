/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Taking the options every verb knows out of a command line.
 */
#ifndef RBDSHARE_CLI_GLOBALOPTS_H
#define RBDSHARE_CLI_GLOBALOPTS_H

/**
 * globals_extract() - fill the globals, keep the rest
 * @argc: number of words; lowered
 * @argv: words; what is no global option moves to the front
 *
 * Stops at "--", which is kept. Return: 0, or -1 with a message printed.
 */
int globals_extract(int *argc, char **argv);

#endif
