#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prints the table of coverage/report out of lcov's files, compares it with the
thresholds, and lists the lines that nobody has explained."""

import fnmatch
import os
import sys


class File:
    """Counters of one source file."""

    def __init__(self):
        self.lines = {}
        self.branches = {}

    @staticmethod
    def _percent(counts):
        return 100.0 * sum(1 for c in counts if c) / len(counts) if counts else 100.0

    def line_percent(self):
        return self._percent(self.lines.values())

    def branch_percent(self):
        return self._percent(self.branches.values())

    def missing(self):
        return sorted(line for line, count in self.lines.items() if not count)


def read_info(path):
    """{source path: File}"""
    files, file = {}, None
    with open(path, encoding="utf-8") as info:
        for line in info:
            key, _, rest = line.rstrip("\n").partition(":")
            if key == "SF":
                file = files.setdefault(rest, File())
            elif key == "DA":
                number, count = rest.split(",")[:2]
                number = int(number)
                file.lines[number] = file.lines.get(number, 0) + int(count)
            elif key == "BRDA":
                number, block, branch, taken = rest.split(",")
                where = (number, block, branch)
                count = 0 if taken == "-" else int(taken)
                file.branches[where] = file.branches.get(where, 0) + count
    return files


def collect(house, arguments):
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
                name = os.path.relpath(path, house)
            table[(subject, name)] = files[path]
    return table


def entries(path):
    """The lines of a file of ours that are not comments, split into three."""
    with open(path, encoding="utf-8") as text:
        for line in text:
            if line.strip() and not line.startswith("#"):
                yield line.split(None, 2)


def below_threshold(house, title, file):
    """What is wrong with it, or None"""
    for lines, branches, pattern in entries(os.path.join(house, "coverage/thresholds")):
        if not fnmatch.fnmatch(title, pattern.strip()):
            continue
        if file.line_percent() < float(lines):
            return f"{title}: {file.line_percent():.1f}% of lines, not {lines}%"
        if file.branch_percent() < float(branches):
            return f"{title}: {file.branch_percent():.1f}% of branches, not {branches}%"
        return None
    return None


def explained(house):
    """{(subject, path): {line}}"""
    lines = {}
    for subject, place, _ in entries(os.path.join(house, "coverage/unreached.txt")):
        path, _, span = place.rpartition(":")
        first, _, last = span.partition("-")
        lines.setdefault((subject, path), set()).update(
            range(int(first), int(last or first) + 1))
    return lines


def spans(numbers, file):
    """Ranges of lines, across lines that hold no code: ["505-511", "524"]"""
    order = {line: i for i, line in enumerate(sorted(file.lines))}
    out = []
    for number in sorted(numbers):
        if out and order[number] == order[out[-1][1]] + 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    return [f"{a}-{b}" if a != b else str(a) for a, b in out]


def print_unexplained(house, table):
    known = explained(house)
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
    house, table = sys.argv[1], collect(sys.argv[1], sys.argv[2:])
    wrong = []
    for (subject, name), file in table.items():
        title = f"{subject}:{name}" if subject else name
        print(f"{file.line_percent():5.1f}% {file.branch_percent():5.1f}% {title}")
        wrong.append(below_threshold(house, title, file))
    print_unexplained(house, table)
    for line in filter(None, wrong):
        print(f"below the threshold: {line}")
    sys.exit(1 if any(wrong) else 0)


main()
