// SPDX-License-Identifier: GPL-2.0
/*
 * Notifications from anywhere: taken exactly when the structure is whole
 * and holds an operation, which is then the one that stands there.
 */
#include "must.h"
#include "notify_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u32 op;
	int ret = rbd_decode_notify(data, size, &op);
	u64 length;

	if (!size) {
		MUST(!ret && op == RBD_NOTIFY_HEADER_UPDATE);
		return 0;
	}
	length = size < 6 ? 0 : number_at(data + 2, 4);
	if (length < 4 || length > size - 6) {
		MUST(ret == -EBADMSG);
		return 0;
	}
	MUST(!ret && op == number_at(data + 6, 4));
	return 0;
}
