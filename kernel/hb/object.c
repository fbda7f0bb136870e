// SPDX-License-Identifier: GPL-2.0
/* A heartbeat object. */
#include "object.h"

#include <linux/slab.h>

#include "hb_slot.h"

#define SLOTS_PER_PAGE (PAGE_SIZE / RBD_HB_SLOT_BYTES)
/* Of struct hb_object.slot. */
#define BEFORE_AT RBD_HB_SLOT_BYTES
#define SLOT_PAGES DIV_ROUND_UP(RBD_HB_MAX_NODES, SLOTS_PER_PAGE)

int hb_object_init(struct hb_object *obj, struct rbd_session *session,
		   wait_queue_head_t *wake, const char *cluster,
		   unsigned int index)
{
	obj->session = session;
	obj->wake = wake;
	ceph_oid_init(&obj->oid);
	/* Zero: slots that no read has reached yet are those of nobody. */
	obj->slots = ceph_alloc_page_vector(SLOT_PAGES,
					    GFP_KERNEL | __GFP_ZERO);
	if (IS_ERR(obj->slots)) {
		obj->slots = NULL;
		return -ENOMEM;
	}
	obj->slot = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!obj->slot)
		return -ENOMEM;
	return ceph_oid_aprintf(&obj->oid, GFP_KERNEL, "hb.%s.%u", cluster,
				index);
}

static void drop_transfer(struct hb_transfer *t)
{
	if (!t->request)
		return;
	/* Pairs with the release in the callbacks. */
	if (!smp_load_acquire(&t->done))
		ceph_osdc_cancel_request(t->request);
	/* Behind the callback, which still uses what the caller may free. */
	wait_for_completion(&t->request->r_completion);
	ceph_osdc_put_request(t->request);
	t->request = NULL;
}

void hb_object_destroy(struct hb_object *obj)
{
	drop_transfer(&obj->before);
	drop_transfer(&obj->write);
	drop_transfer(&obj->read);
	if (obj->slots)
		ceph_release_page_vector(obj->slots, SLOT_PAGES);
	if (obj->slot)
		__free_page(obj->slot);
	ceph_oid_destroy(&obj->oid);
	obj->slots = NULL;
	obj->slot = NULL;
}

bool hb_object_idle(const struct hb_object *obj)
{
	return !obj->before.request && !obj->write.request &&
	       !obj->read.request;
}

static bool is_over(const struct hb_transfer *t)
{
	/* Pairs with the release in the callbacks. */
	return t->request && smp_load_acquire(&t->done);
}

bool hb_object_done(const struct hb_object *obj)
{
	return (!obj->before.request || is_over(&obj->before)) &&
	       is_over(&obj->write) && is_over(&obj->read);
}

static void hb_object_before_reply(struct ceph_osd_request *req)
{
	struct hb_object *obj = req->r_priv;

	obj->before.result = req->r_result;
	/* Pairs with is_over(): the result is there. */
	smp_store_release(&obj->before.done, true);
	wake_up(obj->wake);
}

static void hb_object_write_reply(struct ceph_osd_request *req)
{
	struct hb_object *obj = req->r_priv;

	obj->write.result = req->r_result;
	/* Pairs with is_over(): the result is there. */
	smp_store_release(&obj->write.done, true);
	wake_up(obj->wake);
}

static void hb_object_read_reply(struct ceph_osd_request *req)
{
	struct hb_object *obj = req->r_priv;

	obj->read.result = req->r_result;
	/* Pairs with is_over(): the result is there. */
	smp_store_release(&obj->read.done, true);
	wake_up(obj->wake);
}

/* Memory is @pages, from byte @at of the first one on. */
static struct ceph_osd_request *new_request(struct hb_object *obj, u16 op,
					    u64 offset, u64 len,
					    struct page **pages, u32 at)
{
	struct ceph_osd_request *req;

	req = ceph_osdc_alloc_request(&obj->session->ceph->osdc, NULL, 1, false,
				      GFP_NOIO);
	if (!req)
		return NULL;
	ceph_oid_copy(&req->r_base_oid, &obj->oid);
	ceph_oloc_copy(&req->r_base_oloc, &obj->session->oloc);
	req->r_flags = op == CEPH_OSD_OP_WRITE ? CEPH_OSD_FLAG_WRITE :
						 CEPH_OSD_FLAG_READ;
	req->r_priv = obj;
	osd_req_op_extent_init(req, 0, op, offset, len, 0, 0);
	osd_req_op_extent_osd_data_pages(req, 0, pages, len, at, false, false);
	if (ceph_osdc_alloc_messages(req, GFP_NOIO)) {
		ceph_osdc_put_request(req);
		return NULL;
	}
	/* OSDs serve it before all data that waits there. */
	req->r_request->hdr.priority = cpu_to_le16(CEPH_MSG_PRIO_HIGH);
	return req;
}

static int make_reads(struct hb_object *obj, u64 offset, u32 bytes, bool look)
{
	struct ceph_osd_request *all, *own = NULL;

	all = new_request(obj, CEPH_OSD_OP_READ, 0, bytes, obj->slots, 0);
	if (!all)
		return -ENOMEM;
	/* Short of memory it is done without: the heartbeat goes first. */
	if (look)
		own = new_request(obj, CEPH_OSD_OP_READ, offset,
				  RBD_HB_SLOT_BYTES, &obj->slot, BEFORE_AT);
	if (own) {
		own->r_callback = hb_object_before_reply;
		own->r_snapid = CEPH_NOSNAP;
	}
	all->r_callback = hb_object_read_reply;
	all->r_snapid = CEPH_NOSNAP;
	obj->read_bytes = bytes;
	obj->read = (struct hb_transfer){ .request = all };
	obj->before = (struct hb_transfer){ .request = own };
	return 0;
}

int hb_object_start(struct hb_object *obj, u16 number, const u8 *bytes,
		    u64 counter, unsigned int nodes, bool look)
{
	struct ceph_osd_client *osdc = &obj->session->ceph->osdc;
	u64 offset = (u64)number * RBD_HB_SLOT_BYTES;
	struct ceph_osd_request *write;
	int err;

	memcpy(page_address(obj->slot), bytes, RBD_HB_SLOT_BYTES);
	write = new_request(obj, CEPH_OSD_OP_WRITE, offset, RBD_HB_SLOT_BYTES,
			    &obj->slot, 0);
	if (!write)
		return -ENOMEM;
	err = make_reads(obj, offset, nodes * RBD_HB_SLOT_BYTES, look);
	if (err) {
		ceph_osdc_put_request(write);
		return err;
	}
	write->r_callback = hb_object_write_reply;
	write->r_data_offset = 0;
	ktime_get_real_ts64(&write->r_mtime);
	obj->counter = counter;
	obj->write = (struct hb_transfer){ .request = write };
	if (obj->before.request)
		ceph_osdc_start_request(osdc, obj->before.request);
	ceph_osdc_start_request(osdc, write);
	ceph_osdc_start_request(osdc, obj->read.request);
	return 0;
}

/* What an OSD did not send is not there. */
static void clear_rest(struct hb_object *obj, u32 from)
{
	u32 in_page;

	for (; from < obj->read_bytes; from += in_page) {
		in_page = min_t(u32, PAGE_SIZE - offset_in_page(from),
				obj->read_bytes - from);
		memset(page_address(obj->slots[from >> PAGE_SHIFT]) +
		       offset_in_page(from), 0, in_page);
	}
}

int hb_object_reap(struct hb_object *obj, int *written, const u8 **before)
{
	bool looked = obj->before.request &&
		      obj->before.result == RBD_HB_SLOT_BYTES;
	int result = obj->read.result;

	*before = looked && obj->owned ? page_address(obj->slot) + BEFORE_AT :
					 NULL;
	*written = min(obj->write.result, 0);
	obj->owned = !*written;
	drop_transfer(&obj->before);
	drop_transfer(&obj->write);
	drop_transfer(&obj->read);
	clear_rest(obj, max(result, 0));
	return result;
}

const u8 *hb_object_slot(const struct hb_object *obj, u16 number)
{
	return page_address(obj->slots[number / SLOTS_PER_PAGE]) +
	       number % SLOTS_PER_PAGE * RBD_HB_SLOT_BYTES;
}
