# SPDX-License-Identifier: GPL-2.0-only
"""The gdb commands of uringsim, a file for each thing that can be looked at."""
