#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# build-subject knows no driver: it builds one that it has never heard of from its
# manifest, and says in one line what is wrong with a manifest, or with a tree.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"

mkdir -p "$tmp"/tree/drivers/demo "$tmp"/glue
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
cat > "$tmp/glue/glue.c" <<'END'
#include "demo.h"
#include "subject_config.h"
#include "shim/subject.h"
#include "subject_probes.h"
#if !defined(DEMO_HAS_VALUE) || defined(DEMO_HAS_MORE)
#error the probes say something else
#endif
__attribute__((visibility("default"))) const char demo_name[] = SUBJECT_NAME;
__attribute__((visibility("default"))) int demo_glue(struct demo *d);
int demo_glue(struct demo *d) { return demo(d); }
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
glue = { folder = "glue", unwatched = ["glue.c"] }
[probes]
DEMO_HAS_VALUE = { file = "drivers/demo/demo.h", regex = "\\bint value;" }
DEMO_HAS_MORE = { file = "drivers/demo/more.h", regex = "" }
END

demo() {
	try "$root/tools/build-subject" --tree "$tmp/tree" --name demo --driver "$tmp/manifest.toml" \
		--out "$tmp/demo.so" --cc "${CC:-gcc}" --depfile "$tmp/demo.d" --mode hooked "$@"
}
demo
expect_status 0; expect_quiet
try nm -D --defined-only "$tmp/demo.so"
expect_out " demo_glue"
for file in manifest.toml glue/glue.c tree/drivers/demo/demo.h; do
	grep -q "^  $tmp/$file\\( \\|\$\\)" "$tmp/demo.d" || fail "the depfile lacks $file"
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
wrong 's/regex = ""/regex = "("/' "is wrong: "
rm "$tmp/manifest.toml"
demo; expect_refusal "cannot read the driver's manifest $tmp/manifest.toml"
finish
