// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE in scenario files: notifications of a server, "notify-store ino 2 offset 0 size
 * 9".
 */
#include "fuse/fuse_i.h"
#include "fuse/words/notify.h"

static void *notify(struct actor *a, const struct text_value *v, uint32_t code)
{
	const struct notice n = {
		.code = code,
		.ino = (uint64_t)v[NOTIFY_INO].number,
		.child = (uint64_t)v[NOTIFY_CHILD].number,
		.offset = (uint64_t)v[NOTIFY_OFFSET].number,
		.size = (uint64_t)v[NOTIFY_SIZE].number,
		.unique = (uint64_t)v[NOTIFY_UNIQUE].number,
		.name = v[NOTIFY_NAME].name,
		.len = (int32_t)v[NOTIFY_LEN].number,
		.count = (int32_t)v[NOTIFY_COUNT].number,
	};

	return server_notifies(a, &n);
}

#define NOTIFY(name, code)                                                     \
	void *queue_notify_##name(struct actor *a, const struct text_value *v) \
	{                                                                      \
		return notify(a, v, code);                                     \
	}

NOTIFY(poll, NOTIFY_POLL)
NOTIFY(inval_inode, NOTIFY_INVAL_INODE)
NOTIFY(inval_entry, NOTIFY_INVAL_ENTRY)
NOTIFY(store, NOTIFY_STORE)
NOTIFY(retrieve, NOTIFY_RETRIEVE)
NOTIFY(delete, NOTIFY_DELETE)
NOTIFY(resend, NOTIFY_RESEND)
NOTIFY(epoch, NOTIFY_INC_EPOCH)
NOTIFY(prune, NOTIFY_PRUNE)

static const char *const words[] = {
	[NOTIFY_POLL] = "poll",
	[NOTIFY_INVAL_INODE] = "inval-inode",
	[NOTIFY_INVAL_ENTRY] = "inval-entry",
	[NOTIFY_STORE] = "store",
	[NOTIFY_RETRIEVE] = "retrieve",
	[NOTIFY_DELETE] = "delete",
	[NOTIFY_RESEND] = "resend",
	[NOTIFY_INC_EPOCH] = "epoch",
	[NOTIFY_PRUNE] = "prune",
};

static void print_range(FILE *out, const struct notice *n)
{
	fprintf(out, " offset %llu size %llu", (unsigned long long)n->offset,
		(unsigned long long)n->size);
}

bool print_notice(FILE *out, const struct notice *n)
{
	if (n->code >= sizeof(words) / sizeof(words[0]) || !words[n->code])
		return false;
	fprintf(out, "notify-%s", words[n->code]);
	if (n->ino)
		fprintf(out, " ino %llu", (unsigned long long)n->ino);
	if (n->code == NOTIFY_DELETE)
		fprintf(out, " child %llu", (unsigned long long)n->child);
	if (n->code == NOTIFY_STORE || n->code == NOTIFY_RETRIEVE ||
	    n->code == NOTIFY_INVAL_INODE)
		print_range(out, n);
	if (n->code == NOTIFY_POLL)
		fprintf(out, " handle %llu", (unsigned long long)n->unique);
	if (n->code == NOTIFY_RETRIEVE)
		fprintf(out, " unique %llu", (unsigned long long)n->unique);
	if (n->name)
		fprintf(out, " name %s", n->name);
	if (n->len)
		fprintf(out, " len %+d", n->len);
	if (n->count)
		fprintf(out, " count %+d", n->count);
	return true;
}
