# SPDX-License-Identifier: GPL-2.0-only
"""The one line that is printed when nothing can be built."""
import sys


class Misfit(Exception):
    """The tree does not fit, or the usage is wrong: exit status 2."""


class Unfit(Misfit):
    """A tree that cannot be judged, or a folder that is none: with --bisect, exit status 125."""


def complain(program, what):
    """Print the line, whatever it has in it."""
    line = " ".join(str(what).split("\n"))
    sys.stderr.write(f"{program}: {line}\n")
