# SPDX-License-Identifier: GPL-2.0-only
"""What tools/build-subject and tools/tree-subject have in common as programs."""
import os
import signal
import sys

from .misfit import Misfit, Unfit, complain


def _stop(number, _frame):
    sys.exit(128 + number)


def end_unread():
    """End as any program does whose output nobody reads any more: "| head -1\""""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGPIPE)


def say(line):
    """Print LINE now: left to Python's end, a failure is a traceback and status 120"""
    try:
        print(line, flush=True)
    except OSError as why:
        if isinstance(why, BrokenPipeError):
            end_unread()
        # else Python tries once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Misfit(f"cannot write to standard output: {why.strerror}") from None


def run(name, main, arguments):
    """Run MAIN as the program NAME: a line and a status if it does not fit"""
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    try:
        main(arguments)
    except Misfit as why:
        complain(name, why)
        sys.exit(125 if isinstance(why, Unfit) and "--bisect" in arguments else 2)
    except OSError as why:
        complain(name, f"{why.filename}: {why.strerror}" if why.filename else why.strerror)
        sys.exit(2)
