# SPDX-License-Identifier: GPL-2.0-only
"""io_uring instances of the model (kernel_shim/io_uring/)."""
import gdb

from uringsim_gdb import look, names, tasks

SETUP_FLAGS = ((1 << 1, "SQPOLL"), (1 << 7, "SUBMIT_ALL"), (1 << 10, "SQE128"),
               (1 << 12, "SINGLE_ISSUER"), (1 << 13, "DEFER_TASKRUN"))


def chain(first, link):
    """Requests that are linked through a pointer."""
    found = []
    while int(first) and len(found) < look.LIST_MAX:
        found.append(first.dereference())
        first = first[link]
    return found


def describe(requests):
    """Their names."""
    return " ".join(names.object_name(r.address) for r in requests) or "none"


def owner_of(ring, actors):
    """The thread of the server that set it up."""
    return actors.get(int(ring.address), "")


def server_threads():
    """Which actor has which instance."""
    try:
        world = look.static("the_world", "world.c")
    except look.Missing:  # models and unit tests have no world
        return {}
    found = {}
    for i in range(int(world["nr_actors"])):
        actor = world["actors"][i]
        if int(actor["ring"]):
            found[int(actor["ring"])] = look.text(actor["name"])
    return found


def state_of(ring):
    """Words for what happens to it."""
    words = [name for bit, name in SETUP_FLAGS if int(ring["flags"]) & bit]
    for name in ("dying", "freed"):
        if look.has(ring, name) and int(ring[name]):
            words.append(name.upper() if name == "freed" else "is being closed")
    return " ".join(words)


def print_ring(index, ring, owners):
    """One instance."""
    gdb.write(f"ring {index}  {names.object_name(ring['token'])}  {owner_of(ring, owners)}  "
              f"{state_of(ring)}\n")
    if int(ring["freed"]):
        return
    if int(ring["lock"]["owner"]):
        gdb.write(f"  {tasks.describe_lock(ring['lock'].address)}\n")
    shared = ring["shared"]
    if int(shared):
        gdb.write(f"  CQ: {int(ring['cached_cq_tail']) - int(shared['cq_head'])} completions not "
                  f"seen yet, {len(chain(ring['overflow_first'], 'next'))} overflowed\n")
    gdb.write(f"  requests: {int(ring['nr_reqs'])}\n")
    for words, first, link in (("cancelable", ring["cancelable"], "hash_next"),
                               ("task work (DEFER_TASKRUN)", ring["local"]["first"], "tw_next"),
                               ("completions to be flushed", ring["deferred"]["first"],
                                "list_next")):
        gdb.write(f"    {words}: {describe(chain(first, link))}\n")


def print_task_work():
    """Task work of the default mode, by task."""
    for task in tasks.all_tasks():
        mine = tasks.kernel_task(task)
        if not mine or not int(mine["io_uring"]):
            continue
        work = chain(mine["io_uring"]["fifo"]["first"], "tw_next")
        if work:
            gdb.write(f"task work of {look.text(task['name'])}: {describe(work)}\n")


def print_rings():
    """uringsim rings"""
    number = int(gdb.parse_and_eval("uring_nr_rings"))
    array, owners = gdb.parse_and_eval("uring_rings"), server_threads()
    if not number:
        gdb.write("no io_uring instance was set up\n")
    for index in range(number):
        print_ring(index, array[index], owners)
    print_task_work()
