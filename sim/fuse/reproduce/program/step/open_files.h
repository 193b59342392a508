/* SPDX-License-Identifier: GPL-2.0-only */
static long open_files(const struct step *s)
{
	int clients = 0;

	(void)s;
	for (int i = 0; i < NR_ACTORS; i++)
		clients += actors[i].role == CLIENT;
	shared->preparing = true;
	for (unsigned int ms = 0; shared->prepared < clients; ms += 10) {
		if (ms > LIMIT_MS)
			die("the clients cannot open their files");
		nap(10);
	}
	wait_for_quiet();
	shared->preparing = false;
	return 0;
}
