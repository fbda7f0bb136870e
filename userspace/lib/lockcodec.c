// SPDX-License-Identifier: GPL-2.0
/* The driver's codec of the OSD class "lock", compiled into the library. */
#include "../../kernel/logic/lock_codec.c"
