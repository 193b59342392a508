# SPDX-License-Identifier: GPL-2.0-only
"""Prints what coverage/fuzz has counted: for each file with a threshold the percentage, and
the lines that were not reached, with reasons.
coverage/fuzz: FOLDER SUBJECT INFO"""

import fnmatch
import os
import re
import sys

from lines import entries, read_info, spans

# of dev.c: moving pages from and to pipes, which the fake kernel does not have, and CUSE:
# whole functions by their names, lines of others by what is said of them
LEFT_OUT = re.compile(r"splice|pipe|try_move|ref_folio|ref_page|cuse")
NOT_ASKED = ("splice:", "CUSE:")


def functions(path):
    """{source path: [(first line, name)], ascending}"""
    found, here = {}, []
    with open(path, encoding="utf-8") as info:
        for line in info:
            key, _, rest = line.rstrip("\n").partition(":")
            if key == "SF":
                here = found.setdefault(rest, [])
            elif key == "FN":
                number, name = rest.split(",")[:2]
                here.append((int(number), name))
    return {path: sorted(each) for path, each in found.items()}


def leave_out(file, starts, known):
    """Forget the lines that are not asked about"""
    for i, (first, name) in enumerate(starts):
        last = starts[i + 1][0] - 1 if i + 1 < len(starts) else 1 << 30
        if LEFT_OUT.search(name):
            for line in [n for n in file.lines if first <= n <= last]:
                del file.lines[line]
    for line in [n for n in file.missing() if why(known, n).startswith(NOT_ASKED)]:
        del file.lines[line]


def reasons(folder, subject, name):
    """[(first, last, reason)]"""
    found = []
    for lists in "unreached.txt", "fuzz-unreached.txt":
        for of, place, reason in entries(os.path.join(folder, lists)):
            path, _, span = place.rpartition(":")
            if path != name or not fnmatch.fnmatch(subject, of):
                continue
            first, _, last = span.partition("-")
            found.append((int(first), int(last or first), reason.strip()))
    return found


def why(known, line):
    return next((reason for first, last, reason in known if first <= line <= last), "")


def print_missing(file, known, name):
    """Lines of one reason are told together"""
    by_reason = {}
    for line in file.missing():
        by_reason.setdefault(why(known, line), []).append(line)
    for reason, lines in sorted(by_reason.items(), key=lambda item: (item[0] != "", item[1])):
        for span in spans(lines, file):
            print(f"  {name}:{span}  {reason or 'NO REASON GIVEN'}")


def main():
    folder, subject, info = sys.argv[1:]
    files, starts, wrong = read_info(info), functions(info), False
    for of, least, name in entries(os.path.join(folder, "fuzz-thresholds")):
        name = name.strip()
        path = next((p for p in files if p.endswith("/" + name)), None)
        if not fnmatch.fnmatch(subject, of) or not path:
            continue
        file = files[path]
        known = reasons(folder, subject, name)
        leave_out(file, starts[path], known)
        percent = file.line_percent()
        wrong |= percent < float(least)
        print(f"{percent:5.1f}% of {len(file.lines)} lines (at least {least}%) "
              f"{subject}:{name}")
        print_missing(file, known, name)
    sys.exit(1 if wrong else 0)


main()
