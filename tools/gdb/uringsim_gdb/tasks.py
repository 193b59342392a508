# SPDX-License-Identifier: GPL-2.0-only
"""Tasks: what each waits for and which locks it holds."""
import gdb

from uringsim_gdb import look, names, stack


def all_tasks():
    """Every task of this execution, in order of creation."""
    state = gdb.parse_and_eval("scheduler")
    return [state["tasks"][i] for i in range(int(state["nr"]))]


def current():
    """The id of the task that runs, or None: the main context."""
    task = look.told("sched_hot_debugged")["current"]
    return int(task["id"]) if int(task) else None


def find(word):
    """A task by its number or name."""
    for task in all_tasks():
        if word in (str(int(task["id"])), look.text(task["name"])):
            return task
    raise look.Missing(f"no task {word}; \"uringsim tasks\" lists them")


def state_of(task):
    """One word."""
    if int(task["id"]) == current():
        return "running"
    word = str(task["state"])
    names_of = {0: "unused", 1: "runnable", 2: "blocked", 3: "ended"}
    word = names_of.get(int(task["state"]), word)
    return "at rest" if word == "blocked" and task["idle"] else word


def waits_for(task):
    """What, and where."""
    if int(task["state"]) != 2:
        return ""
    what = look.text(task["blocked_why"])
    on = names.name(task["blocked_on"])
    if on:
        what += f" [{on}]"
    where = look.site(task["blocked_at"])
    return f"{what}  {where}" if where else what


def kernel_task(task):
    """Its struct task_struct, or None."""
    if not int(task["data"]):
        return None
    return task["data"].cast(look.type_of("struct task_struct").pointer())


# ---------------------------------------------------------------- locks

def _writable():
    """Writable memory of the program and its subjects: (from, to)."""
    inferior, spans, keep, end = gdb.selected_inferior(), [], False, 0
    spans.append((names.arena("heap")[0], names.heap().bump))
    ours = {o.filename for o in gdb.objfiles() if o.filename}
    try:
        with open(f"/proc/{inferior.pid}/maps", encoding="ascii", errors="replace") as maps:
            lines = maps.read().splitlines()
    except OSError:  # of a core file only the heap is looked through
        return spans
    for line in lines:
        parts = line.split(None, 5)
        path = parts[5] if len(parts) > 5 else ""
        low, high = (int(x, 16) for x in parts[0].split("-"))
        # what has no name is a file's zeros where it follows, and else, for example, the
        # terabytes of a sanitizer's shadow
        if path or low != end:
            keep = path in ours and not path.startswith(("/lib", "/usr"))
        end = high
        if keep and parts[1].startswith("rw"):
            spans.append((low, high))
    return spans


def _hits(low, high):
    """Addresses of the locks' mark."""
    inferior = gdb.selected_inferior()
    mark = int(look.told("lock_magic_debugged")).to_bytes(4, "little")
    while low < high:
        at = inferior.search_memory(low, high - low, mark)
        if at is None:
            return
        yield at
        low = at + 4


def held_locks():
    """All locks that are held: (owner's address, text)."""
    kind = look.type_of("struct shim_lock")
    offset = [f.bitpos // 8 for f in kind.fields() if f.name == "magic"][0]
    owners = {int(t["data"]) for t in all_tasks()}
    found = []
    for low, high in _writable():
        for at in _hits(low, high):
            lock = gdb.Value(at - offset).cast(kind.pointer())
            if (at - offset) % 8 or int(lock["owner"]) not in owners or not int(lock["owner"]):
                continue
            found.append((int(lock["owner"]), describe_lock(lock)))
    return found


def lock_name(lock):
    """As the trace has it: the class, and the object that it is in."""
    cls = lock["class"]
    name = look.text(cls["name"]).lstrip("&") if int(cls) else "a lock without a class"
    where = names.name(lock)
    return f"{name} [{where}]" if where else name


def describe_lock(lock):
    """With the place where it was taken."""
    where = look.site(lock["taken_at"])
    return f"{lock_name(lock)}, taken in {where}" if where else lock_name(lock)


# ---------------------------------------------------------------- commands

def print_tasks():
    """uringsim tasks"""
    held = {}
    for owner, words in held_locks():
        held.setdefault(owner, []).append(words)
    rows = [["task", "name", "state", "cpu", "in", "waits for"]]
    locks = []
    for task in all_tasks():
        mine, ident = kernel_task(task), int(task["id"])
        mark = "*" if stack.shown() == ident else ""
        rows.append([f"{ident}{mark}", look.text(task["name"]), state_of(task),
                     int(mine["cpu"]) if mine else "", look.text(mine["syscall"]) if mine else "",
                     waits_for(task)])
        for words in held.get(int(task["data"]), []):
            locks.append([look.text(task["name"]), "holds " + words])
    look.table(rows)
    look.table(locks)
    if stack.shown() is not None:
        gdb.write("* looked at; \"uringsim task\" goes back\n")


def print_locks():
    """uringsim locks"""
    by_owner = {int(t["data"]): look.text(t["name"]) for t in all_tasks()}
    rows = [[by_owner[owner], "holds " + words] for owner, words in held_locks()]
    look.table(rows or [["no task holds a lock"]])


def has_stack(task):
    """Is there a stack to look at?"""
    return int(task["state"]) in (1, 2)


def title(task):
    """A line above its stack."""
    words = f"task {int(task['id'])} {look.text(task['name'])}: {state_of(task)}"
    wait = waits_for(task)
    return f"{words}, waits for {wait}" if wait else words


def switch_to(task):
    """gdb looks at its stack from now on."""
    if int(task["id"]) == current():
        stack.back()
    elif has_stack(task):
        stack.show(task)
    else:
        raise look.Missing(f"{look.text(task['name'])} has ended: it has no stack")


def select_interesting():
    """The innermost frame that is neither of the scheduler nor of the detectors."""
    for frame in stack.frames():
        if not stack.is_runtime(frame):
            frame.select()
            return


def enter(word):
    """uringsim task [N]"""
    if not word:
        stack.back()
        gdb.write("back on the stack that runs\n")
        return
    task = find(word)
    switch_to(task)
    select_interesting()
    gdb.write(title(task) + "\n")
    gdb.execute("frame")


def print_stacks(word, everything):
    """uringsim bt [N|all]"""
    before = stack.shown()
    chosen = all_tasks() if word == "all" else [find(word)] if word else None
    if chosen is None:
        stack.write(everything)
        return
    for task in chosen:
        gdb.write(title(task) + "\n")
        if word == "all" and not (has_stack(task) or int(task["id"]) == current()):
            continue
        try:
            switch_to(task)
            stack.write(everything)
        finally:
            stack.back()
    if before is not None:
        stack.show(all_tasks()[before])
