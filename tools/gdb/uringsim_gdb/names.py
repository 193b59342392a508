# SPDX-License-Identifier: GPL-2.0-only
"""Names of objects, as the trace has them: label#n of the simulated heap, user+0x1000.
Read from the heap's log (kernel_shim/runtime/heap.c), nothing in the inferior is called."""
import bisect

import gdb

from uringsim_gdb import look

# kernel_shim/shim/arena.h
ARENA_BASE = 0x200000000000
ARENA_HEAP_SIZE = 64 << 20
ARENA_PAGES = ARENA_BASE + (1 << 30)
ARENA_USER = ARENA_BASE + (2 << 30)
PAGES_END = ARENA_PAGES + 4096 * 4096
USER_END = ARENA_USER + 16384 * 4096
MAGIC_LIVE = 0x11FE0B1E


class Heap:
    """The heap's log at this moment."""

    def __init__(self):
        state = gdb.parse_and_eval("shim_heap")
        log, n = state["log"], int(state["numbers"])
        size = log.type.range()[1] + 1
        self.bump = int(state["bump"])
        self.log = []
        ordinals = {}
        for i in range(max(0, n - size), n):
            entry = log[i % size]
            label = look.text(entry["label"])
            ordinals[label] = ordinals.get(label, 0) + 1
            self.log.append((int(entry["addr"]), int(entry["size"]), i,
                             f"{label}#{ordinals[label]}"))
        self.log.sort()
        self.starts = [e[0] for e in self.log]

    def find(self, addr):
        """The youngest object that has @addr in it: (start, size, number, name)."""
        at = bisect.bisect_right(self.starts, addr)
        best = None
        # one block may have held many objects, and larger ones begin further below
        for entry in reversed(self.log[max(0, at - 4096):at]):
            if entry[0] <= addr < entry[0] + entry[1] and (not best or entry[2] > best[2]):
                best = entry
            if addr - entry[0] > (1 << 20):
                break
        return best

    def live(self):
        """Objects that are allocated now, oldest first."""
        seen = {}
        for entry in sorted(self.log, key=lambda e: e[2]):
            seen[entry[0]] = entry
        return [e for e in sorted(seen.values(), key=lambda e: e[2]) if is_allocated(e)]


def is_allocated(entry):
    """Is the object of a log entry allocated? Its header is in front of it."""
    header = look.type_of("struct heap_object")
    at = gdb.Value(entry[0] - header.sizeof).cast(header.pointer())
    return (int(at["magic"]) == MAGIC_LIVE and int(at["number"]) == entry[2])


_cache = {"key": None, "heap": None}


def heap():
    """The heap, read again only when it has changed."""
    state = gdb.parse_and_eval("shim_heap")
    key = (gdb.selected_inferior().pid, int(state["numbers"]), int(state["bump"]))
    if _cache["key"] != key:
        _cache["key"], _cache["heap"] = key, Heap()
    return _cache["heap"]


def name(value):
    """The name of what is at an address (a number or a gdb.Value); "" if it has none."""
    addr = int(value)
    if ARENA_USER <= addr < USER_END:
        return f"user+{addr - ARENA_USER:#x}"
    if ARENA_PAGES <= addr < PAGES_END:
        return f"page+{addr - ARENA_PAGES:#x}"
    if not ARENA_BASE <= addr < ARENA_BASE + ARENA_HEAP_SIZE:
        return ""
    entry = heap().find(addr)
    if not entry:
        return ""
    offset = addr - entry[0]
    freed = "" if is_allocated(entry) else " (freed)"
    return f"{entry[3]}+{offset}{freed}" if offset else entry[3] + freed


def object_name(value):
    """name(), and words for what has none."""
    if not int(value):
        return "none"
    return name(value) or "an object outside the heap"
