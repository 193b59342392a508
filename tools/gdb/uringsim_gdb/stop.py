# SPDX-License-Identifier: GPL-2.0-only
"""Running up to a failure: to its report, or to where no task can run any more."""
import gdb

from uringsim_gdb import look, stack, tasks

# where the code under test is, best first
TESTED = (stack.is_subject,
          lambda frame: stack.file_of(frame).startswith("sim/model/") or "/scenario/" in stack.file_of(frame))


def reports():
    """What was reported so far."""
    kept = int(look.static("kept", "report.c"))
    array = look.static("reports", "report.c")
    return [array[i] for i in range(kept)]


def kind_name(report):
    """REPORT_HEAP: heap"""
    return str(report["kind"]).rsplit("_", 1)[-1].lower()


def print_report(number, report):
    """As explore and replay print it."""
    where = look.text(report["where"])
    gdb.write(f"failure   {kind_name(report):<10s}  {look.text(report['summary'])}\n")
    gdb.write(f"          {'':<10s}  {where}{', ' if where else ''}task "
              f"{look.text(report['task'])}, step {int(report['step'])}, report {number}\n")


def print_reports():
    """uringsim reports"""
    for number, report in enumerate(reports()):
        print_report(number, report)
    if not reports():
        gdb.write("nothing was reported so far\n")


def select_tested():
    """Select the innermost frame of the code under test; if there is none, the frame that reported."""
    frames = stack.frames()
    for is_tested in TESTED:
        for frame in frames:
            if is_tested(frame):
                frame.select()
                return
    for frame in frames:
        if not stack.file_of(frame).startswith(("sim/detect/",) + stack.RUNTIME):
            frame.select()
            return


def tell_where():
    """The task, and the line of the selected frame."""
    ident = tasks.current()
    if ident is None:
        gdb.write("no task runs: the main context\n")
    else:
        task = tasks.all_tasks()[ident]
        gdb.write(f"task {ident} {look.text(task['name'])}\n")
    gdb.execute("frame")


def run_until(what, number):
    """uringsim until report N | standstill N: start the program, stop there."""
    if what == "report":
        stop = gdb.Breakpoint("report_made", internal=True)
        stop.condition = f"nr == {number}"
    elif what == "standstill":
        stop = gdb.Breakpoint("sched_standstill", internal=True)
        stop.ignore_count = number - 1
    else:
        raise look.Missing("until what? \"report N\", or \"standstill N\"")
    stop.silent = True
    gdb.execute("run")
    reached = look.is_live() and stop.hit_count > 0
    stop.delete()
    if not reached:
        raise look.Missing(f"the program ended without {what} {number}")
    if what == "report":
        print_report(number, reports()[number])
        select_tested()
        tell_where()
    else:
        gdb.write("no task can run, and one waits for ever\n")
        tasks.print_tasks()
        tasks.print_stacks("all", False)
