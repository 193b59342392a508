# SPDX-License-Identifier: GPL-2.0-only
"""Where our own files are, and the cache."""
import os

from .misfit import Misfit

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLS = os.path.join(ROOT, "tools")
SHIM_HEADERS = os.path.join(ROOT, "kernel_shim/include")
SUBJECT_PART = os.path.join(ROOT, "kernel_shim/subject")
SHIM_PROBES = os.path.join(ROOT, "kernel_shim/probes")
# what stands in for headers that a tree lacks
SHIM_OWN = os.path.join(ROOT, "kernel_shim/own")
# headers of ours, beside those that stand in for the kernel's
OUR_HEADERS = (os.path.join(ROOT, "sim"), os.path.join(ROOT, "kernel_shim"))
KCONFIG = os.path.join(SHIM_HEADERS, "linux/kconfig.h")
CALL_LINES = os.path.join(TOOLS, "call-lines")
DRIVER = os.path.join(ROOT, "sim/fuse/manifest.toml")


def tool_files():
    """Return: what decides how a subject is built, beside its manifest"""
    here = os.path.join(TOOLS, "subject")
    mine = [os.path.join(here, name) for name in sorted(os.listdir(here))
            if name.endswith((".py", ".toml"))]
    return mine + [os.path.join(TOOLS, "build-subject"), CALL_LINES]


def cache():
    """Return: the folder of what is fetched or built once. tools/cache.sh is the
    same for shell scripts; tests/command/cache_test.sh compares them."""
    env = os.environ
    if env.get("URINGSIM_CACHE"):
        return env["URINGSIM_CACHE"]
    if env.get("XDG_CACHE_HOME"):
        return env["XDG_CACHE_HOME"] + "/uringsim"
    if env.get("HOME"):
        return env["HOME"] + "/.cache/uringsim"
    raise Misfit("no HOME: set URINGSIM_CACHE")
