/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clients of a FUSE file system: their system calls, and what came of them. Part of
 * fuse/fuse.h.
 */
#ifndef FUSE_CLIENT_H
#define FUSE_CLIENT_H

#include "fuse/abi.h"
#include "fuse/ops.h"
#include "world/world.h"

struct actor *client_new(struct world *w, const char *name, unsigned int cpu);

/**
 * struct call - one system call of a client, and its result
 * @opcode: OP_* of fuse/abi.h
 * @started: the client has entered the kernel with it
 * @done: it has returned (background: has been answered)
 * @times_ended: how often that happened; never more than once
 * @ret: bytes or 0, or -errno
 * @error: of its request, 0 or -errno
 * @calm: nothing had happened by then that changes what calls get (world/difference.h)
 * @in_pieces: it is more than one request, one after the other
 * @answered: number of its answer (struct answered), plus 1; 0: it has none
 * @since: changes that the file system remembered when it began
 * @otherwise: a server answered it otherwise than the file system
 * @data: of a read: @size bytes that arrived; of a write: what is written; @data_size of
 *	them have memory
 * @attr_size: LOOKUP, GETATTR: size of the file
 * @ino: LOOKUP, CREATE, SYMLINK: filled in
 * @fh: OPEN, CREATE
 * @data_nr: tells its data from that of others
 * @number: flags, command, events or whence; @name, @to, @to_ino, @to_offset: as needed
 * @seen_at: when its request, @seen_unique, was seen on the ring first, plus 1
 * @late: that it takes too long was reported; @late_behind: ... while a later request
 *	was before it on its list: it is (@behind), or was until @behind_until
 * @was_in: the list of its entry when it was seen last before its time was over, plus 1
 *
 * The rest is the client's own: arguments as they are sent.
 */
struct call {
	struct actor *actor;
	uint32_t opcode;
	uint32_t size;
	uint64_t ino;
	uint64_t offset;
	bool background, started, done, late, late_behind, behind, calm, in_pieces;
	uint8_t was_in;
	unsigned int answered;
	unsigned long seen_at, behind_until;
	uint64_t seen_unique;
	unsigned int times_ended;
	long ret;
	unsigned char *data;
	uint64_t attr_size;
	uint64_t fh;
	uint64_t to_ino, to_offset;
	uint32_t data_size, data_nr, number;
	unsigned int since;
	int error;
	bool otherwise;

	struct fs_request req;
	_Alignas(8) unsigned char in[96];
	_Alignas(8) unsigned char out[160];
	char name[16], to[16];
};

/**
 * struct call_args - a system call that is one request
 * @opcode: any that shape_of() knows
 * @name, @to: 15 characters at most: of a file, an attribute, a link; NULL: none
 * @offset, @size: of data; SETATTR: @offset is the new size
 * @number: OPEN, CREATE, RENAME2: flags; IOCTL: command; POLL: events; LSEEK: whence
 * @to_ino, @to_offset: COPY_FILE_RANGE; RENAME2: the new folder
 * @background: nobody waits for it: READ, WRITE and RELEASE
 */
struct call_args {
	uint32_t opcode, size, number;
	uint64_t ino, offset, to_ino, to_offset;
	const char *name, *to;
	bool background;
};

/*
 * Each queues one system call for the client and returns its record, which lives
 * as long as the world. Sizes are bytes, offsets positions in the file.
 */
struct call *client_lookup(struct actor *c, const char *name);
struct call *client_getattr(struct actor *c, uint64_t ino);
struct call *client_open(struct actor *c, uint64_t ino);
struct call *client_read(struct actor *c, uint64_t ino, uint64_t off, uint32_t size);
struct call *client_write(struct actor *c, uint64_t ino, uint64_t off, uint32_t size);
struct call *client_fsync(struct actor *c, uint64_t ino);
/** client_calls() - any of them; the functions above are for those that are used most */
struct call *client_calls(struct actor *c, const struct call_args *args);
void client_forget(struct actor *c, uint64_t ino, uint64_t nlookup);
/* asynchronous: the job ends when the request is queued, the call when answered */
struct call *client_read_bg(struct actor *c, uint64_t ino, uint64_t off, uint32_t size);
struct call *client_write_bg(struct actor *c, uint64_t ino, uint64_t off, uint32_t size);
void client_umounts(struct actor *c);
/** client_umounts_lazily() - umount -l: its callers keep the file system */
void client_umounts_lazily(struct actor *c);
/**
 * client_mounts() - mount(2) with the server's /dev/fuse, if the configuration left it
 *
 * A process of root's own, as fusermount: it can be killed by itself.
 */
struct call *client_mounts(struct actor *c);
/** client_moves() - goes on on another CPU */
void client_moves(struct actor *c, unsigned int cpu);
/* root's: fusectl's files "abort" and "max_background" */
void client_aborts_connection(struct actor *c);
void client_sets_max_background(struct actor *c, unsigned int n);
/** client_sets() - root writes a number */
void client_sets(struct actor *c, enum fuse_knob knob, unsigned int n);

/* The file system that the default answers make: "f<N>" is inode N. */
#define FILE_SIZE (1u << 20)

/** file_byte() - what byte @pos of file @ino holds now */
unsigned char file_byte(const struct world *w, uint64_t ino, uint64_t pos);
/** call_has_file_data() - a read returned @size bytes and they are the file's */
bool call_has_file_data(const struct call *c);
/**
 * call_has_data() - a call of any kind brought what the file system had while it was
 * under way; a READ or WRITE: what it has now
 */
bool call_has_data(const struct call *c);
/** file_has_call_data() - the file holds what a write wrote */
bool file_has_call_data(const struct call *c);

#endif /* FUSE_CLIENT_H */
