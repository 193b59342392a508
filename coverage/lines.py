# SPDX-License-Identifier: GPL-2.0-only
"""What lcov's files say of lines, and what we say of them."""


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


def entries(path):
    """The lines of a file of ours that are not comments, split into three."""
    with open(path, encoding="utf-8") as text:
        for line in text:
            if line.strip() and not line.startswith("#"):
                yield line.split(None, 2)


def explained(path):
    """{(subject, path): {line}} of such a file with reasons"""
    lines = {}
    for subject, place, _ in entries(path):
        name, _, span = place.rpartition(":")
        first, _, last = span.partition("-")
        lines.setdefault((subject, name), set()).update(
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
