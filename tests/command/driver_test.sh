#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# build-subject knows no driver: it builds one that it has never heard of from its
# manifest, and says in one line what is wrong with a manifest, or with a tree.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p "$tmp"/tree/drivers/demo "$tmp"/glue/{old,new} "$tmp/probes" "$tmp/own"
cp -r "$root/sim/kernel/include" "$tmp/tree/"
cat > "$tmp/tree/drivers/demo/demo.c" <<'END'
#include <linux/kernel.h>
#include "demo.h"
#if !IS_ENABLED(CONFIG_DEMO) || IS_ENABLED(CONFIG_FUSE_FS)
#error the configuration is another one
#endif
int demo(struct demo *d) { return d->value; }
END
cat > "$tmp/tree/drivers/demo/demo.h" <<'END'
struct demo { int value; };
int demo(struct demo *d);
int demo_more(void);
END
# told by the era of the tree, in a file each
echo '#define DEMO_FORM 1' > "$tmp/glue/old/form.h"
echo '#define DEMO_FORM 2' > "$tmp/glue/new/form.h"
for form in old new; do
	echo "int demo_${form}_form(void); int demo_${form}_form(void) { return 0; }" \
		> "$tmp/glue/$form/form.c"
done
echo '#define DEMO_OF_OURS' > "$tmp/own/demo_uapi.h"
cat > "$tmp/glue/glue.c" <<'END'
#include "demo.h"
#include <demo_uapi.h>
#include "form.h"
#include "subject_config.h"
#include "shim/subject.h"
#include "subject_probes.h"
#if !defined(DEMO_HAS_VALUE) || defined(DEMO_HAS_MORE) || !defined(DEMO_HAS_NOTHING)
#error the probes say something else
#endif
#if defined(DEMO_UNLESS) || !defined(DEMO_SECOND) || DEMO_FORM != 2 || !defined(DEMO_OF_OURS)
#error the probes, or the form, say something else
#endif
int demo_new_form(void);
__attribute__((visibility("default"))) const char demo_name[] = SUBJECT_NAME;
__attribute__((visibility("default"))) int demo_glue(struct demo *d);
int demo_glue(struct demo *d) { return demo(d) + demo_new_form(); }
extern const struct subject_driver subject_driver;
const struct subject_driver subject_driver = { .name = "demo" };
END
cat > "$tmp/manifest.toml" <<'END'
name = "demo"
folder = "drivers/demo"
sources = ["demo.c", "demo_of_later.c"]
headers = ["include/linux/io_uring/cmd.h", "include/uapi/linux/io_uring.h"]
includes = ["include", "include/uapi", "drivers/demo"]
kconfig = ["DEMO"]
needs = [{ file = "drivers/demo/demo.c", reason = "older than its invention" }]
own = "own"
probes = "probes"
[glue]
folder = "glue"
unwatched = ["glue.c"]
[[glue.forms]]
probe = "DEMO_HAS_VALUE"
yes = "new"
no = "old"
END
# probe NAME MACRO LOOK [LINE]
probe() {
	printf 'macro = "%s"\ndecides = "a test"\nlook = [%s]\n%s\n' "$2" "$3" "${4:-}" \
		> "$tmp/probes/$1.toml"
}
probe value DEMO_HAS_VALUE '{ file = "drivers/demo/demo.h", regex = "\\bint value;" }'
probe more DEMO_HAS_MORE '{ file = "drivers/demo/more.h", regex = "" }'
probe nothing DEMO_HAS_NOTHING '{ file = "drivers/demo/more.h", regex = "" }' 'absent = true'
probe unless DEMO_UNLESS '{ file = "drivers/demo/demo.h", regex = "value", unless = "demo_more" }'
# the first file that is there decides
probe second DEMO_SECOND '{ file = "drivers/demo/more.h", regex = "" },
	{ file = "drivers/demo/demo.h", regex = "value" }'

demo() {
	try "$root/tools/build-subject" --tree "$tmp/tree" --name demo --driver "$tmp/manifest.toml" \
		--out "$tmp/demo.so" --cc "${CC:-gcc}" --depfile "$tmp/demo.d" --mode hooked "$@"
}
demo
expect_status 0; expect_quiet
try nm -D --defined-only "$tmp/demo.so"
expect_out " demo_glue"
for file in manifest.toml probes/value.toml glue/glue.c glue/new/form.c own/demo_uapi.h tree/drivers/demo/demo.h; do
	grep -q "^  $tmp/$file\\( \\|\$\\)" "$tmp/demo.d" || fail "the depfile lacks $file"
done

# another era of it: the other form, and a header of the tree that is not used
sed -i 's/int value;/long value;/' "$tmp/tree/drivers/demo/demo.h"
printf '#error hidden, so that nobody reads it\n' > "$tmp/tree/drivers/demo/bad.h"
probe hides DEMO_HIDES '{ file = "drivers/demo/bad.h", regex = "^#error" }' 'hides = "drivers/demo/bad.h"'
printf '#define DEMO_STANDS_IN\n' > "$tmp/own/bad.h"
cat > "$tmp/glue/glue.c" <<'END'
#include <bad.h>
#include "form.h"
#include "subject_config.h"
#include "shim/subject.h"
#include "subject_probes.h"
#if DEMO_FORM != 1 || !defined(DEMO_STANDS_IN) || defined(DEMO_HAS_VALUE)
#error it is of another era
#endif
extern const struct subject_driver subject_driver;
const struct subject_driver subject_driver = { .name = SUBJECT_NAME };
END
demo
expect_status 0; expect_quiet
for file in glue/old/form.c own/bad.h tree/drivers/demo/bad.h; do
	grep -q "^  $tmp/$file\\( \\|\$\\)" "$tmp/demo.d" || fail "the depfile lacks $file"
done

# the driver's folder alone, however it is called, and one without headers around it
cp -r "$tmp/tree/drivers/demo" "$tmp/alone"
mkdir -p "$tmp/bare/drivers"
cp -r "$tmp/tree/drivers/demo" "$tmp/bare/drivers/"
for tree in "$tmp/alone" "$tmp/bare" "$tmp/bare/drivers/demo"; do
	try "$root/tools/build-subject" --tree "$tree" --name demo --driver "$tmp/manifest.toml" \
		--out "$tmp/demo.so" --cc "${CC:-gcc}" --depfile "$tmp/demo.d"
	expect_status 0; expect_quiet
	grep -q "^  ${tree%/drivers/demo}\\(/drivers/demo\\)\\?/demo.c\\( \\|\$\\)" "$tmp/demo.d" ||
		fail "the depfile lacks demo.c of $tree"
done

# ---- a tree that does not fit ----

sed -i 's/return d->value/return demo_more()/' "$tmp/tree/drivers/demo/demo.c"
demo --work "$tmp/work"
expect_refusal "drivers/demo/demo.c:6 uses demo_more() of another part of drivers/demo, which"
rm "$tmp/tree/drivers/demo/demo.c"
demo; expect_refusal "has no drivers/demo/demo.c: older than its invention"
rm -r "$tmp/tree/drivers/demo"
demo; expect_refusal "has no drivers/demo: it is not a Linux tree"

# ---- a manifest that is wrong ----

# wrong SED TEXT
cp "$tmp/manifest.toml" "$tmp/good.toml"
wrong() {
	sed "$1" "$tmp/good.toml" > "$tmp/manifest.toml"
	demo
	expect_refusal "$2"
}
wrong '/^folder/d' "has no folder"
wrong 's/^name/nmae = ""\nname/' "unknown key nmae"
wrong 's/^name/name name/' "is wrong: "
wrong 's/^sources.*/sources = "demo.c"/' "sources is not a list of texts"
wrong 's,"demo.c",../"demo.c",' "is wrong: "
wrong 's,"demo.c","../../../demo.c",' "leads out of the tree"
wrong 's/folder = "glue"/folder = "none"/' "there is no folder $tmp/none"
wrong 's/no = "old"/no = "older"/' "there is no folder $tmp/glue/older"
wrong 's/own = "own"/own = "others"/' "there is no folder $tmp/others"
wrong 's/probes = "probes"/probes = "prods"/' "there is no folder $tmp/prods with probes"
cp "$tmp/good.toml" "$tmp/manifest.toml"
# wrong_probe TEXT MACRO LOOK [LINE]
wrong_probe() {
	probe wrong "${@:2}"
	demo
	expect_refusal "the probe $tmp/probes/wrong.toml $1"
	rm "$tmp/probes/wrong.toml"
}
wrong_probe "is wrong: " DEMO_WRONG '{ file = "drivers/demo/demo.h", regex = "(" }'
wrong_probe "is wrong: ../demo.h leads out of the tree" DEMO_WRONG '{ file = "../demo.h", regex = "" }'
wrong_probe "is wrong: unknown key look_at" DEMO_WRONG '{ file = "a.h", regex = "" }' 'look_at = 1'
wrong_probe "is wrong: it decides nothing, or looks nowhere" DEMO_WRONG ''
wrong_probe "has no regex" DEMO_WRONG '{ file = "a.h" }'
rm "$tmp/manifest.toml"
demo; expect_refusal "cannot read the driver's manifest $tmp/manifest.toml"
finish
