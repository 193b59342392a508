# SPDX-License-Identifier: GPL-2.0-only
"""What a subject was made from: the compiler says so (-MD), file by file."""
import os
import re

_WORD = re.compile(r"(?:\\.|[^\s\\])+")


def parse(text):
    """Return: the files that a make rule says its target depends on"""
    text = text.replace("\\\n", " ")
    # the target ends at the first colon that is followed by a space
    _, _, files = text.partition(": ")
    return [re.sub(r"\\([ #])", r"\1", word).replace("$$", "$") for word in _WORD.findall(files)]


def read(path):
    """Return: parse() of the file PATH"""
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        return parse(file.read())


def _escaped(path):
    return re.sub(r"([ #])", r"\\\1", path).replace("$", "$$")


def write(path, target, files):
    """Write a make rule, which ninja reads, too"""
    lines = [_escaped(target) + ":", *(_escaped(file) for file in sorted(files))]
    part = path + ".part"
    with open(part, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(" \\\n  ".join(lines) + "\n")
    os.replace(part, path)
