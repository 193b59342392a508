/* SPDX-License-Identifier: GPL-2.0-only */
static long close_ring(const struct step *s)
{
	(void)s;
	if (ring.fd < 0)
		return 0;
	munmap(ring.rings, ring.size);
	munmap(ring.sqes, ring.p.sq_entries * 128);
	close(ring.fd);
	ring.fd = -1;
	return 0;
}
