// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE in scenario files: what can be expected of calls, queues and the connection.
 */
#include "fuse/fuse_i.h"
#include "fuse/words/words.h"

#define GET(name, type, known, expression)                         \
	static bool get_##name(const void *what, long long *value) \
	{                                                          \
		const type *x = what;                              \
		*value = (long long)(expression);                  \
		return known;                                      \
	}

GET(call_ended, struct call, true, x->done)
GET(call_started, struct call, true, x->started)
GET(call_under_way, struct call, true, x->started && !x->done)
GET(call_times, struct call, true, x->times_ended)
GET(call_result, struct call, x->done, x->ret)
GET(call_size, struct call, x->done, x->attr_size)
GET(call_ino, struct call, x->done, x->ino)
GET(call_data, struct call, true, call_has_data(x))
GET(command_ended, struct submit, true, x->completed)
GET(command_result, struct submit, x->completed, x->res)
GET(command_cqes, struct submit, true, x->cqes)
GET(take_arrived, struct delivery, true, x->arrived)
GET(take_result, struct delivery, x->arrived, x->cqe_res)
GET(take_opcode, struct delivery, x->arrived && !x->cqe_res, x->opcode)
GET(take_ino, struct delivery, x->arrived && !x->cqe_res, x->nodeid)
GET(take_queue, struct delivery, x->arrived, x->qid)
GET(take_entry, struct delivery, x->arrived, x->ent)
GET(take_len, struct delivery, x->arrived && !x->cqe_res, x->len)
GET(take_payload, struct delivery, x->arrived && !x->cqe_res, x->payload_sz)
GET(dev_ended, struct dev_read, true, x->done)
GET(dev_result, struct dev_read, x->done, x->ret)
GET(dev_opcode, struct dev_read, x->done && x->ret > 0, x->opcode)
GET(dev_ino, struct dev_read, x->done && x->ret > 0, x->nodeid)
GET(notice_ended, struct notice, true, x->done)
GET(notice_result, struct notice, x->done, x->ret)
GET(control_ended, struct dev_control, true, x->done)
GET(control_result, struct dev_control, x->done, x->ret)
GET(ring_exists, struct ring_view, true, x->exists)
GET(ring_ready, struct ring_view, true, x->ready)
GET(ring_connected, struct ring_view, true, x->connected)
GET(ring_blocked, struct ring_view, true, x->blocked)
GET(ring_queues, struct ring_view, true, x->nr_queues)
GET(ring_refs, struct ring_view, true, x->queue_refs)
GET(ring_waiting, struct ring_view, true, x->num_waiting)
GET(ring_background, struct ring_view, true, x->num_background)
GET(ring_active, struct ring_view, true, x->active_background)
GET(queue_stopped, struct queue_view, true, x->stopped)
GET(queue_entries, struct queue_view, true, x->nr_ents)
GET(queue_waiting, struct queue_view, true, x->waiting)
GET(queue_waiting_bg, struct queue_view, true, x->waiting_bg)
GET(queue_active, struct queue_view, true, x->active_background)
GET(queue_buffers, struct queue_view, true, x->nbufs)
GET(queue_free, struct queue_view, true, x->free_bufs)

static unsigned int in_state(const struct queue_view *q, enum subject_ent_state state)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < q->nr_ents && i < VIEW_ENTS; i++)
		n += q->ents[i].state == state;
	return n;
}

GET(queue_available, struct queue_view, true, in_state(x, ENT_AVAILABLE))
GET(queue_userspace, struct queue_view, true, in_state(x, ENT_USERSPACE))

const struct text_property fuse_properties[] = {
	{ "ended", A_CALL, true, get_call_ended },
	{ "started", A_CALL, true, get_call_started },
	{ "under-way", A_CALL, true, get_call_under_way },
	{ "data", A_CALL, true, get_call_data },
	{ "result", A_CALL, false, get_call_result },
	{ "times-ended", A_CALL, false, get_call_times },
	{ "file-size", A_CALL, false, get_call_size },
	{ "ino", A_CALL, false, get_call_ino },
	{ "ended", A_COMMAND, true, get_command_ended },
	{ "result", A_COMMAND, false, get_command_result },
	{ "cqes", A_COMMAND, false, get_command_cqes },
	{ "arrived", A_TAKE, true, get_take_arrived },
	{ "result", A_TAKE, false, get_take_result },
	{ "opcode", A_TAKE, false, get_take_opcode },
	{ "ino", A_TAKE, false, get_take_ino },
	{ "queue", A_TAKE, false, get_take_queue },
	{ "entry", A_TAKE, false, get_take_entry },
	{ "len", A_TAKE, false, get_take_len },
	{ "payload-size", A_TAKE, false, get_take_payload },
	{ "ended", A_DEV_READ, true, get_dev_ended },
	{ "result", A_DEV_READ, false, get_dev_result },
	{ "opcode", A_DEV_READ, false, get_dev_opcode },
	{ "ino", A_DEV_READ, false, get_dev_ino },
	{ "ended", A_NOTICE, true, get_notice_ended },
	{ "result", A_NOTICE, false, get_notice_result },
	{ "ended", A_CONTROL, true, get_control_ended },
	{ "result", A_CONTROL, false, get_control_result },
	{ "ring", THE_CONNECTION, true, get_ring_exists },
	{ "ready", THE_CONNECTION, true, get_ring_ready },
	{ "connected", THE_CONNECTION, true, get_ring_connected },
	{ "blocked", THE_CONNECTION, true, get_ring_blocked },
	{ "queues", THE_CONNECTION, false, get_ring_queues },
	{ "references", THE_CONNECTION, false, get_ring_refs },
	{ "waiting", THE_CONNECTION, false, get_ring_waiting },
	{ "background", THE_CONNECTION, false, get_ring_background },
	{ "active-background", THE_CONNECTION, false, get_ring_active },
	{ "stopped", A_QUEUE, true, get_queue_stopped },
	{ "entries", A_QUEUE, false, get_queue_entries },
	{ "waiting", A_QUEUE, false, get_queue_waiting },
	{ "waiting-background", A_QUEUE, false, get_queue_waiting_bg },
	{ "active-background", A_QUEUE, false, get_queue_active },
	{ "buffers", A_QUEUE, false, get_queue_buffers },
	{ "free-buffers", A_QUEUE, false, get_queue_free },
	{ "available", A_QUEUE, false, get_queue_available },
	{ "userspace", A_QUEUE, false, get_queue_userspace },
	{ NULL, 0, false, NULL },
};

static const void *look_at_connection(struct world *w, unsigned int nr)
{
	static struct ring_view view;

	(void)nr;
	fuse_ring(w, &view);
	return &view;
}

static const void *look_at_queue(struct world *w, unsigned int nr)
{
	static struct queue_view view;

	return fuse_queue(w, nr, &view) ? &view : NULL;
}

const struct text_thing fuse_things[] = {
	{ "connection", THE_CONNECTION, false, 0, look_at_connection },
	{ "queue", A_QUEUE, true, MAX_QUEUES, look_at_queue },
	{ NULL, 0, false, 0, NULL },
};
