// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the notes of a trace say of a tree's own trace points. The events of FUSE are
 * about one request each.
 */
#include "glue.h"

#include <linux/string.h>
#include <linux/tracepoint.h>

#include "fuse/opcodes.h"
#include "shim/heap.h"
#include "shim/log.h"

const char *shim_event_words(const char *event, const char *proto, ...)
{
	const struct fuse_req *req;
	__builtin_va_list args;

	if (strcmp(proto, "const struct fuse_req *req"))
		return event;
	__builtin_va_start(args, proto);
	req = __builtin_va_arg(args, const struct fuse_req *);
	__builtin_va_end(args);
	if (shim_heap_size_at(req) < sizeof(*req))
		return event;
	return shim_note_text("%s %s, unique %llu%s", event,
			      opcode_words(req->in.h.opcode),
			      req->in.h.unique & ~(1ull << 63),
			      req->in.h.unique >> 63 ? ", resent" : "");
}
