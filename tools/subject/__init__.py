# SPDX-License-Identifier: GPL-2.0-only
"""What tools/build-subject and tools/tree-subject are made of: a subject is one
driver's kernel code, compiled with our headers and glue into a shared object."""
