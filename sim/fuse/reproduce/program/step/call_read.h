/* SPDX-License-Identifier: GPL-2.0-only */
static long call_read(const struct step *s)
{
	return result(pread(files[s->file], pages(s->n), s->n, (off_t)s->offset));
}
