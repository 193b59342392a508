# SPDX-License-Identifier: GPL-2.0-only
"""The fuse connection: its queues, entries, buffers and requests, in whatever tree."""
import gdb

from uringsim_gdb import look, names

ENTRY_LISTS = ("ent_avail_queue", "ent_w_req_queue", "ent_commit_queue", "ent_in_userspace",
               "ent_released")
REQUEST_FLAGS = "enum fuse_req_flag"


def maybe(value, *path):
    """look.number(), or "?" where this tree has no such member."""
    try:
        return look.number(value, *path)
    except look.Missing:
        return "?"


def connection():
    """The transport half: struct fuse_chan. The mount is the glue's, in every tree."""
    for entry in reversed(names.heap().live()):
        if entry[3].rsplit("#", 1)[0] == "fm":
            mount = gdb.Value(entry[0]).cast(look.type_of("struct fuse_mount").pointer())
            conn = look.member(mount, "fc")
            chan = look.member(conn, "chan")
            if int(chan):
                return chan.dereference()
    raise look.Missing("there is no connection: not mounted yet, or unmounted already")


def ring():
    """struct fuse_ring of the connection."""
    at = look.member(connection(), "ring")
    if not int(at):
        raise look.Missing("the connection has no ring: nothing was registered yet")
    return at.dereference()


def queues(qid=None):
    """The queues that there are; one of them if it is named."""
    of = ring()
    number, array = look.number(of, "nr_queues"), look.member(of, "queues")
    if qid is not None and qid >= number:
        raise look.Missing(f"there is no queue {qid}, they are numbered from 0 to {number - 1}")
    chosen = range(number) if qid is None else [qid]
    found = [array[i].dereference() for i in chosen if int(array[i])]
    if not found:
        raise look.Missing("no entry is registered with " +
                           ("any queue" if qid is None else f"queue {qid}") + " yet")
    return found


def ring_entries(queue):
    """Entries with the list that they are on; lists that the tree lacks are left out."""
    for name in ENTRY_LISTS:
        if look.has(queue, name):
            for entry in look.entries(look.member(queue, name), "struct fuse_ring_ent", "list"):
                yield entry, name


# ---------------------------------------------------------------- connection, queues

def print_connection():
    """uringsim connection"""
    chan = connection()
    gdb.write(f"connection  {names.object_name(chan.address)}\n")
    rows = [(name, maybe(chan, name)) for name in
            ("connected", "initialized", "io_uring", "blocked", "num_waiting", "num_background",
             "active_background", "max_background", "abort_with_err")]
    gdb.write("  " + ", ".join(f"{name} {value}" for name, value in rows) + "\n")
    try:
        of = ring()
    except look.Missing as why:
        gdb.write(f"ring        none: {why}\n")
        return
    gdb.write(f"ring        {names.object_name(of.address)}\n")
    rows = [(name, maybe(of, name)) for name in
            ("ready", "nr_queues", "queue_refs", "max_payload_sz")]
    gdb.write("  " + ", ".join(f"{name} {value}" for name, value in rows) + "\n")
    try:
        print_queue_lines(queues())
    except look.Missing as why:
        gdb.write(f"queues      none: {why}\n")


def print_queue_lines(list_of_queues):
    """A line for each."""
    rows = [["queue", "name", "entries", "waiting", "background", "lock"]]
    for queue in list_of_queues:
        counts = {}
        for _, on in ring_entries(queue):
            counts[on] = counts.get(on, 0) + 1
        rows.append([look.number(queue, "qid"), names.object_name(queue.address),
                     ", ".join(f"{n} {on}" for on, n in counts.items()) or "none",
                     waiting(queue, "fuse_req_queue"), waiting(queue, "fuse_req_bg_queue"),
                     lock_state(queue)])
    look.table(rows)


def waiting(queue, name):
    """How many requests are on one of its lists."""
    return look.length(look.member(queue, name)) if look.has(queue, name) else "?"


def lock_state(queue):
    """The task that holds the queue's lock."""
    lock = look.member(queue, "lock")
    while not look.has(lock, "owner"):
        lock = lock[look.fields_of(lock.type.strip_typedefs())[0]]
    owner = look.member(lock, "owner")
    if not int(owner):
        return "free"
    task = owner.cast(look.type_of("struct task_struct").pointer())
    return f"held by {look.text(task['comm'])}"


def print_queues(qid):
    """uringsim queue [QID]"""
    for queue in queues(qid):
        print_queue_lines([queue])
        gdb.write("  " + ", ".join(f"{name} {maybe(queue, name)}" for name in
                                   ("stopped", "active_background")) + "\n")
        print_entries_of(queue)
        print_buffers_of(queue)
        rows = [row for row in requests_of(queue) if row[1] != "on an entry"]
        for request, where in rows:
            gdb.write(f"  request {describe_request(request)}: {where}\n")


# ---------------------------------------------------------------- entries

def describe_request(request):
    """"fuse_request#3 unique 6 GETATTR"."""
    words = f"{names.object_name(request.address)} unique {maybe(request, 'in', 'h', 'unique')}"
    return f"{words} {opcode(request)}"


def opcode(request):
    """The operation's name."""
    try:
        value = look.member(request, "in", "h", "opcode")
        return str(value.cast(gdb.lookup_type("enum fuse_opcode"))).replace("FUSE_", "", 1)
    except (look.Missing, gdb.error):
        return f"opcode {maybe(request, 'in', 'h', 'opcode')}"


def has_buffer(entry, queue):
    """The number of the shared buffer that an entry owns, or None."""
    if look.has(entry, "has_buf"):  # a buffer ring
        return look.number(entry, "buf", "id") if look.number(entry, "has_buf") else None
    if look.has(queue, "bufpool") and int(look.member(queue, "bufpool")):
        payload = look.member(entry, "payload")
        return look.number(entry, "buf_id") if int(look.member(payload, "iov_base")) else None
    return None


def print_entries_of(queue):
    """The entries of one queue."""
    rows = [["entry", "name", "state", "list", "command", "buffer", "request"]]
    for number, (entry, on) in enumerate(ring_entries(queue)):
        ident = look.number(entry, "id") if look.has(entry, "id") else number
        request, buffer = look.member(entry, "fuse_req"), has_buffer(entry, queue)
        rows.append([ident, names.object_name(entry.address), look.enum(look.member(entry, "state")),
                     on, names.object_name(look.member(entry, "cmd")),
                     "-" if buffer is None else buffer,
                     describe_request(request.dereference()) if int(request) else "-"])
    if len(rows) > 1:
        look.table(rows, "  ")
    else:
        gdb.write("  no entry\n")
    missing = [name for name in ENTRY_LISTS if not look.has(queue, name)]
    if missing:
        gdb.write(f"  (this tree's queues have no {', '.join(missing)})\n")


def print_entries(qid):
    """uringsim entries [QID]"""
    for queue in queues(qid):
        gdb.write(f"queue {look.number(queue, 'qid')}\n")
        print_entries_of(queue)


# ---------------------------------------------------------------- buffers

def print_class(buffers, policy):
    """Buffers of one size."""
    nbufs, head, tail = (look.number(buffers, n) for n in ("nbufs", "head", "tail"))
    free = (tail - head) & 0xffffffff
    bufs = look.member(buffers, "bufs")
    if policy == "fifo":
        slots = [(look.number(buffers, "head_slot") + i) % nbufs for i in range(min(free, nbufs))]
    else:
        slots = range(min(free, nbufs) - 1, -1, -1)
    order = " ".join(str(int(bufs[i])) for i in slots)
    gdb.write(f"    {nbufs} buffers of {look.number(buffers, 'size')} bytes, head {head}, "
              f"tail {tail}; free, next first: {order or 'none'}\n")


def print_uses(br):
    """What is taken of buffers that requests share."""
    uses = look.member(br, "uses")
    if not int(uses):
        return
    for number in range(look.number(br, "nbufs")):
        taken, regions = (look.number(uses[number], n) for n in ("bytes", "regions"))
        state = "open" if look.number(br, "open") == number else "closed"
        if taken:
            gdb.write(f"    buffer {number}, {state}: {taken} bytes taken, {regions} regions in use\n")


def print_bufring(br, owners):
    """Our buffer ring."""
    policy = look.text(look.member(br, "policy", "name"))
    pinned = ", pinned" if int(look.member(br, "pinned")) else ""
    gdb.write(f"  buffer ring {names.object_name(br.address)}: {policy}, "
              f"{look.text(look.member(br, 'layout', 'name'))}{pinned}, "
              f"{look.number(br, 'nbufs')} buffers at "
              f"{names.object_name(look.member(br, 'payload'))}\n")
    classes = look.member(br, "classes")
    for number in range(look.number(br, "nr_classes")):
        print_class(classes[number], policy)
    print_uses(br)
    write_owners(owners)


def print_bufpool(pool, owners):
    """Linux 7.3's pool."""
    count, word_bits = look.number(pool, "nr_bufs"), 64
    words = look.member(pool, "free_map")
    free = [i for i in range(count) if int(words[i // word_bits]) >> i % word_bits & 1]
    gdb.write(f"  pool {names.object_name(pool.address)}: {count} buffers of "
              f"{look.number(pool, 'buf_size')} bytes at "
              f"{names.object_name(look.member(pool, 'base_uaddr'))}\n")
    gdb.write(f"    free: {' '.join(map(str, free)) or 'none'}\n")
    write_owners(owners)


def write_owners(owners):
    """Which entry has which buffer."""
    for buffer, entry in owners:
        gdb.write(f"    buffer {buffer}: {entry}\n")


def print_buffers_of(queue):
    """The buffers of one queue."""
    owners = [(has_buffer(entry, queue), names.object_name(entry.address))
              for entry, _ in ring_entries(queue)]
    owners = sorted((b, e) for b, e in owners if b is not None)
    for member, show in (("bufring", print_bufring), ("bufpool", print_bufpool)):
        if look.has(queue, member) and int(look.member(queue, member)):
            show(look.member(queue, member).dereference(), owners)
            return
    known = [m for m in ("bufring", "bufpool") if look.has(queue, m)]
    why = "" if known else "; this tree has neither buffer ring nor pool"
    gdb.write(f"  each entry has a payload buffer of its own{why}\n")


def print_buffers(qid):
    """uringsim buffers [QID]"""
    for queue in queues(qid):
        gdb.write(f"queue {look.number(queue, 'qid')}\n")
        print_buffers_of(queue)


# ---------------------------------------------------------------- requests

def requests_of(queue):
    """Requests of one queue, with where each is."""
    for name, words in (("fuse_req_queue", "waits for an entry or a buffer"),
                        ("fuse_req_bg_queue", "in the background, waits for its turn")):
        if look.has(queue, name):
            for request in look.entries(look.member(queue, name), "struct fuse_req", "list"):
                yield request, words
    for entry, _ in ring_entries(queue):
        request = look.member(entry, "fuse_req")
        if int(request):
            yield request.dereference(), "on an entry"


def on_list(head, words):
    """Requests of a list of the input queue or the like."""
    return [(request, words) for request in look.entries(head, "struct fuse_req", "list")]


def placed_requests():
    """Every request that a list or an entry leads to."""
    chan, found = connection(), []
    for path, words in ((("iq", "pending"), "waits to be read from /dev/fuse"),
                        (("bg_queue",), "in the background, waits for its turn")):
        try:
            found += on_list(look.member(chan, *path), words)
        except look.Missing:
            pass
    try:
        for queue in queues():
            number = look.number(queue, "qid")
            found += [(r, f"queue {number}: {w}") for r, w in requests_of(queue)]
    except look.Missing:
        pass
    return found


def flags(request):
    """Names of the flags that are set."""
    value = look.number(request, "flags")
    try:
        fields = gdb.lookup_type(REQUEST_FLAGS).fields()
    except gdb.error:
        return f"{value:#x}"
    return " ".join(f.name for f in fields if value >> f.enumval & 1)


def print_requests():
    """uringsim requests"""
    places = {}
    for request, words in placed_requests():
        places.setdefault(int(request.address), []).append(words)
    kind, rows = look.type_of("struct fuse_req"), [["request", "unique", "what", "flags", "where"]]
    for entry in names.heap().live():
        if not entry[3].startswith("fuse_request#"):
            continue
        request = gdb.Value(entry[0]).cast(kind.pointer()).dereference()
        rows.append([entry[3], maybe(request, "in", "h", "unique"), opcode(request),
                     flags(request), "; ".join(places.get(entry[0], ["on no list"]))])
    if len(rows) > 1:
        look.table(rows)
    else:
        gdb.write("no request is under way\n")


def queue_id(words):
    """A queue's number, or None."""
    word = look.one(words)
    if word is not None and not word.isdigit():
        raise look.Missing(f"{word} is not the number of a queue")
    return int(word) if word else None


HELP = """Of FUSE:
uringsim connection        the fuse connection and its ring
uringsim queue [QID]       queues: entries, buffers, requests
uringsim entries [QID]     ring entries: state, list, request, buffer
uringsim buffers [QID]     the buffer ring or the pool of a queue
uringsim requests          requests, and where they are"""

COMMANDS = (
    ("connection", look.documented(lambda w: print_connection(),
                                   "Print the fuse connection and its ring.")),
    ("queue", look.documented(lambda w: print_queues(queue_id(w)),
                              "Print queues with all that is in them: uringsim queue [QID].")),
    ("entries", look.documented(lambda w: print_entries(queue_id(w)),
                                "Print ring entries: uringsim entries [QID].")),
    ("buffers", look.documented(lambda w: print_buffers(queue_id(w)),
                                "Print the buffer ring or pool: uringsim buffers [QID].")),
    ("requests", look.documented(lambda w: print_requests(),
                                 "Print requests, and where they are.")),
)
