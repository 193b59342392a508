# SPDX-License-Identifier: GPL-2.0-only
"""Stacks: a parked task's registers are shown to gdb, and the real ones restored before
anything runs on."""
import gdb

from uringsim_gdb import look

# as fiber_switch() pushes them (sim/sched/switch.S), from the saved stack pointer up
SAVED = ("r15", "r14", "r13", "r12", "rbx", "rbp", "rip")
# commands that let the inferior run: another task's view ends before
RESUMING = ("continue", "step", "next", "stepi", "nexti", "finish", "until", "advance",
            "jump", "run", "start", "starti", "detach", "kill", "signal", "reverse-continue")
RUNTIME = ("sim/sched/", "kernel_shim/hooks/", "kernel_shim/runtime/", "kernel_shim/shim/")

_own = {}  # the processor's registers while another task is looked at
_shown = {"task": None}


def registers(task):
    """The registers that a parked task continues with."""
    word = gdb.lookup_type("unsigned long")
    sp = int(task["fiber"]["sp"])
    at = gdb.Value(sp).cast(word.pointer())
    regs = {name: int(at[i]) for i, name in enumerate(SAVED)}
    regs["rsp"] = sp + len(SAVED) * 8
    return regs


def _write(regs):
    gdb.newest_frame().select()
    for name, value in regs.items():
        gdb.execute(f"set var ${name} = (long)({value})", to_string=True)
    gdb.newest_frame().select()


def _read():
    frame = gdb.newest_frame()
    return {name: int(frame.read_register(name).cast(gdb.lookup_type("unsigned long")))
            for name in SAVED + ("rsp",)}


def back():
    """To the stack that the process is really on."""
    if _own:
        _write(_own)
    _own.clear()
    _shown["task"] = None


def show(task):
    """Look at the stack of a parked task."""
    back()
    _own.update(_read())
    _write(registers(task))
    _shown["task"] = int(task["id"])


def shown():
    """The task that is looked at, or None."""
    return _shown["task"]


def forget():
    """The process has gone on or is gone: the registers are its own again."""
    _own.clear()
    _shown["task"] = None


def guard():
    """Have the view given up by whatever lets the process run."""
    for command in RESUMING:
        gdb.execute(f"define hook-{command}\npython import uringsim_gdb.stack; "
                    "uringsim_gdb.stack.back()\nend", to_string=True)
    gdb.events.exited.connect(lambda event: forget())


def frames():
    """Of the stack that is looked at, innermost first."""
    frame, found = gdb.newest_frame(), []
    while frame and frame.is_valid() and len(found) < 200:
        found.append(frame)
        frame = frame.older()
    return found


def file_of(frame):
    """The source file, as the trace names it."""
    sal = frame.find_sal()
    return look.source(sal.symtab.filename) if sal.symtab else ""


def is_runtime(frame):
    """A frame of the scheduler or of the fake kernel's machinery."""
    return file_of(frame).startswith(RUNTIME) or frame.name() in ("fiber_first", "fiber_switch")


def is_subject(frame):
    """A frame of the code under test: of the subject's shared object, but none of the
    fake kernel's inline functions."""
    library = gdb.solib_name(frame.pc()) or ""
    return (library and not library.startswith(("/lib", "/usr")) and
            not file_of(frame).startswith("kernel_shim/"))


def describe(frame):
    """"function  file:line", without an address."""
    sal = frame.find_sal()
    where = f"{file_of(frame)}:{sal.line}" if sal.symtab else ""
    return [frame.name() or "?", where]


def write(everything=False, indent="    "):
    """Print the stack that is looked at."""
    rows = [[f"#{f.level()}"] + describe(f) for f in frames()
            if everything or not is_runtime(f)]
    look.table(rows or [["(has not run yet)"]], indent)
