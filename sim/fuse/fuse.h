/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * FUSE in a world: one connection, its server, its clients. With world/world.h all that a
 * FUSE scenario sees: the calls of clients (fuse/client.h), what the server does
 * (fuse/server.h), and the state of the connection.
 */
#ifndef FUSE_FUSE_H
#define FUSE_FUSE_H

#include "fuse/client.h"
#include "fuse/ops.h"
#include "fuse/server.h"
#include "world/world.h"

/* ---------------------------------------------------------------- connection */

/** enum payload_mode - where a queue's payload lives */
enum payload_mode {
	PAYLOAD_PER_ENTRY,
	PAYLOAD_BUFPOOL,       /* 7.3: ADD_QUEUE, ADD_BUFPOOL */
	PAYLOAD_BUFPOOL_FIXED, /* ... through a registered io_uring buffer */
	PAYLOAD_BUFRING,       /* FUSE_URING_BUFRING */
	PAYLOAD_SHARED,	       /* PAYLOAD_BUFRING or _BUFPOOL, as the subject has it */
};

/**
 * struct fuse_config - zero means the default in brackets; as many queues as there are
 * CPUs
 */
struct fuse_config {
	struct world_config;
	unsigned int entries; /* of each queue, for server_setup() [1] */
	enum payload_mode payload;
	unsigned int buffers;	  /* of each queue's pool or ring [entries] */
	uint32_t max_write;	  /* bytes [8192] */
	uint32_t max_pages;	  /* [2] */
	uint32_t max_background;  /* [12] */
	uint32_t request_timeout; /* seconds [0: none] */
	bool zero_copy;
	bool no_io_uring;     /* do not negotiate it */
	unsigned int policy;  /* bufring: 0 fifo, 1 lifo */
	bool inc;	      /* bufring: requests share buffers */
	bool pinned;	      /* bufring: its memory is */
	unsigned int classes; /* bufring: sizes of buffers, each half the next [1] */
	bool init_unanswered; /* server_answers_init() comes later */
	bool sync_init; /* so does client_mounts(), whose FUSE_INIT is synchronous */
	bool no_param;	/* module parameter enable_uring is off */
};

/** fuse_driver - all that sim/engine and sim/command know of FUSE */
extern const struct driver fuse_driver;

/**
 * fuse_open() - world_open() of a mounted connection, FUSE_INIT answered, nothing
 * registered
 * @config: NULL: defaults
 *
 * The server process is there, with its main thread at rest and /dev/fuse open.
 *
 * Return: the world; NULL when the mount failed, with a report that says why.
 */
struct world *fuse_open(const struct subject *subject, const struct fuse_config *config);

const struct fuse_config *fuse_config(const struct world *w);

/* ---------------------------------------------------------------- looking */

/* once the connection is unmounted, everything reads 0 and no queue exists */
void fuse_ring(struct world *w, struct ring_view *v);
bool fuse_queue(struct world *w, unsigned int qid, struct queue_view *v);
/** fuse_entries_in() - entries of queue @qid that are in @state */
unsigned int fuse_entries_in(struct world *w, unsigned int qid,
			     enum subject_ent_state state);

/**
 * fuse_round_trips() - @n GETATTRs one after the other by a new client, each
 * served by a new thread: for measuring. @w is fresh, nothing registered.
 *
 * Return: how many of them succeeded.
 */
unsigned int fuse_round_trips(struct world *w, unsigned int n);

#endif /* FUSE_FUSE_H */
