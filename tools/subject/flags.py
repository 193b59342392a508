# SPDX-License-Identifier: GPL-2.0-only
"""The compiler, and the flags for kernel code (flags.toml)."""
import os
import shutil
import subprocess
import tomllib

from . import places
from .misfit import Misfit

# These would put headers or files of somebody else's into a build.
_FOREIGN = ("CPATH", "C_INCLUDE_PATH", "DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES")


def environment():
    """Return: that of a compiler: its English, and no headers but those we name"""
    env = {key: value for key, value in os.environ.items() if key not in _FOREIGN}
    env["LC_ALL"] = "C"
    return env


class Compiler:
    """One of the two whose flags flags.toml has."""

    def __init__(self, command):
        path = shutil.which(command)
        if not path:
            raise Misfit(f"there is no compiler {command}")
        self.command = command
        said = subprocess.run([command, "--version"], env=environment(), text=True,
                              errors="replace", capture_output=True, check=False).stdout
        self.version = said.split("\n", 1)[0]
        self.family = "clang" if "clang" in said else "gcc"
        status = os.stat(path)
        self.identity = [os.path.realpath(path), status.st_size, status.st_mtime_ns, said]


def groups(family, *names):
    """Return: the entries of these groups; one with a space is several arguments"""
    with open(os.path.join(places.TOOLS, "subject/flags.toml"), "rb") as file:
        table = tomllib.load(file)
    return [flag for name in names for key in ("all", family) for flag in table[name].get(key, [])]


def split(entries):
    """Return: them as arguments"""
    return [argument for entry in entries for argument in entry.split(" ")]


def kernel(family, manifest, gen, tree, strict=True, forms=()):
    """Arguments for kernel code. GEN: a folder with generated headers, or None. TREE:
    the top of the tree, as the compiler finds it ("" for where it runs). STRICT: warnings
    are errors. FORMS: folders of the glue that were chosen"""
    folders = [gen] if gen else []
    folders += [places.SHIM_HEADERS, *(os.path.join(tree, each) for each in manifest.includes),
                *places.OUR_HEADERS, *forms, *manifest.own]
    return [
        *split(groups(family, "kernel")),
        *(f"-DCONFIG_{option}=1" for option in manifest.kconfig),
        *(f"-D{definition}" for definition in manifest.defines),
        "-include", places.KCONFIG,
        *("-I" + folder for folder in folders),
        # places are named as in the tree, or below our own folder
        f"-fmacro-prefix-map={places.ROOT}/=",
        *split(groups(family, "warnings" if strict else "errors")),
    ]


def printed(what, compiler, manifest, tree):
    """Return: lines for CMake, an option each"""
    if what == "hooks":
        return groups(compiler.family, "hooks")
    # not the driver's own folder, in which the others' headers are not
    entries = [entry for entry in kernel(compiler.family, manifest, None, os.path.abspath(tree))
               if entry != "-I" + os.path.join(os.path.abspath(tree), manifest.folder)]
    lines = []
    for entry in entries:
        if lines and lines[-1] == "-include":
            lines[-1] += " " + entry
        else:
            lines.append(entry)
    return lines
