# SPDX-License-Identifier: GPL-2.0-only
"""The command lines of the three tools, and how they end. The words come from
sim/command/history.c, which has looked at them."""
import os
import signal
import sys
from dataclasses import dataclass, field

from subject.command import end_unread
from subject.misfit import Misfit, complain

from . import program

# those that are explore's are passed on as they are
_SEARCH = ("--strategy", "--budget", "--points", "--preemptions", "--delays", "--timers", "--faults", "--seed",
           "--seconds-each", "--executions")
_SINGLE = {"--tree": "tree", "--json": "json", "--junit": "junit", "--page": "page",
           "--schedules": "schedules", "--jobs": "jobs", "--suppress": "suppress"}
_OURS = {"--program": "path", "--shown": "shown", "--cc": "compiler", "--place-map": "place_map"}


@dataclass
class Arguments:
    """What the command line says."""
    program: object = None                          # a Program
    search: dict = field(default_factory=dict)      # of explore
    scenarios: list = field(default_factory=list)
    tree: str = "."
    json: str = ""
    junit: str = ""
    page: str = ""
    schedules: str = "schedules"
    jobs: str = ""
    suppress: str = ""
    first: bool = False
    rest: list = field(default_factory=list)


def parse(words):
    """Return: Arguments"""
    found, ours = Arguments(), dict.fromkeys(_OURS.values(), "")
    words = list(words)
    while words:
        word = words.pop(0)
        if word == "--":
            found.rest = words
            break
        if word == "--first":
            found.first = True
            continue
        if not words:
            raise Misfit(f"{word} needs an argument")
        value = words.pop(0)
        if word in _OURS:
            ours[_OURS[word]] = value
        elif word == "--scenario":
            found.scenarios.append(os.path.abspath(value) if "/" in value or
                                   value.endswith(".scenario") else value)
        elif word in _SEARCH:
            found.search[word] = value
        elif word in _SINGLE:
            setattr(found, _SINGLE[word], value)
        else:
            raise Misfit(f"{word} is not known")
    found.program = program.Program(**ours)
    found.jobs = found.jobs or str(len(os.sched_getaffinity(0)))
    _check_outputs(found)
    return found


def _check_outputs(asked):
    """Refuse what cannot be written before anything is built"""
    for path in filter(None, (asked.json, asked.junit, asked.page)):
        folder = os.path.dirname(path) or "."
        writable = os.access(path, os.W_OK) if os.path.exists(path) else os.access(folder, os.W_OK)
        if os.path.isdir(path) or not writable:
            raise Misfit(f"cannot write {path}")
    above = asked.schedules
    while not os.path.exists(above):
        above = os.path.dirname(above) or "."
    if not os.path.isdir(above) or not os.access(above, os.W_OK):
        raise Misfit(f"cannot write into the folder {asked.schedules}")


def write(path, text):
    """Write a file as a whole, or not at all"""
    if not os.path.isfile(path) and os.path.exists(path):  # a pipe, /dev/stdout
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return
    part = f"{path}.{os.getpid()}.part"
    try:
        with open(part, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(part, path)
    except OSError as why:
        raise Misfit(f"cannot write {path}: {why.strerror}") from None


def _stop(_number, _frame):
    raise program.Interrupted


def run(main):
    """Run MAIN with the words of the command line; it returns the exit status"""
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        status = main(parse(sys.argv[1:]))
        sys.stdout.flush()
    except program.Interrupted:
        complain("uringsim", "interrupted; what was built and searched is kept")
        status = program.CUT
    except Misfit as why:
        complain("uringsim", why)
        status = program.USAGE
    except program.Unbuilt as why:
        complain("uringsim", why)
        status = program.TREE
    except program.Failed as why:
        complain("uringsim", why)
        status = why.status
    except BrokenPipeError:
        end_unread()
        status = program.USAGE
    except OSError as why:
        complain("uringsim", f"{why.filename}: {why.strerror}" if why.filename else why.strerror)
        status = program.USAGE
    sys.exit(status)
