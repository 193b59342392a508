# SPDX-License-Identifier: GPL-2.0-only
"""Calls uringsim: to build a subject, to search, to play a schedule again."""
import os
import subprocess
import sys

from subject import places
from subject.misfit import Misfit

FOUND, USAGE, SIMULATOR, CUT, TREE = 1, 2, 3, 4, 5  # exit statuses (sim/program/program.h)
_SKIP = 125


class Interrupted(BaseException):
    """Ctrl-C, or SIGTERM."""


class Unbuilt(Exception):
    """A tree does not fit or does not compile; or a subject is not there."""


class Failed(Exception):
    """The simulator itself failed, or was used wrongly: status, and the line that it said"""

    def __init__(self, status, line):
        super().__init__(line)
        self.status = status


def _start(argv):
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, errors="replace")


def run(argv):
    """Return: status, and what it wrote to its standard output and to the other one"""
    try:
        process = _start(argv)
    except OSError as why:
        raise Misfit(f"cannot run {argv[0]}: {why.strerror}") from None
    try:
        out, err = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    return process.returncode, out, err


def _line(err):
    """Return: of a complaint the last line, without the program's name"""
    lines = err.strip().splitlines()
    return lines[-1].removeprefix("uringsim: ") if lines else "it said nothing"


def _unwritten(err):
    """Return: the line of a failure that was found, but not kept, as the disk is full; or """""
    lines = (line.removeprefix("uringsim: ") for line in err.splitlines())
    return next((line for line in lines if line.startswith(("cannot write ", "cannot make "))), "")


class Program:
    """A uringsim: where it is, and how its user calls it."""

    def __init__(self, path, shown, compiler, place_map):
        self.path = path
        self.shown = shown
        self._compiler = compiler
        self._place_map = place_map

    def build(self, tree):
        """Return: of TREE (DIR or REPO@REV) the subject, and what leads to it from anywhere"""
        argv = [os.path.join(places.TOOLS, "tree-subject"), "--cc", self._compiler]
        argv += ["--place-map", self._place_map] if self._place_map else []
        status, out, err = run([*argv, "--hooked", "--bisect", "--", tree])
        lines = out.splitlines()
        if status == _SKIP:
            raise Unbuilt(_line(err))
        if status or len(lines) < 2:
            said = status == USAGE
            raise Misfit(_line(err) if said else f"tools/tree-subject failed on {tree}")
        return lines[0], lines[1].removeprefix("tree ")

    def look(self, subject):
        """There is a subject of that name, or what is wrong is said"""
        # the least that needs a subject: every driver's scenarios can be printed
        status, _, err = run([self.path, "scenarios", "--print", "abort", "--subject", subject])
        if status:
            raise Misfit(_line(err))

    def explore(self, options, said):
        """Search, with the JSON going to SAID. Return: whether it came to its end"""
        status, _, err = run([self.path, "explore", "-q", *options, "--json", said])
        if status == CUT:
            return False
        if status == TREE and not os.path.exists(said):
            raise Unbuilt(_line(err))
        if status == FOUND and _unwritten(err):
            raise Failed(USAGE, _unwritten(err))
        if status not in (0, FOUND, TREE):
            raise Failed(SIMULATOR if status not in (USAGE, SIMULATOR) else status, _line(err))
        return True

    def replay(self, schedule, on, suppress=("--suppress", "none")):
        """Play SCHEDULE once on what the words ON name. Return: whether its failure came, and
        what was printed; None: it cannot be played there, and the line that says why"""
        status, out, err = run([self.path, "replay", schedule, "--once", *suppress, *on])
        if status not in (0, FOUND, CUT):
            return None, _line(err)
        return status == FOUND, out

    def shrink(self, schedule, on):
        """Return: whether SCHEDULE.min was written: as few switches as it needs there"""
        status, _, _ = run([self.path, "shrink", schedule, *on])
        return status == 0


def progress(text):
    """Say on a terminal what is being done; "" clears it"""
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + text[:100])
        sys.stderr.flush()
