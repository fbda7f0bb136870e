/* SPDX-License-Identifier: GPL-2.0 */
/*
 * librados and librbd, loaded when a verb needs them: mapping at boot and the
 * cluster tools must work without Ceph's libraries.
 */
#ifndef RBDSHARE_LIB_RADOSDOOR_H
#define RBDSHARE_LIB_RADOSDOOR_H

#include <rados/librados.h>
#include <rbd/librbd.h>

#include "lib/fault.h"

#define RADOSDOOR_RADOS(X)           \
	X(rados_create2)             \
	X(rados_conf_read_file)      \
	X(rados_conf_set)            \
	X(rados_conf_get)            \
	X(rados_connect)             \
	X(rados_shutdown)            \
	X(rados_get_instance_id)     \
	X(rados_mon_command)         \
	X(rados_buffer_free)         \
	X(rados_pool_list)           \
	X(rados_pool_lookup)         \
	X(rados_ioctx_create)        \
	X(rados_ioctx_destroy)       \
	X(rados_ioctx_set_namespace) \
	X(rados_ioctx_pool_stat)     \
	X(rados_exec)

#define RADOSDOOR_RBD(X)                   \
	X(rbd_pool_init)                   \
	X(rbd_namespace_list)              \
	X(rbd_list2)                       \
	X(rbd_image_spec_list_cleanup)     \
	X(rbd_trash_list)                  \
	X(rbd_trash_list_cleanup)          \
	X(rbd_image_options_create)        \
	X(rbd_image_options_destroy)       \
	X(rbd_image_options_set_uint64)    \
	X(rbd_create4)                     \
	X(rbd_remove_with_progress)        \
	X(rbd_open)                        \
	X(rbd_open_read_only)              \
	X(rbd_close)                       \
	X(rbd_stat)                        \
	X(rbd_get_id)                      \
	X(rbd_get_features)                \
	X(rbd_get_create_timestamp)        \
	X(rbd_get_modify_timestamp)        \
	X(rbd_get_parent)                  \
	X(rbd_linked_image_spec_cleanup)   \
	X(rbd_snap_spec_cleanup)           \
	X(rbd_resize2)                     \
	X(rbd_read)                        \
	X(rbd_metadata_get)                \
	X(rbd_metadata_set)                \
	X(rbd_metadata_list)               \
	X(rbd_watchers_list)               \
	X(rbd_watchers_list_cleanup)       \
	X(rbd_snap_list)                   \
	X(rbd_snap_list_end)               \
	X(rbd_snap_create2)                \
	X(rbd_snap_remove2)                \
	X(rbd_snap_rollback_with_progress) \
	X(rbd_snap_protect)                \
	X(rbd_snap_unprotect)              \
	X(rbd_snap_is_protected)           \
	X(rbd_snap_get_timestamp)

/**
 * struct radosdoor - the functions, under the names of their headers
 *
 * Each member is a pointer to the function of the same name.
 */
struct radosdoor {
#define RADOSDOOR_MEMBER(name) __typeof__(name) *(name);
	RADOSDOOR_RADOS(RADOSDOOR_MEMBER)
	RADOSDOOR_RBD(RADOSDOOR_MEMBER)
#undef RADOSDOOR_MEMBER
};

/**
 * radosdoor_open() - load both libraries, once per process
 * @door: a table that lives until the process ends
 * @f: which package is missing
 *
 * Return: 0, or -ELIBACC.
 */
int radosdoor_open(const struct radosdoor **door, struct fault *f);

#endif
