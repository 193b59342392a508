/* SPDX-License-Identifier: GPL-2.0-only */
static long call_write(const struct step *s)
{
	return result(pwrite(files[s->file], pages(s->n), s->n, (off_t)s->offset));
}
