# SPDX-License-Identifier: GPL-2.0-only
"""What drivers add to the commands: sim/DRIVER/gdb/*_views.py, each with HELP, lines of the
help text, and COMMANDS, pairs of a word and a function of the words that follow it."""
import glob
import importlib
import os
import sys

from uringsim_gdb import look


def views():
    """The modules of all drivers."""
    found = []
    for file in sorted(glob.glob(os.path.join(look.ROOT, "sim", "*", "gdb", "*_views.py"))):
        sys.path.insert(0, os.path.dirname(file))
        found.append(importlib.import_module(os.path.basename(file)[:-len(".py")]))
    return found
