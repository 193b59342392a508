# SPDX-License-Identifier: GPL-2.0-only
"""For dependencies_test.sh: each file that the compiler read, as its own .d files say,
is known to ninja (modes ninja and cmake) and counts for the cache (keys)."""
import os
import re
import subprocess
import sys

# Where some file must have been read from; otherwise the list was not read right.
OURS = {"kernel_shim/include/linux", "kernel_shim/shim", "kernel_shim/subject", "sim/sched",
        "sim/detect", "sim/fuse"}


def words(path):
    """Return: the files that a make rule depends on (no path here has a space)"""
    with open(path, encoding="utf-8") as file:
        return set(file.read().replace("\\\n", " ").split(": ", 1)[1].split())


def compiled(work, root):
    """Return: what the compiler read for the subject of folder WORK: absolute paths of
    ours, and relative ones of the tree"""
    read = set()
    for name in os.listdir(f"{work}/obj"):
        if name.endswith(".d"):
            read |= {os.path.normpath(word) for word in words(f"{work}/obj/{name}")}
    read = {path for path in read if not re.search(r"/gen/subject_\w+\.h$", path)}
    folders = {os.path.dirname(os.path.relpath(path, root)) for path in read if path[0] == "/"}
    lacks = OURS - folders
    if lacks or not any(path[0] != "/" for path in read):
        sys.exit(f"nothing was read from {lacks or 'the tree'}?")
    return read


def must_have(known, read, top):
    """Complain about a file of READ that is not among KNOWN"""
    for path in sorted(read):
        full = os.path.join(top, path)
        if full not in known:
            sys.exit(f"{full} is not known")


def by_ninja(copy, tmp, ninja):
    """Touch each file of the copy; ninja must want to build, and not when it is as before"""
    known = words(f"{tmp}/bufring.d")
    must_have(known, compiled(f"{tmp}/work", copy), f"{copy}/sim/kernel")
    command = [ninja, "-n", "-C", copy, "-f", f"{tmp}/build.ninja"]

    def is_new():
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return "no work to do" in said

    if not is_new():
        sys.exit("it should be up to date")
    for path in sorted(known):
        before = os.stat(path)
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns + 10 ** 15))
        if is_new():
            sys.exit(f"{path} is touched, and nothing is built")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    if not is_new():
        sys.exit("it should be up to date again")
    print(len(known), "files out of date one by one")


def by_cmake(root, build, subject):
    """The depfile that build.ninja names for SUBJECT has all that was read"""
    name = os.path.relpath(subject, build)
    with open(f"{build}/build.ninja", encoding="utf-8") as file:
        rule = file.read().split(f"\nbuild {name} ", 1)[1].split("\nbuild ", 1)[0]
    depfile = re.search(r"^  depfile = (.*)$", rule, re.M)[1]
    work = re.search(r" --work (\S+)", rule)[1]
    tree = re.search(r" --tree (\S+)", rule)[1]
    overlays = {os.path.basename(path): path for path in re.findall(r" --overlay (\S+)", rule)}
    known = words(depfile)
    read = compiled(work, root)
    read = {overlays.get(os.path.basename(path), path)
            if path.startswith("fs/") else path for path in read}
    must_have(known, read, tree)
    tools = f"{root}/tools/subject"
    must_have(known, {name for name in os.listdir(tools) if name.endswith((".py", ".toml"))}, tools)
    print(len(known), "files known to ninja")


def by_key(copy, tmp):
    """Change the digest of each file that was read, as the cache knows it"""
    sys.path.insert(0, f"{copy}/tools")
    sys.dont_write_bytecode = True
    from subject import store
    folder = f"{tmp}/cache/trees"
    made, = (name for name in os.listdir(folder) if name.endswith(".made"))
    first = made.removesuffix(".made")
    build, = store.Store(folder).builds(first)
    must_have(build["read"], compiled(f"{tmp}/work", copy), f"{copy}/sim/kernel")
    if store.match([build], store.file_digest) != build["key"]:
        sys.exit("nothing was changed, and it is not found")
    for path in build["read"]:
        changed = store.digest(b"something else")
        if store.match([build], lambda each, path=path:
                       changed if each == path else build["read"][each]):
            sys.exit(f"{path} is another one, and the old subject is found")
        if store.second_key(first, {**build["read"], path: changed}) == build["key"]:
            sys.exit(f"{path} is another one, and the new subject replaces the old one")
    print(len(build["read"]), "files change the key one by one")


def by_added(copy):
    """Put a header into each folder that one was read from, and into the tree's"""
    sys.path.insert(0, f"{copy}/tools")
    sys.dont_write_bytecode = True
    from subject import options, store
    asked = options.Options(tree=f"{copy}/sim/kernel", name="x", check_only=True)
    options.check(asked)
    first = store.first_key(asked)
    folders = sorted(OURS) + ["sim/kernel/fs/fuse", os.path.relpath(asked.manifest.glue, copy)]
    for folder in folders:
        path = f"{copy}/{folder}/added.h"
        with open(path, "x", encoding="utf-8"):
            pass
        if store.first_key(asked) == first:
            sys.exit(f"{path} is new, and the key is the old one")
        os.remove(path)
    if store.first_key(asked) != first:
        sys.exit("nothing is added, and the key is another one")
    print(len(folders), "folders where a header that is added changes the key")


{"ninja": by_ninja, "cmake": by_cmake, "keys": by_key, "added": by_added}[sys.argv[1]](*sys.argv[2:])
