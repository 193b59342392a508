// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects of the kernel that a subject refers to by address. Compiled as kernel
 * code into every subject. Kind: stub, what is said in their headers.
 */
#include <linux/fs.h>
#include <linux/mnt_idmapping.h>
#include <linux/pid_namespace.h>
#include <linux/pipe_fs_i.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>

struct pid_namespace init_pid_ns;
struct user_namespace init_user_ns;
struct mnt_idmap nop_mnt_idmap;
struct mnt_idmap invalid_mnt_idmap;

/* never looked into: all work queues are one */
struct workqueue_struct *system_wq;
struct workqueue_struct *system_percpu_wq;
struct workqueue_struct *system_unbound_wq;
struct workqueue_struct *system_dfl_wq;
struct workqueue_struct *system_long_wq;

const struct pipe_buf_operations nosteal_pipe_buf_ops;

long compat_ptr_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return SHIM_UNMODELLED(long, "compat_ptr_ioctl", file, cmd, arg);
}
