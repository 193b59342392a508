# SPDX-License-Identifier: GPL-2.0-only
"""Reading the inferior: types, members, lists and statics by name; what is not there
is named in one line, because no two trees have the same structures."""
import os

import gdb

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
LIST_MAX = 10000


class Missing(Exception):
    """Something has another name in this tree, or is not there yet."""


def type_of(name):
    """The type of that name, with its members."""
    try:
        return gdb.lookup_type(name)
    except gdb.error:
        raise Missing(f"there is no {name}: no subject with debug information is loaded, "
                      "or this tree calls it otherwise") from None


def has(value, name):
    """Does the structure have such a member?"""
    kind = value.type.strip_typedefs()
    if kind.code == gdb.TYPE_CODE_PTR:
        kind = kind.target().strip_typedefs()
    return any(f.name == name or (not f.name and has_in(f.type, name))
               for f in fields_of(kind))


def has_in(kind, name):
    """... or one of its parts without a name?"""
    return any(f.name == name or (not f.name and has_in(f.type, name))
               for f in fields_of(kind.strip_typedefs()))


def fields_of(kind):
    """Members of a structure; a declaration without any is looked up by its name."""
    if kind.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION):
        return []
    return kind.fields() or type_of(str(kind)).fields()


def member(value, *names):
    """value.a.b.c, through pointers; Missing says which of them is not there."""
    for name in names:
        if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
            if not int(value):
                raise Missing(f"{value.type} is NULL where .{name} is wanted")
            value = value.dereference()
        if not has(value, name):
            raise Missing(f"{value.type.strip_typedefs().unqualified()} has no member {name} "
                          "in this tree")
        value = value[name]
    return value


def number(value, *names):
    """A member as a number; of atomic_t, refcount_t and the like what is in it."""
    value = member(value, *names)
    while value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        value = value[fields_of(value.type.strip_typedefs())[0]]
    return int(value)


def text(value):
    """A C string or an array of char; "" for NULL."""
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR and not int(value):
        return ""
    return value.string(errors="replace")


def enum(value):
    """The enumerator's name."""
    return str(value)


def entries(head, kind, link):
    """The structures of type @kind on the list @head, linked through their @link."""
    kind = type_of(kind)
    offset = [f.bitpos // 8 for f in kind.fields() if f.name == link]
    if not offset:
        raise Missing(f"{kind} has no member {link} in this tree")
    at, end = head["next"], int(head.address)
    for _ in range(LIST_MAX):
        if int(at) == end:
            return
        if not int(at) or int(at) >> 47:
            raise Missing("the list is broken: it does not come back to its head")
        yield (at.cast(gdb.lookup_type("char").pointer()) - offset[0]).cast(
            kind.pointer()).dereference()
        at = at["next"]
    raise Missing(f"the list has more than {LIST_MAX} members")


def length(head):
    """How many are on a list."""
    at, n = head["next"], 0
    while int(at) != int(head.address) and n < LIST_MAX and int(at) and not int(at) >> 47:
        at, n = at["next"], n + 1
    return n


def static(name, file):
    """A file's static variable."""
    symbols = [s for s in gdb.lookup_static_symbols(name) if s.symtab]
    declared = [s for s in symbols if ("/" + s.symtab.filename).endswith("/" + file)]
    # after link-time optimisation it is described twice: where, and in which file
    for symbol in declared + [s for s in symbols for d in declared
                              if s.line == d.line and s.type.sizeof == d.type.sizeof]:
        if not symbol.value().is_optimized_out:
            return symbol.value()
    raise Missing(f"there is no {name} of {file}: is this uringsim, with debug information?")


def told(name):
    """A constant that the program has for us, by its symbol: macros cannot be seen."""
    try:
        return gdb.parse_and_eval(name)
    except gdb.error:
        raise Missing(f"there is no {name}: is this uringsim, with debug information?") from None


def source(filename):
    """A file's name as the trace has it, without a machine's folders."""
    if filename.startswith(ROOT + "/"):
        return filename[len(ROOT) + 1:]
    if not filename.startswith("/"):
        return os.path.normpath(filename)  # clang has "./"
    for folder in ("/fs/", "/drivers/", "/include/"):
        at = filename.rfind(folder)
        if at >= 0:
            return filename[at + 1:]
    return os.path.basename(filename)


def site(value):
    """struct sched_site: "file:line function"."""
    if not int(value):
        return ""
    line = int(value["line"])
    where = f"{text(value['file'])}:{line}" if line else text(value["file"])
    return f"{where} {text(value['func'])}"


def is_live():
    """Is there a process, or what is left of one?"""
    return gdb.selected_inferior().pid != 0


def table(rows, indent=""):
    """Rows of words in columns; the last one is as long as it likes."""
    rows = [[str(c) for c in row] for row in rows]
    if not rows:
        return
    width = [max(len(r[i]) if i < len(r) else 0 for r in rows)
             for i in range(max(len(r) for r in rows))]
    for row in rows:
        line = "  ".join(c.ljust(width[i]) for i, c in enumerate(row))
        gdb.write(f"{indent}{line}".rstrip() + "\n")


def one(words):
    """At most one argument."""
    if len(words) > 1:
        raise Missing(f"{words[1]} is one argument too many")
    return words[0] if words else None


def documented(function, words):
    """@function with a help text."""
    function.__doc__ = words
    return function
