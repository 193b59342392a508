#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Holds every probe of FUSE against a few lines of each era, and names those that no case
here says yes and no to.
usage: probe_cases.py TOOLS MANIFEST"""
import sys

sys.path.insert(0, sys.argv[1])
# pylint: disable=wrong-import-position
from subject import manifest

# of each macro: files of a tree, and what the probe says of them
CASES = {
    "SHIM_COMMAND_CALLBACK": [
        ({"include/linux/io_uring/cmd.h": "\tvoid (*task_work_cb)(struct io_uring_cmd *cmd, unsigned int f);"}, True),
        ({"include/linux/io_uring/cmd.h": "\tu8\t\tunused[8];\nvoid f(io_req_tw_func_t task_work_cb, int n);"}, False),
        ({}, False)],
    "GLUE_ABI_EPOCH": [
        ({"include/uapi/linux/fuse.h": "\tFUSE_NOTIFY_INC_EPOCH = 8,"}, True),
        ({"include/uapi/linux/fuse.h": "\tFUSE_NOTIFY_RESEND = 7,"}, False), ({}, True)],
    "GLUE_ABI_PRUNE": [
        ({"include/uapi/linux/fuse.h": "struct fuse_notify_prune_out {"}, True),
        ({"include/uapi/linux/fuse.h": "struct fuse_notify_store_out {"}, False), ({}, True)],
    "GLUE_HAS_BUFPOOL": [
        ({"fs/fuse/dev_uring_i.h": "struct fuse_bufpool {"}, True),
        ({"fs/fuse/dev_uring_i.h": "struct fuse_ring {"}, False)],
    "GLUE_BUFRING": [
        ({"fs/fuse/bufring.h": "struct fuse_bufring {"}, True), ({}, False)],
    "GLUE_CANCELLED_STAYS": [
        ({"fs/fuse/dev_uring.c": """
static void fuse_uring_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	if (ent->state == FRRS_AVAILABLE) {
		ent->state = FRRS_USERSPACE;
	}
}
"""}, True),
        ({"fs/fuse/dev_uring.c": """
static void fuse_uring_cancel(struct io_uring_cmd *cmd, unsigned int issue_flags)
{
	if (ent->state == FRRS_AVAILABLE) {
		list_del_init(&ent->list);
	}
}
static void fuse_uring_send(void)
{
	ent->state = FRRS_USERSPACE;
}
"""}, False)],
    "GLUE_CHAN": [
        ({"fs/fuse/fuse_dev_i.h": "struct fuse_chan {"}, True),
        ({"fs/fuse/fuse_dev_i.h": "struct fuse_copy_state {"}, False)],
    "GLUE_CONN_ERROR_ONCE": [
        ({"fs/fuse/fuse_i.h": "\tbool conn_error;"}, True),
        ({"fs/fuse/fuse_i.h": "\tunsigned conn_error:1;"}, False)],
    "GLUE_COPY_64": [
        ({"include/uapi/linux/fuse.h": "struct fuse_copy_file_range_out {"}, True),
        ({"include/uapi/linux/fuse.h": "struct fuse_copy_file_range_in {"}, False), ({}, True)],
    "GLUE_END_OF_MOUNT": [
        ({"fs/fuse/fuse_i.h": "\tvoid (*end)(struct fuse_mount *fm, struct fuse_args *a, int e);"}, True),
        # the file that the structure is in decides
        ({"fs/fuse/args.h": "\tvoid (*end)(struct fuse_args *a, int e);",
          "fs/fuse/fuse_i.h": "struct fuse_mount *fm;"}, False)],
    "GLUE_EPOCH": [
        ({"fs/fuse/notify.c": "\tcase FUSE_NOTIFY_INC_EPOCH:"}, True),
        ({"fs/fuse/dev.c": "\tcase FUSE_NOTIFY_INC_EPOCH:"}, True),
        ({"fs/fuse/dev.c": "\tcase FUSE_NOTIFY_RESEND:"}, False)],
    "SHIM_FOLIO_FLAGS_WORD": [
        ({"fs/fuse/dev.c": "\t    (folio->flags & PAGE_FLAGS_CHECK_AT_PREP &"}, True),
        ({"fs/fuse/dev.c": "\t    (folio->flags.f & PAGE_FLAGS_CHECK_AT_PREP &"}, False)],
    "GLUE_FOLIOS": [
        ({"fs/fuse/fuse_i.h": "\tstruct folio **folios;"}, True),
        ({"fs/fuse/args.h": "\tstruct folio **folios;", "fs/fuse/fuse_i.h": ""}, True),
        ({"fs/fuse/fuse_i.h": "\tstruct page **pages;"}, False)],
    "GLUE_NOTIFY": [
        ({"fs/fuse/notify.c": "int fuse_notify(struct fuse_conn *fc)"}, True),
        ({"fs/fuse/dev.c": "static int fuse_notify_retrieve(struct fuse_conn *fc)"}, True),
        ({"fs/fuse/dev.c": "int fuse_dev_init(void)"}, False)],
    "GLUE_PRUNE": [
        ({"fs/fuse/notify.c": "\tcase FUSE_NOTIFY_PRUNE:"}, True),
        ({"fs/fuse/dev.c": "\tcase FUSE_NOTIFY_PRUNE:"}, True),
        ({"fs/fuse/dev.c": "\tcase FUSE_NOTIFY_RESEND:"}, False)],
    "GLUE_SEPARATE_BACKGROUND": [
        ({"fs/fuse/fuse_i.h": "\tunsigned active_background[2];"}, True),
        ({"fs/fuse/fuse_i.h": "\tunsigned active_background;"}, False)],
    "SHIM_SQE_COPIED": [
        ({"io_uring/uring_cmd.c": "\tmemcpy(cache->sqes, sqe, uring_sqe_size(req->ctx));"}, True),
        ({"io_uring/uring_cmd.c": "void io_uring_cmd_sqe_copy(struct io_kiocb *req)\n{\n"
                                  "\tmemcpy(ac->sqes, sqe, uring_sqe_size(req));"}, False),
        ({"fs/fuse/fuse_i.h": "struct fuse_folio_desc {"}, True),
        ({"fs/fuse/fuse_i.h": "struct fuse_folio_desc {\nstruct file_kattr *fa"}, False),
        ({"fs/fuse/fuse_i.h": "struct fuse_page_desc {"}, False),
        ({"io_uring/uring_cmd.c": "", "fs/fuse/fuse_i.h": "struct fuse_folio_desc {"}, False)],
    "GLUE_SYNC_INIT": [
        ({"fs/fuse/dev.h": "bool fuse_dev_is_sync_init(struct fuse_dev *fud);"}, True),
        ({"fs/fuse/fuse_dev_i.h": "#define FUSE_DEV_SYNC_INIT ((struct fuse_dev *) 1)"}, True),
        ({"fs/fuse/fuse_dev_i.h": "struct fuse_copy_state {"}, False)],
    "GLUE_TIMEOUT": [
        ({"fs/fuse/req_timeout.c": "void fuse_init_server_timeout(struct fuse_chan *fch)"}, True),
        ({"fs/fuse/dev.c": "void fuse_check_timeout(struct work_struct *work)"}, True),
        ({"fs/fuse/dev.c": "int fuse_dev_init(void)"}, False)],
    "GLUE_TIMEOUT_SYSCTLS": [
        ({"fs/fuse/sysctl.h": "extern unsigned int fuse_max_req_timeout;"}, True),
        ({"fs/fuse/fuse_i.h": "extern unsigned int fuse_max_req_timeout;"}, True),
        ({"fs/fuse/fuse_i.h": "extern unsigned int fuse_max_pages_limit;"}, False)],
    "SHIM_TW_OF_DYING_RING": [
        ({"io_uring/io_uring.h": "\treturn percpu_ref_is_dying(&ctx->refs);"}, True),
        ({"io_uring/io_uring.h": "\treturn current->flags & PF_EXITING;",
          "fs/fuse/fuse_i.h": "struct file_kattr;"}, False),
        ({"fs/fuse/fuse_i.h": "\t\t      struct dentry *dentry, struct file_kattr *fa);"}, True),
        ({"fs/fuse/fuse_i.h": "\t\t      struct dentry *dentry, struct fileattr *fa);"}, False)],
    "GLUE_WHOLE_ABI": [
        ({"include/uapi/linux/fuse.h": "struct fuse_copy_file_range_in {"}, True),
        ({"include/uapi/linux/fuse.h": "struct fuse_in_header {"}, False), ({}, True)],
    "GLUE_ZERO_COPY": [
        ({"fs/fuse/args.h": "\tbool zero_copy:1;"}, True),
        ({"fs/fuse/args.h": "\tbool force:1;"}, False)],
}


def main():
    """Print what is wrong. Return: exit status"""
    wrong = []
    probes = manifest.load(sys.argv[2]).probes
    for macro in CASES.keys() - {probe.macro for probe in probes}:
        wrong.append(f"{macro}: there is no such probe any more")
    for probe in probes:
        cases = CASES.get(probe.macro, [])
        if {expected for _, expected in cases} != {True, False}:
            wrong.append(f"{probe.path}: no case to which it says yes, and one to which no")
        for files, expected in cases:
            if probe.says(files.get)[0] != expected:
                wrong.append(f"{probe.path} should say {expected} of {files}")
    sys.stdout.write("".join(line + "\n" for line in wrong))
    return int(bool(wrong))


sys.exit(main())
