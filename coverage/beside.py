#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Sets what a kernel reached of dev_uring.c beside what the simulator did, for
coverage/beside-kernel: REASONS SUBJECT KERNEL.info SIMULATOR.info TESTS.info"""

import os
import re
import sys

from lines import explained, read_info, spans

# of dev_uring.c; the headers beside it are part of ours
PARTS = re.compile(r".*/fs/fuse/((?:dev_uring|bufring)[^/]*\.[ch])$")


def parts(path):
    """{name below fs/fuse: File} of an lcov file; of none if it is not there"""
    if not os.path.exists(path):
        return {}
    files = read_info(path)
    return {m.group(1): files[m.group(0)] for m in map(PARTS.match, files) if m}


def reached(file, lines):
    """How many of these lines it reached, as a column"""
    if file is None:
        return f"{'-':>12}"
    count = sum(1 for line in lines if file.lines.get(line))
    return f"{count:5} {100.0 * count / max(len(lines), 1):5.1f}%"


def main():
    reasons_file, subject = sys.argv[1:3]
    kernel, simulator, tests = (parts(path) for path in sys.argv[3:6])
    known = explained(reasons_file)
    if not kernel or not simulator:
        sys.exit(f"{subject}: nothing is counted of dev_uring.c")
    print(f"{'lines':>6}  {'kernel':>12} {'simulator':>12} {'all tests':>12}  file")
    status = 0
    for name in sorted(kernel, key=lambda n: (n != "dev_uring.c", n)):
        guest, here, all_here = kernel[name], simulator.get(name), tests.get(name)
        if here is None:
            continue
        # compilers do not agree on which lines have code; what both know is compared
        lines = sorted(set(guest.lines) & set(here.lines))
        print(f"{len(lines):6}  {reached(guest, lines)} {reached(here, lines)} "
              f"{reached(all_here, lines)}  {subject}:fs/fuse/{name}")
        reasons = known.get((subject, "fs/fuse/" + name), set())
        alone = {n for n in lines if guest.lines[n] and not here.lines[n]}
        if all_here:
            here_only_in_tests = {n for n in alone if all_here.lines.get(n)}
            for span in spans(here_only_in_tests, here):
                print(f"  by the kernel, and here by tests only: {span}")
            alone -= here_only_in_tests
        for span in spans(alone & reasons, here):
            print(f"  by the kernel alone, with a reason: {span}")
        for span in spans(alone - reasons, here):
            print(f"  by the kernel alone: {span}")
            status = 1
        for span in spans({n for n in lines if here.lines[n] and not guest.lines[n]}, here):
            print(f"  by the simulator alone: {span}")
    sys.exit(status)


main()
