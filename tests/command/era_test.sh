#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Trees of every era: the probes decide rightly; the glue fits what the transport was until
# 7.1, with folios and with pages; a folder with fs/fuse alone is played with headers of
# ours; what does not fit is one line. Small files of our own stand for the old trees.
# shellcheck source=tests/command/lib.sh
. "$(dirname "$0")/lib.sh"
export URINGSIM_CACHE=$tmp/cache

try "$root/tests/tree/probe_cases.py" "$root/tools" "$root/sim/fuse/manifest.toml"
expect_status 0; [[ -z $out ]] || fail "a probe decides wrongly"

# ---- the glue of fuse_conn ----

# fits NAME: compiled and linked, in both modes
fits() {
	local mode
	for mode in plain hooked; do
		try "$root/tools/build-subject" --tree "$tmp/$1" --name era --mode "$mode" \
			--cc "${CC:-gcc}" --work "$tmp/work" --check-only
		expect_status 0; expect_quiet
	done
}
# has MACRO: of the tree that was built last
has() { grep -q "^#define $1 1" "$tmp/work/gen/subject_probes.h" || fail "$1 should be defined"; }
lacks() { ! grep -q "^#define $1\b" "$tmp/work/gen/subject_probes.h" || fail "$1 should not be defined"; }

cp -r "$root/tests/tree/era_conn" "$tmp/folios"
fits folios
has GLUE_FOLIOS; has GLUE_END_OF_MOUNT; has GLUE_TIMEOUT; has GLUE_NOTIFY; has SHIM_FOLIO_FLAGS_WORD
lacks GLUE_CHAN; lacks GLUE_SYNC_INIT; lacks GLUE_SEPARATE_BACKGROUND

cp -r "$root/tests/tree/era_conn" "$tmp/pages"
fuse=$tmp/pages/fs/fuse
sed -i -e 's/struct folio \*\*folios;/struct page **pages;/' -e 's/num_folios/num_pages/' \
	-e 's/fuse_folio_desc/fuse_page_desc/' \
	-e 's/unsigned active_background;/unsigned active_background[2];/' \
	-e 's/struct list_head bg_queue;/struct list_head bg_queue[2];/' \
	"$fuse/fuse_i.h"
python3 - "$fuse/fuse_i.h" "$fuse/dev.c" <<'END'
import re, sys
text = open(sys.argv[1]).read()
text = re.sub(r"\tstruct \{\n\t\tstruct delayed_work.*?\} timeout;\n", "", text, flags=re.S)
text = re.sub(r"^.*(?:fuse_check_timeout|req_timeout;|timeout_timer_freq).*\n", "", text, flags=re.M)
open(sys.argv[1], "w").write(text)
text = open(sys.argv[2]).read()
text = re.sub(r"const unsigned long fuse_timeout.*?\n\}\n", "", text, flags=re.S)
text = text.replace("struct folio *folios[1] = { NULL };", "struct page *pages[1] = { NULL };")
text = re.sub(r"	folios\[0\] = .*?release_pages\(folios, 1\);\n", """	pages[0] = find_get_page(inode->i_mapping, 0);
	if (!pages[0])
		pages[0] = find_or_create_page(inode->i_mapping, 0,
					       mapping_gfp_mask(inode->i_mapping));
	if (!pages[0])
		return -ENOMEM;
	zero_user_segment(pages[0], 0, PAGE_SIZE);
	if (!PageUptodate(pages[0]))
		SetPageUptodate(pages[0]);
	unlock_page(pages[0]);
	release_pages(pages, 1);
""", text, flags=re.S)
text = re.sub(r"/\* a folio's flags.*?\*/\nstatic bool fuse_check_folio.*?\n\}\n", "", text, flags=re.S)
open(sys.argv[2], "w").write(text)
END
fits pages
has GLUE_SEPARATE_BACKGROUND
lacks GLUE_FOLIOS; lacks GLUE_TIMEOUT; lacks SHIM_FOLIO_FLAGS_WORD

# FUSE_INIT that mount(2) waits for, as 6.18 has it
cp -r "$root/tests/tree/era_conn" "$tmp/sync"
sed -i 's/^static inline/extern wait_queue_head_t fuse_dev_waitq;\n#define FUSE_DEV_SYNC_INIT ((struct fuse_dev *)1)\n\n&/' \
	"$tmp/sync/fs/fuse/fuse_dev_i.h"
sed -i 's/^const unsigned long fuse_timeout/DECLARE_WAIT_QUEUE_HEAD(fuse_dev_waitq);\n&/' "$tmp/sync/fs/fuse/dev.c"
fits sync
has GLUE_SYNC_INIT

# ---- the folder alone ----

cp -r "$root/sim/kernel/fs/fuse" "$tmp/alone"
mkdir -p "$tmp/bare/fs"
cp -r "$root/sim/kernel/fs/fuse" "$tmp/bare/fs/"
for tree in "$tmp/alone" "$tmp/bare" "$tmp/bare/fs/fuse"; do
	try "$URINGSIM" run round-trip register-race --tree "$tree"
	expect_status 0
	expect_out "tree:$(basename "$tree")"
	[[ $out != *"0 checks"* ]] || fail "nothing was played"
done
# warm, it is found again
before=$(find "$URINGSIM_CACHE/trees" -name '*.so' | wc -l)
try "$URINGSIM" run round-trip --tree "$tmp/alone"
expect_status 0
[[ $(find "$URINGSIM_CACHE/trees" -name '*.so' | wc -l) == "$before" ]] || fail "compiled twice"

# ---- what does not fit ----

echo 'int f(void); int f(void) { return nobody_has_this(1); }' >> "$tmp/alone/dev.c"
line=$(wc -l < "$tmp/alone/dev.c")
try "$URINGSIM" run --tree "$tmp/alone"
expect_refusal "fs/fuse/dev.c:$line uses nobody_has_this(), which kernel_shim does not model" 5
# the glue says what it needs of a tree
sed -i '/^	atomic_t dev_count;/d' "$tmp/folios/fs/fuse/fuse_i.h"
try "$URINGSIM" run --tree "$tmp/folios"
expect_refusal "dev_count" 5
expect_err "sim/fuse/glue/conn/conn.c:"
expect_err "which the tree lacks"
rm "$tmp/bare/fs/fuse/dev_uring.c"
try "$URINGSIM" run --tree "$tmp/bare/fs/fuse"
expect_refusal "is not a Linux tree" 5
try "$URINGSIM" run --tree "$tmp/bare"
expect_refusal "it has no fs/fuse/dev_uring.c: older than 6.14" 5
finish
