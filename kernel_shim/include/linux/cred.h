/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for cred.h and capability.h. Model: who a task is, is in its task_struct;
 * root has every capability but those that the task lacks, nobody else has one.
 */
#ifndef SHIM_LINUX_CRED_H
#define SHIM_LINUX_CRED_H

#include <linux/sched.h>
#include <linux/user_namespace.h>

struct cred {
	kuid_t uid, euid, fsuid;
	kgid_t gid, egid, fsgid;
	struct user_namespace *user_ns;
};

#define current_uid()	  KUIDT_INIT(current->uid)
#define current_gid()	  KGIDT_INIT(current->gid)
#define current_fsuid()	  KUIDT_INIT(current->uid)
#define current_fsgid()	  KGIDT_INIT(current->gid)
#define current_user_ns() (&init_user_ns)

#define CAP_DAC_OVERRIDE    1
#define CAP_NET_ADMIN	    12
#define CAP_IPC_LOCK	    14
#define CAP_SYS_ADMIN	    21
#define capable(cap)	    (current->uid == 0 && !(current->lacks >> (cap)&1))
#define ns_capable(ns, cap) ((void)(ns), capable(cap))

#endif /* SHIM_LINUX_CRED_H */
