# SPDX-License-Identifier: GPL-2.0-only
"""Where gdb finds sources: debug information names our own files relative to our top, and
those of fetched kernels relative to the cache's sources."""
import os
import sys

import gdb

from . import look

sys.path.append(os.path.join(look.ROOT, "tools"))
from subject import misfit, places  # noqa: E402 pylint: disable=wrong-import-position


def register():
    """Add the folders to gdb's own list; the last that is added is looked into first."""
    try:
        folders = [os.path.join(places.cache(), "sources")]
    except misfit.Misfit:
        folders = []
    folders += [os.path.join(look.ROOT, "sim/kernel"), look.ROOT]
    for folder in folders:
        if os.path.isdir(folder):
            gdb.execute(f'directory "{folder}"', to_string=True)
