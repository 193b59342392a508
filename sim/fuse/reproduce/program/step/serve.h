/* SPDX-License-Identifier: GPL-2.0-only */
static long serve(const struct step *s)
{
	static const struct step usual;
	unsigned int nr, served = 0; /* of s->n; 0: for ever */
	int res;

	need_ring();
	for (;;) {
		while (!(s->n && served == s->n) && next_ready(&nr, &res)) {
			if (!res) {
				commit(nr, &usual);
				served++;
			}
		}
		if ((s->n && served == s->n) || !ring.outstanding)
			return 0;
		enter(0, 1, true);
	}
}
