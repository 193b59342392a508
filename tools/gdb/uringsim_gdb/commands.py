# SPDX-License-Identifier: GPL-2.0-only
"""The commands. What goes wrong in one of them is one line, never a traceback."""
import gdb

from uringsim_gdb import drivers, look, names, rings, stack, stop, tasks


class Prefix(gdb.Command):
    """State of the simulator: tasks and their stacks, the driver's objects, io_uring.

uringsim tasks             every task: state, what it waits for, locks that it holds
uringsim task N|NAME       look at that task's stack: bt, frame, print; without N: back
uringsim bt [N|NAME|all] [full]  stacks; full: with the scheduler's frames
uringsim locks             the locks that are held, and by which task
uringsim rings             io_uring instances
uringsim reports           what was reported so far
uringsim name EXPRESSION   an address in the trace's words
uringsim until report N|standstill N   start the program, stop there

Objects are called as in the trace: label#n of the simulated heap."""

    def __init__(self):
        super().__init__("uringsim", gdb.COMMAND_DATA, prefix=True)

    def invoke(self, argument, from_tty):
        """Called by gdb when no command of ours is named."""
        if argument:
            raise gdb.GdbError(f"uringsim: there is no command {argument.split()[0]}; "
                               "\"help uringsim\" lists them")
        gdb.execute("help uringsim")


class Command(gdb.Command):
    """One of them."""

    def __init__(self, word, function, live=True):
        self.__doc__ = function.__doc__
        super().__init__("uringsim " + word, gdb.COMMAND_DATA)
        self.function, self.live = function, live

    def invoke(self, argument, from_tty):
        """Called by gdb."""
        self.dont_repeat()
        try:
            if self.live and not look.is_live():
                raise look.Missing("the program is not running")
            self.function(gdb.string_to_argv(argument))
        except gdb.GdbError:
            raise
        except (look.Missing, gdb.error, gdb.MemoryError) as wrong:
            raise gdb.GdbError(f"uringsim: {str(wrong).rstrip()}") from None
        except (KeyboardInterrupt, SystemExit):
            raise
        except Exception as wrong:  # pylint: disable=broad-except
            raise gdb.GdbError(f"uringsim: the command failed: {type(wrong).__name__}: "
                               f"{wrong}") from None


def bt(words):
    """Print stacks: uringsim bt [N|NAME|all] [full]."""
    full = "full" in words
    tasks.print_stacks(look.one([w for w in words if w != "full"]), full)


def name(words):
    """Print the name that the trace has for an address: uringsim name EXPRESSION."""
    value = gdb.parse_and_eval(" ".join(words) or "0")
    if value.type.strip_typedefs().code not in (gdb.TYPE_CODE_PTR, gdb.TYPE_CODE_INT):
        value = value.address
        if value is None:
            raise look.Missing("that has no address")
    gdb.write(names.object_name(value) + "\n")


def until(words):
    """Start the program and stop at a failure: uringsim until report N|standstill N."""
    if len(words) != 2 or not words[1].isdigit():
        raise look.Missing("until what? \"report N\", or \"standstill N\"")
    stop.run_until(words[0], int(words[1]))


COMMANDS = (
    ("tasks", look.documented(lambda w: tasks.print_tasks(), "Print every task.")),
    ("task", look.documented(lambda w: tasks.enter(look.one(w)),
                        "Look at a task's stack: uringsim task [N|NAME]. Without one: back.")),
    ("bt", bt),
    ("locks", look.documented(lambda w: tasks.print_locks(), "Print the locks that are held, and by which task.")),
    ("rings", look.documented(lambda w: rings.print_rings(), "Print io_uring instances.")),
    ("reports", look.documented(lambda w: stop.print_reports(), "Print what was reported so far.")),
    ("name", name),
)


def register():
    """Make them known to gdb."""
    views = drivers.views()
    Prefix.__doc__ += "\n\n" + "\n".join(view.HELP for view in views)
    Prefix()
    for word, function in (*COMMANDS, *(c for view in views for c in view.COMMANDS)):
        Command(word, function)
    Command("until", until, live=False)
    stack.guard()
