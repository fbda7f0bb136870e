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

#define RADOSDOOR_RADOS(X, END)                      \
	X(rados_create2) END X(rados_conf_read_file) \
	END X(rados_conf_set)                        \
	END X(rados_conf_get)                        \
	END X(rados_connect)                         \
	END X(rados_shutdown)                        \
	END X(rados_get_instance_id)                 \
	END X(rados_mon_command)                     \
	END X(rados_buffer_free)                     \
	END X(rados_pool_list)                       \
	END X(rados_pool_lookup)                     \
	END X(rados_ioctx_create)                    \
	END X(rados_ioctx_destroy)                   \
	END X(rados_ioctx_set_namespace)             \
	END X(rados_set_pool_full_try)               \
	END X(rados_ioctx_pool_stat)                 \
	END X(rados_exec)                            \
	END X(rados_ioctx_create2)                   \
	END X(rados_getaddrs)                        \
	END X(rados_wait_for_latest_osdmap)          \
	END X(rados_create_write_op)                 \
	END X(rados_release_write_op)                \
	END X(rados_write_op_cmpxattr)               \
	END X(rados_write_op_setxattr)               \
	END X(rados_write_op_create)                 \
	END X(rados_write_op_write_full)             \
	END X(rados_write_op_append)                 \
	END X(rados_stat)                            \
	END X(rados_read)                            \
	END X(rados_write_op_operate2)               \
	END X(rados_create_read_op)                  \
	END X(rados_release_read_op)                 \
	END X(rados_read_op_getxattrs)               \
	END X(rados_read_op_read)                    \
	END X(rados_read_op_operate)                 \
	END X(rados_getxattrs_next)                  \
	END X(rados_getxattrs_end)                   \
	END X(rados_aio_watch)                       \
	END X(rados_unwatch2)                        \
	END X(rados_watch_flush)                     \
	END X(rados_ioctx_get_cluster)               \
	END X(rados_notify_ack)                      \
	END X(rados_aio_notify)                      \
	END X(rados_aio_create_completion2)          \
	END X(rados_aio_release)                     \
	END X(rados_aio_get_return_value)            \
	END X(rados_aio_cancel)                      \
	END X(rados_aio_is_complete)                 \
	END X(rados_aio_stat) END

#define RADOSDOOR_RBD(X, END)                      \
	X(rbd_pool_init) END X(rbd_namespace_list) \
	END X(rbd_list2)                           \
	END X(rbd_image_spec_list_cleanup)         \
	END X(rbd_trash_list)                      \
	END X(rbd_trash_list_cleanup)              \
	END X(rbd_image_options_create)            \
	END X(rbd_image_options_destroy)           \
	END X(rbd_image_options_set_uint64)        \
	END X(rbd_create4)                         \
	END X(rbd_remove_with_progress)            \
	END X(rbd_open)                            \
	END X(rbd_open_read_only)                  \
	END X(rbd_open_by_id_read_only)            \
	END X(rbd_close)                           \
	END X(rbd_stat)                            \
	END X(rbd_get_id)                          \
	END X(rbd_get_features)                    \
	END X(rbd_get_create_timestamp)            \
	END X(rbd_get_modify_timestamp)            \
	END X(rbd_get_parent)                      \
	END X(rbd_linked_image_spec_cleanup)       \
	END X(rbd_snap_spec_cleanup)               \
	END X(rbd_resize2)                         \
	END X(rbd_read)                            \
	END X(rbd_metadata_get)                    \
	END X(rbd_metadata_set)                    \
	END X(rbd_metadata_list)                   \
	END X(rbd_watchers_list)                   \
	END X(rbd_watchers_list_cleanup)           \
	END X(rbd_snap_list)                       \
	END X(rbd_snap_list_end)                   \
	END X(rbd_snap_create2)                    \
	END X(rbd_snap_remove2)                    \
	END X(rbd_snap_rollback_with_progress)     \
	END X(rbd_snap_protect)                    \
	END X(rbd_snap_unprotect)                  \
	END X(rbd_snap_is_protected)               \
	END X(rbd_snap_get_timestamp) END

/**
 * struct radosdoor - the functions, under the names of their headers
 *
 * Each member is a pointer to the function of the same name.
 */
struct radosdoor {
#define RADOSDOOR_MEMBER(name) __typeof__(name) *(name)
	RADOSDOOR_RADOS(RADOSDOOR_MEMBER, ;)
	RADOSDOOR_RBD(RADOSDOOR_MEMBER, ;)
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
