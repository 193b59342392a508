# SPDX-License-Identifier: GPL-2.0-only
"""Teaches gdb the simulator: "source tools/gdb/uringsim.py", then "help uringsim".

"uringsim replay FILE --gdb" loads it by itself. docs/debugging.md tells how it is used.
"""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

# pylint: disable=wrong-import-position
import uringsim_gdb.commands  # noqa: E402
import uringsim_gdb.sources  # noqa: E402

uringsim_gdb.sources.register()
uringsim_gdb.commands.register()
