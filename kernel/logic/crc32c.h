/* SPDX-License-Identifier: GPL-2.0 */
/* CRC-32C (Castagnoli), as iSCSI and ext4 have it; crc32c("123456789") is 0xe3069283. */
#ifndef RBD_LOGIC_CRC32C_H
#define RBD_LOGIC_CRC32C_H

#include "base.h"

/**
 * rbd_crc32c() - of some kilobytes at most: four bits at a time
 * @p: bytes
 * @len: their number
 */
static inline u32 rbd_crc32c(const u8 *p, size_t len)
{
	static const u32 nibble[16] = {
		0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
		0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
		0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
		0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
	};
	u32 crc = ~(u32)0;

	while (len--) {
		crc ^= *p++;
		crc = crc >> 4 ^ nibble[crc & 15];
		crc = crc >> 4 ^ nibble[crc & 15];
	}
	return ~crc;
}

#endif
