# SPDX-License-Identifier: GPL-2.0-only
"""Headers that are made for one subject, in its folder gen."""
import hashlib
import os
import subprocess

from . import functions as sources, places
from .flags import environment
from .misfit import Misfit

_HEAD = ("/* SPDX-License-Identifier: GPL-2.0-only */\n"
         "/* written by tools/build-subject */\n")
PROBES = "subject_probes.h"
CONFIG = "subject_config.h"
LINES = "subject_lines.h"
FUNCTIONS = "subject_functions.h"


def _write(gen, name, text):
    with open(os.path.join(gen, name), "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


def quoted(text):
    """Return: as a C string"""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def probes(gen, manifest, stage):
    """Write subject_probes.h: what the tree has, as its own files tell; hide what is not
    to be used of it. Return: the macros that are defined"""
    text, yes = _HEAD, set()
    for probe in manifest.probes:
        said, file = probe.says(stage.text)
        where = file or "none of " + " ".join(probe.files())
        if said:
            yes.add(probe.macro)
            text += f"#define {probe.macro} 1 /* {where} */\n"
            stage.hide(probe.hides)
        else:
            text += f"/* {probe.macro} is not defined: {where} */\n"
    _write(gen, PROBES, text)
    return yes


def config(gen, options, compiler, stage, files):
    """Write subject_config.h, made of the tree's FILES that were compiled"""
    modified = any(stage.is_modified(file) for file in files)
    text = (_HEAD + f"#define SUBJECT_NAME {quoted(options.name)}\n"
            f"#define SUBJECT_VERSION {quoted(options.version)}\n"
            f"#define SUBJECT_COMPILER {quoted(compiler.version)}\n"
            f"#define SUBJECT_UNMODIFIED {int(not modified)}\n"
            "#define SUBJECT_FILES")
    for file in files:
        digest = hashlib.sha256(stage.read(file)).hexdigest()
        text += f' \\\n\t{{ {quoted(file)}, "{digest}" }},'
    _write(gen, CONFIG, text + "\n")


def lines(gen, stage, files):
    """Write subject_lines.h: which lines belong to one call"""
    done = subprocess.run([places.CALL_LINES, "--base", stage.path, *files], text=True,
                          errors="surrogateescape", env=environment(), capture_output=True,
                          check=False)
    if done.returncode:
        raise Misfit(f"tools/call-lines failed: {done.stderr.strip()}")
    _write(gen, LINES, done.stdout)


def functions(gen, manifest, stage, files):
    """Write subject_functions.h: the driver's functions, each with a hash of its text"""
    found = sources.hashes(
        stage.read(file).decode("utf-8", "surrogateescape") for file in files
        if file.startswith(manifest.folder + "/"))
    _write(gen, FUNCTIONS, _HEAD + "".join(f'{{ "{name}", "{sha}" }},\n'
                                           for name, sha in found.items()))
