# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# For tests of what is told of commits: small repositories. Sourced, after lib.sh.

# commit REPO TITLE: all that is there
commit() {
	git -C "$1" add -A
	git -C "$1" -c user.name=test -c user.email=test@localhost -c commit.gpgsign=false \
		commit -q --allow-empty -m "$2"
}

# new_repository REPO TREE: with one commit, that has fs/fuse and include of TREE
new_repository() {
	git -c init.defaultBranch=master init -q "$1"
	[[ ! -d $2 ]] || cp -r "$2/fs" "$2/include" "$1/"
	commit "$1" base
}

# change REPO TITLE: a commit that compiles to another subject, which does the same
change() {
	echo "/* $2 */" >> "$1/fs/fuse/dev_uring.c"
	commit "$1" "$2"
}

# break_tree TREE: a lock is given back one line too early in a copy of our own tree
break_tree() {
	python3 - "$1/fs/fuse/dev_uring.c" <<'PY'
import sys
text = open(sys.argv[1], encoding="utf-8").read()
move = "\tent_move(entry, FRRS_USERSPACE, &queue->ent_in_userspace);\n"
rest = text[text.index(move) + len(move):]
rest = rest[:rest.index("\tspin_unlock(&queue->lock);\n")] + "\tspin_unlock(&queue->lock);\n"
assert text.count(move + rest) == 1
open(sys.argv[1], "w", encoding="utf-8").write(text.replace(move + rest, rest + move))
PY
}
