# SPDX-License-Identifier: GPL-2.0-only
"""The functions of kernel sources, each with a hash of its text: whether what is known of
one tree may hold for another. What changes nothing - comments, blanks - is left out."""
import hashlib
import re

_COMMENT = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.S)
_NAME = re.compile(r"(\w+)\s*\(")
_ENDS = re.compile(r"^\s*$|^[}#]|;\s*$|^\S+:\s*$")


def _without_comments(text):
    def blank(found):
        said = found.group()
        return said if said[0] == '"' else " " + "\n" * said.count("\n")
    return _COMMENT.sub(blank, text)


def _head(lines, brace):
    """Return: the first line of the definition whose body begins in line BRACE"""
    first = brace
    while first and not _ENDS.search(lines[first - 1]):
        first -= 1
    return first


def texts(source):
    """Return: of each function that SOURCE defines, in kernel style, name and text"""
    lines = _without_comments(source).split("\n")
    found = []
    for nr, line in enumerate(lines):
        if line.rstrip() != "{":
            continue
        first = _head(lines, nr)
        name = _NAME.search(" ".join(lines[first:nr]))
        last = next((i for i in range(nr, len(lines)) if lines[i].startswith("}")), None)
        if name and last is not None:
            found.append((name.group(1), " ".join(" ".join(lines[first:last + 1]).split())))
    return found


def hashes(sources):
    """Return: of the functions in SOURCES, a list of texts, name: hash"""
    together = {}
    for source in sources:
        for name, text in texts(source):
            together[name] = together.get(name, "") + text + "\n"
    return {name: hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
            for name, text in sorted(together.items())}
