#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# tools/check-layers: what the tree has is allowed; an include that goes up and a
# driver's name in the core are found.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

try "$root/tools/check-layers"
expect_status 0
[[ -z $out ]] || fail "nothing is to be said of this tree"

mkdir -p "$tmp/tree/docs"
cp -r "$root/sim" "$root/kernel_shim" "$tmp/tree/"
cp "$root/docs/architecture.md" "$tmp/tree/docs/"
look() { try "$root/tools/check-layers" --root "$tmp/tree"; }
look
expect_status 0

# from the core to a driver, to a kernel's header, to a private header; an unknown folder
cd "$tmp/tree" || exit 1
echo '#include "fuse/fuse.h"' >> sim/engine/player.c
sed -i '1i #include "shim/lock.h"' sim/sched/trace.c
echo '#include "detect/race/race_i.h"' >> kernel_shim/hooks/tsan.c
echo '#include "command/command.h"' >> sim/world/world.c
mkdir sim/attic
touch sim/attic/old.c
# a driver's name (also in the include above), within a word, in a comment; not in ECONNREFUSED
echo 'static void refuse(void);' >> sim/engine/detectors.c
echo '/* as Fuse does */' >> kernel_shim/shim/lock.h
echo 'int error = -ECONNREFUSED;' >> sim/world/world.c
look
expect_status 1
expect_out "sim/engine/player.c: may not include sim/fuse/fuse.h"
expect_out "sim/sched/trace.c: may not include kernel_shim/shim/lock.h"
expect_out "kernel_shim/hooks/tsan.c: may not include sim/detect/race/race_i.h"
expect_out "sim/world/world.c: may not include sim/command/command.h"
expect_out "sim/attic/old.c: its folder is not in the table"
expect_out "the core knows no driver: static void refuse(void);"
expect_out "the core knows no driver: /* as Fuse does */"
[[ $(wc -l <<< "$out") == 8 ]] || fail "nothing else is wrong"

finish
