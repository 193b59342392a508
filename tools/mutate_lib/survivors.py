# SPDX-License-Identifier: GPL-2.0-only
"""The list of known survivors, each with the reason why no test can or need notice it.

    FILE FUNCTION [#N]
    - the statement or condition as it is
    + as it is with the mutant; (dropped) when it is left out
    = equivalent: reason, or accepted: reason

An entry is found again by the file's name without its folder, the function and both
texts: neither other lines nor a move of the file matter. #N is the Nth that reads so in that
function. A line that begins with a blank continues the one before.
"""
import os
import re

KINDS = ("equivalent", "accepted")


class BadList(Exception):
    """What is wrong with the list."""


class Known:
    def __init__(self, path):
        self.path, self.entries, self.used = path, {}, set()
        if path:
            self._read()

    def _read(self):
        lines = []
        with open(self.path, encoding="utf-8") as f:
            for nr, line in enumerate(f, 1):
                if line.startswith("#") or not line.strip():
                    continue
                if line[0].isspace() and lines:
                    lines[-1][1] += " " + line.strip()
                else:
                    lines.append([nr, line.rstrip("\n")])
        for i in range(0, len(lines), 4):
            self._entry(lines[i:i + 4])

    def _entry(self, four):
        nr = four[0][0]
        texts = [text for _, text in four]
        head = texts[0].split()
        if len(four) < 4 or len(head) not in (2, 3) or \
                [t[:2] for t in texts[1:]] != ["- ", "+ ", "= "]:
            raise BadList(f"{self.path}:{nr}: an entry is FILE FUNCTION, -, + and =")
        kind, _, reason = texts[3][2:].partition(": ")
        if kind not in KINDS or not reason.strip():
            raise BadList(f"{self.path}:{nr}: no reason: = {' or '.join(KINDS)}: TEXT")
        nth = int(head[2].lstrip("#")) if len(head) == 3 else 1
        key = (os.path.basename(head[0]), head[1], squeeze(texts[1][2:]),
               squeeze(texts[2][2:]), nth)
        if key in self.entries:
            raise BadList(f"{self.path}:{nr}: is there already")
        self.entries[key] = (kind, reason.strip(), nr)

    def find(self, m):
        """(kind, reason) of a mutant, or None."""
        key = (os.path.basename(m.file), m.function, squeeze(m.before), squeeze(m.after), m.nth)
        entry = self.entries.get(key)
        if not entry:
            return None
        self.used.add(key)
        return entry[:2]

    def stale(self, files):
        """Lines of entries of these files that no mutant is."""
        names = {os.path.basename(f) for f in files}
        return sorted(e[2] for k, e in self.entries.items()
                      if k[0] in names and k not in self.used)


def squeeze(text):
    """Where lines were broken does not matter."""
    return re.sub(r"\s+", " ", text).strip()


def as_entry(m, width=96):
    """What would have to be written into the list."""
    head = f"{m.file} {m.function}" + (f" #{m.nth}" if m.nth > 1 else "")
    return "\n".join([head, *wrap("- ", m.before, width), *wrap("+ ", m.after, width),
                      "= equivalent: "])


def wrap(mark, text, width):
    lines, line = [], mark
    for word in text.split():
        if len(line) + len(word) > width and line.strip() != mark.strip():
            lines.append(line.rstrip())
            line = "  "
        line += word + " "
    return lines + [line.rstrip()]
