# SPDX-License-Identifier: GPL-2.0-only
"""What is new since another tree, and since which commit: uringsim compare, check, bisect."""
