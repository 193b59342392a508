// SPDX-License-Identifier: GPL-2.0-only
/*
 * FUSE in scenario files: what servers do beside serving: rings of others, memory that
 * another thread changes, /dev/fuse.
 */
#include "fuse/fuse_i.h"
#include "fuse/words/servers.h"

void *queue_share_ring(struct actor *a, const struct text_value *v)
{
	server_uses_ring_of(a, *v[0].actor);
	return NULL;
}

void *queue_serve_dev(struct actor *a, const struct text_value *v)
{
	(void)v;
	server_serves_dev(a);
	return NULL;
}

/* ---- memory ---- */

static void take_changes(struct rewrite *r, const struct text_value *v)
{
	for (unsigned int i = 0; i < REWRITE_FIELDS; i++)
		if (v[REWRITE_ARG(i)].given)
			r->changes[r->nr++] =
				(struct change){ i, v[REWRITE_ARG(i)].relative,
						 v[REWRITE_ARG(i)].number };
}

void *queue_rewrite(struct actor *a, const struct text_value *v)
{
	struct rewrite r = { .delivery = v[0].record };

	take_changes(&r, v);
	server_rewrites(a, &r);
	return NULL;
}

void *queue_rewrite_sqe(struct actor *a, const struct text_value *v)
{
	struct rewrite r = { .ring_of = *v[0].actor };

	take_changes(&r, v);
	server_rewrites(a, &r);
	return NULL;
}

void *queue_rewrite_iovecs(struct actor *a, const struct text_value *v)
{
	struct rewrite r = { .qid = (unsigned int)v[REG_QUEUE].number,
			     .ent = (unsigned int)v[REG_ENTRY].number };

	take_changes(&r, v);
	server_rewrites(a, &r);
	return NULL;
}

void *queue_protect(struct actor *a, const struct text_value *v)
{
	server_changes_page(a, &(struct page_change){ .delivery = v[0].record,
						      .payload = v[1].given,
						      .how = PAGE_READ_ONLY });
	return NULL;
}

void *queue_remap(struct actor *a, const struct text_value *v)
{
	server_changes_page(a, &(struct page_change){ .delivery = v[0].record,
						      .payload = v[1].given,
						      .how = PAGE_FRESH });
	return NULL;
}

/* ---- printing ---- */

static const char *const fields[REWRITE_FIELDS] = {
	[REWRITE_ERROR] = "error",
	[REWRITE_UNIQUE] = "unique",
	[REWRITE_OUT_LEN] = "out-len",
	[REWRITE_PAYLOAD_SIZE] = "payload-size",
	[REWRITE_PAYLOAD] = "payload",
	[REWRITE_QUEUE] = "queue",
	[REWRITE_COMMIT_ID] = "commit-id",
	[REWRITE_FLAGS] = "flags",
	[REWRITE_BUF_INDEX] = "buf-index",
	[REWRITE_ZERO_COPY_INDEX] = "zero-copy-index",
	[REWRITE_IOVECS] = "iovecs",
	[REWRITE_HEADERS_LEN] = "headers-len",
	[REWRITE_PAYLOAD_LEN] = "payload-len",
};

bool print_rewrite(FILE *out, const struct rewrite *r, const char *of)
{
	if (r->delivery && !of)
		return false;
	if (r->delivery)
		fprintf(out, "rewrite %s", of);
	else if (r->ring_of)
		fprintf(out, "rewrite-sqe %s", actor_name(r->ring_of));
	else
		fprintf(out, "rewrite-iovecs queue %u entry %u", r->qid, r->ent);
	for (unsigned int i = 0; i < r->nr; i++)
		fprintf(out, r->changes[i].relative ? " %s %+lld" : " %s %lld",
			fields[r->changes[i].field], (long long)r->changes[i].value);
	return true;
}

bool print_page_change(FILE *out, const struct page_change *p, const char *of)
{
	if (!of)
		return false;
	fprintf(out, "%s %s%s", p->how == PAGE_READ_ONLY ? "protect" : "remap", of,
		p->payload ? " payload" : "");
	return true;
}
