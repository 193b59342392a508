# SPDX-License-Identifier: GPL-2.0-only
"""Links the objects, if nothing that they use is missing."""
import os
import re
import subprocess

from . import flags, places
from .misfit import Misfit
from .tree import names

# What the program that loads subjects gives them, the C library's memory and
# string functions, and what the compiler's own instrumentation calls.
_GRANTED = re.compile(
    r"(shim_|sched_|hook_|race_|__asan_|__ubsan_|__tsan_|__gcov_|__llvm_|llvm_gc).*"
    r"|jiffies|bcmp|mem(cpy|set|move|cmp|chr)|str(n?len|n?cmp|chr)"
    r"|__stack_chk_fail|_GLOBAL_OFFSET_TABLE_")


def _symbols(objects):
    """Return: names that are not defined and the first object that uses each, and names
    that are defined"""
    said = subprocess.run(["nm", "-A", *objects], env=flags.environment(), text=True,
                          errors="replace", capture_output=True, check=False).stdout
    used, defined = {}, set()
    for line in said.splitlines():
        where, _, rest = line.partition(".o:")
        words = rest.split()
        if len(words) == 2 and words[0] == "U":
            used.setdefault(words[1], where + ".o")
        elif len(words) == 3:
            defined.add(words[2])
    return used, defined


def _find(word, path):
    """Return: the line of WORD in the file, or 0"""
    pattern = re.compile(rb"\b" + re.escape(word.encode()) + rb"\b")
    with open(path, "rb") as file:
        return next((nr for nr, line in enumerate(file, 1) if pattern.search(line)), 0)


def check_symbols(objects, stage, manifest, sources):
    """Complain about the first name that nobody defines"""
    used, defined = _symbols(objects)
    missing = sorted(name for name in used if name not in defined and not _GRANTED.fullmatch(name))
    if not missing:
        return
    name = missing[0]
    where = used[name]
    for source in sources:
        line = _find(name, os.path.join(stage.path, source))
        if line:
            where = f"{source}:{line}"
            break
    folder = os.path.join(stage.path, manifest.folder)
    if any(_find(name, os.path.join(folder, each))
           for each in names(folder) if each.endswith(".h")):
        glue = os.path.relpath(manifest.glue, places.ROOT)
        raise Misfit(f"{where} uses {name}() of another part of {manifest.folder}, "
                     f"which {glue} lacks")
    raise Misfit(f"{where} uses {name}(), which kernel_shim does not model")


def link(objects, options, target):
    """Link OBJECTS, an Objects, to TARGET"""
    # --cflags may ask for link-time optimisation, which compiles here once more
    command = [objects.compiler.command, "-shared", "-Wl,-z,now,--build-id",
               *(["--coverage"] if options.coverage else []),
               *(["-fsanitize=address,undefined"] if options.sanitize else []),
               *objects.maps(), *options.cflags.split(), "-o", target, *objects.made]
    log = os.path.join(objects.obj, "link.log")
    with open(log, "wb") as said:
        done = subprocess.run(command, cwd=objects.stage.path, env=flags.environment(),
                              stdout=said, stderr=said, check=False)
    if done.returncode:
        with open(log, encoding="utf-8", errors="replace") as said:
            raise Misfit("linking failed: " + said.readline().strip())
