# SPDX-License-Identifier: GPL-2.0-only
"""Names of objects, as the trace has them: label#n of the simulated heap, user+0x1000.
Read from the heap's log (kernel_shim/runtime/heap.c), nothing in the inferior is called."""
import bisect

import gdb

from uringsim_gdb import look


def arena(part):
    """Where a part of the arena is: (from, to)."""
    where = look.told("arena_debugged")
    return int(where[part]), int(where[part + "_end"])


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
    return (int(at["magic"]) == int(look.told("heap_live_debugged")) and int(at["number"]) == entry[2])


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
    for part, label in (("user", "user"), ("pages", "page")):
        low, high = arena(part)
        if low <= addr < high:
            return f"{label}+{addr - low:#x}"
    low, high = arena("heap")
    if not low <= addr < high:
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
