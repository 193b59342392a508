# SPDX-License-Identifier: GPL-2.0-only
"""The one line that is printed when nothing can be built."""


class Misfit(Exception):
    """The tree does not fit, or the usage is wrong: exit status 2."""


def complain(who, what):
    """Print the line, whatever it has in it."""
    import sys
    line = " ".join(str(what).split("\n"))
    sys.stderr.write(f"{who}: {line}\n")
