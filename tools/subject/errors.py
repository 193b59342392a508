# SPDX-License-Identifier: GPL-2.0-only
"""Says in one line why a compiler refused a tree. It reads what gcc and clang say in
the C locale, in English: clang 14 has nothing else."""
import re

# What is missing, and how the compilers say so. {0} and {1} are the groups.
_MISSING = [(re.compile(pattern), text) for pattern, text in (
    (r"implicit declaration of function '([^']+)'", "{0}()"),
    (r"call to undeclared function '([^']+)'", "{0}()"),
    (r"error: '([^']+)' undeclared", "{0}"),
    (r"use of undeclared identifier '([^']+)'", "{0}"),
    (r"unknown type name '([^']+)'", "type {0}"),
    (r"variable '[^']+' has initializer but incomplete type", "a type that is not complete"),
    (r"storage size of '([^']+)' isn't known", "the type of {0}"),
    (r"variable has incomplete type '([^']+)'", "{0}"),
    (r"tentative definition has type '([^']+)' that is never completed", "{0}"),
    (r"invalid use of undefined type '([^']+)'", "{0}"),
    (r"incomplete definition of type '([^']+)'", "{0}"),
    (r"'_Generic' selector of type '(.+)' is not compatible", "a task work callback of type {0}"),
    (r"controlling expression type '([^']+)'.* not compatible", "a task work callback of type {0}"),
    (r"'([^']+)' has no member named '([^']+)'", "member {1} of {0}"),
    (r"no member named '([^']+)' in '([^']+)'", "member {0} of {1}"),
)]
_ERROR = re.compile(r"(?:fatal )?error: ")
_HEADER = re.compile(r"error: '?([^ ':]+)'?(?:: No such file.*| file not found)")


def _place(lines, nr):
    """Return: FILE:LINE of the error in line NR; of one in a macro, where that is used"""
    place = lines[nr]
    for line in lines[nr + 1:]:
        if _ERROR.search(line):
            break
        if ": note: in expansion of macro " in line:
            place = line
    return ":".join(place.split(":")[:2])


def explain(said, relative, is_glue):
    """SAID: all that the compiler said. RELATIVE: names a file as the reader knows it.
    IS_GLUE: of such a name, whether it is a file of ours that is compiled against the
    tree's headers. Return: its first error in our words."""
    lines = said.splitlines()
    nr = next((i for i, each in enumerate(lines) if _ERROR.search(each)), None)
    if nr is None:
        return lines[-1] if lines else "the compiler failed without a word"
    line = lines[nr]
    where = relative(_place(lines, nr))
    header = _HEADER.search(line)
    if header:
        return f"{where} includes <{header[1]}>, which kernel_shim does not provide"
    for pattern, text in _MISSING:
        match = pattern.search(line)
        if match:
            whose = "which the tree lacks" if is_glue(where) else "which kernel_shim does not model"
            return f"{where} uses {text.format(*match.groups())}, {whose}"
    return f"{where}: {line.split('error: ', 1)[1]}"
