#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prints the table of coverage/report out of lcov's files, compares it with the
thresholds, and lists the lines that nobody has explained."""

import fnmatch
import os
import sys

from lines import entries, explained, read_info, spans


def collect(root, arguments):
    """{(subject or "", path inside its tree): File}, in the order to print"""
    table = {}
    for argument in arguments:
        subject, _, info = argument.partition("=")
        if not os.path.exists(info):
            continue
        files = read_info(info)
        for path in sorted(files, key=lambda p: (not p.endswith("/dev_uring.c"), p)):
            if subject:
                name = "fs/fuse/" + path.rpartition("/fs/fuse/")[2]
            else:
                name = os.path.relpath(path, root)
            table[(subject, name)] = files[path]
    return table


def below_threshold(root, title, file):
    """What is wrong with it, or None"""
    for lines, branches, pattern in entries(os.path.join(root, "coverage/thresholds")):
        if not fnmatch.fnmatch(title, pattern.strip()):
            continue
        if file.line_percent() < float(lines):
            return f"{title}: {file.line_percent():.1f}% of lines, not {lines}%"
        if file.branch_percent() < float(branches):
            return f"{title}: {file.branch_percent():.1f}% of branches, not {branches}%"
        return None
    return None


def print_unexplained(root, table):
    known = explained(os.path.join(root, "coverage/unreached.txt"))
    for key, file in table.items():
        if not key[0] or not key[1].endswith("/dev_uring.c"):
            continue
        reasons = known.get(key, set())
        for span in spans(set(file.missing()) - reasons, file):
            print(f"unreached, no reason given: {key[0]} {key[1]}:{span}")
        for span in spans({n for n in reasons if file.lines.get(n)}, file):
            print(f"reached, though coverage/unreached.txt lists it: "
                  f"{key[0]} {key[1]}:{span}")


def main():
    root, table = sys.argv[1], collect(sys.argv[1], sys.argv[2:])
    wrong = []
    for (subject, name), file in table.items():
        title = f"{subject}:{name}" if subject else name
        print(f"{file.line_percent():5.1f}% {file.branch_percent():5.1f}% {title}")
        wrong.append(below_threshold(root, title, file))
    print_unexplained(root, table)
    for line in filter(None, wrong):
        print(f"below the threshold: {line}")
    sys.exit(1 if any(wrong) else 0)


main()
