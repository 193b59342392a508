/* SPDX-License-Identifier: GPL-2.0-only */
/* The scenario of the program as it is here: a round trip. An export has its own. */

static long register_entry(const struct step *s);
static long open_files(const struct step *s);
static long serve(const struct step *s);
static long call_stat(const struct step *s);
static long call_lookup(const struct step *s);
static long call_read(const struct step *s);
static long call_write(const struct step *s);
static long call_fsync(const struct step *s);

#define FAILURE	   "the client gets no answer"
#define SIMULATED  "no kernel"
#define CPUS	   1
#define ENTRIES	   1 /* of each queue */
#define BUFFERS	   0 /* of each queue's pool; 0: each entry has a buffer of its own */
#define MAX_WRITE  8192
#define MAX_PAGES  2
#define BACKGROUND 12
#define WARNS_IN   "" /* source file in which the kernel is to WARN */
#define PATIENCE_S 1  /* a step that has not returned after so long never will */

enum { A_SERVER, A_CLIENT };

static const struct actor actors[] = {
	{ "server-0", SERVER, 0, 0 },
	{ "client", CLIENT, 0, 0 },
};

static const struct step steps[] = {
	{ A_SERVER, register_entry, "REGISTER of entry 0 of queue 0", .returned = true },
	{ CONTROLLER, open_files, "all clients open the files", .returned = true },
	{ A_SERVER, serve, "answer whatever comes", .returned = false },
	{ A_CLIENT, call_stat, "stat", .judged = true, .returned = true, .file = 1 },
	{ A_CLIENT, call_lookup, "lookup of f3", .judged = true, .returned = true,
	  .target = 3 },
	{ A_CLIENT, call_read, "read", .judged = true, .returned = true, .ret = 4096,
	  .file = 2, .n = 4096 },
	{ A_CLIENT, call_write, "write", .judged = true, .returned = true, .ret = 4096,
	  .file = 2, .n = 4096 },
	{ A_CLIENT, call_fsync, "fsync", .judged = true, .returned = true, .file = 2 },
};
