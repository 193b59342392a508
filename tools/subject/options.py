# SPDX-License-Identifier: GPL-2.0-only
"""The command line of tools/build-subject."""
import os
from dataclasses import dataclass, field

from . import places
from .flags import Compiler
from .manifest import Manifest, load
from .misfit import Misfit
from .tree import is_readable

USAGE = """\
usage: build-subject --tree DIR --name NAME --out FILE.so [--version TEXT]
	[--driver MANIFEST] [--overlay FILE]... [--cc CC] [--cflags "..."]
	[--mode plain|hooked] [--place-map PROGRAM] [--coverage] [--sanitize]
	[--debug-name DIR] [--overlays-as-tree] [--work DIR] [--reuse DIR] [--depfile FILE] [--check-only]
       build-subject --print-flags hooks|kernel [--cc CC] [--tree DIR]
       build-subject --print-cache

  --tree DIR      Linux tree: what the driver's manifest names is read, nothing is
                  written
  --driver FILE   manifest of the driver that is built [sim/fuse/manifest.toml]
  --overlay FILE  put FILE into the driver's folder in place of, or beside, the
                  tree's own
  --version TEXT  of the tree's source package, to be shown
  --cflags "..."  instead of -O2 -g
  --mode hooked   every memory access calls the simulator (kernel_shim/hooks); not
                  with --sanitize
  --place-map P   have P, which is built along with uringsim, write FILE.so.places:
                  without it reports and stacks do not name the places in FILE.so
  --debug-name D  what debug information calls the tree, instead of its path
  --overlays-as-tree
                  debug information calls an overlay as the tree's file of its name, so
                  that known reports are known in it, too
  --work DIR      keep objects, what was staged and the compiler's log there
  --reuse DIR     the work folder of an earlier build of the same tree: take the
                  objects that no overlay went into from there
  --depfile FILE  write there, as a make rule, what FILE.so was made from
  --check-only    compile, link and throw away; --out is not needed
  --print-flags   what others need to compile kernel code, or code with hooks, in the
                  same way: an option a line
  --print-cache   the folder of what is fetched or built once
"""


@dataclass
class Options:
    """What is asked of build-subject."""
    tree: str = ""
    name: str = ""
    out: str = ""
    version: str = ""
    driver: str = places.DRIVER
    overlay: list = field(default_factory=list)
    cc: str = "gcc"
    cflags: str = "-O2 -g"
    mode: str = "plain"
    place_map: str = ""
    debug_name: str = ""
    work: str = ""
    reuse: str = ""
    depfile: str = ""
    print_flags: str = ""
    coverage: bool = False
    sanitize: bool = False
    check_only: bool = False
    overlays_as_tree: bool = False
    print_cache: bool = False
    help: bool = False
    # what comes of them
    shown: str = ""                 # the tree, as it was named
    compiler: Compiler = None
    manifest: Manifest = None


_SWITCHES = {"--coverage", "--sanitize", "--check-only", "--overlays-as-tree", "--print-cache", "--help"}
_VALUES = {"--tree", "--name", "--out", "--version", "--driver", "--overlay", "--cc", "--cflags",
           "--mode", "--place-map", "--debug-name", "--work", "--reuse", "--depfile", "--print-flags"}


def parse(arguments):
    """Return: Options"""
    options = Options()
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        key = word[2:].replace("-", "_")
        if word in _SWITCHES:
            setattr(options, key, True)
        elif word in _VALUES:
            if not rest:
                raise Misfit(f"{word} needs an argument")
            if word == "--overlay":
                options.overlay.append(rest.pop(0))
            else:
                setattr(options, key, rest.pop(0))
        else:
            raise Misfit(f"unknown argument {word} (--help lists them)")
    return options


def _check_words(options):
    for key in "tree", "name":
        if not getattr(options, key):
            raise Misfit(f"--{key} is missing")
    if not options.out and not options.check_only:
        raise Misfit("--out is missing")
    if options.mode not in ("plain", "hooked"):
        raise Misfit(f"unknown mode {options.mode}: there are plain and hooked")
    if options.mode == "hooked" and options.sanitize:
        raise Misfit("no hooks together with --sanitize")
    if any(ord(each) < 32 or ord(each) == 127 for each in options.name + options.version):
        raise Misfit("--name and --version are one line each")


def check(options):
    """Complain about what cannot be; fill in what comes of the words"""
    _check_words(options)
    options.compiler = Compiler(options.cc)
    options.manifest = load(options.driver)
    for overlay in options.overlay:
        if not is_readable(overlay):
            raise Misfit(f"cannot read the overlay {overlay}")
    options.shown = options.tree
    options.tree = os.path.abspath(options.tree)
    for key in "out", "work", "reuse", "depfile":
        if getattr(options, key):
            setattr(options, key, os.path.abspath(getattr(options, key)))
    if options.place_map and "/" in options.place_map:
        options.place_map = os.path.abspath(options.place_map)
    if options.out:
        folder = os.path.dirname(options.out)
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError:
            raise Misfit(f"cannot write to {folder}") from None
