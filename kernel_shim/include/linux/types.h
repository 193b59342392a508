/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for types.h, also in its uapi role. Copy: the kernel's names for integers.
 */
#ifndef SHIM_LINUX_TYPES_H
#define SHIM_LINUX_TYPES_H

#include <linux/compiler_types.h>
#include <linux/stddef.h>
#include <stdint.h>

typedef int8_t s8, __s8;
typedef int16_t s16, __s16;
typedef int32_t s32, __s32;
typedef int64_t s64, __s64;
typedef uint8_t u8, __u8, u_int8_t;
typedef uint16_t u16, __u16, u_int16_t;
typedef uint32_t u32, __u32, u_int32_t;
typedef uint64_t u64, __u64, u_int64_t;

typedef __u16 __le16, __be16, __sum16;
typedef __u32 __le32, __be32, __wsum;
typedef __u64 __le64, __be64;
typedef __u64 __aligned(8) __aligned_u64;
typedef __s64 __aligned(8) __aligned_s64;

typedef long ssize_t;
typedef long __kernel_long_t;
typedef unsigned long __kernel_ulong_t;
typedef long long __kernel_loff_t;
typedef int __kernel_rwf_t;
typedef int __kernel_pid_t;
typedef unsigned char u_char;
typedef unsigned int uint;
typedef unsigned long ulong, pgoff_t, blkcnt_hi_t;
typedef __kernel_loff_t loff_t;
typedef long off_t;
typedef u32 dev_t, __kernel_dev_t, uid_t, gid_t, nlink_t;
typedef unsigned short umode_t;
typedef int pid_t;
typedef unsigned long ino_t;
typedef u64 sector_t, blkcnt_t;
typedef unsigned int gfp_t, slab_flags_t, fmode_t;
typedef unsigned int __poll_t;
typedef s64 ktime_t, time64_t;
typedef u64 phys_addr_t, dma_addr_t;
typedef void *fl_owner_t;

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

typedef atomic64_t atomic_long_t;

#define ATOMIC_INIT(i) \
	{              \
		(i)    \
	}
#define ATOMIC64_INIT(i) \
	{                \
		(i)      \
	}

#define BITS_PER_BYTE		   8
#define BITS_PER_LONG		   64
#define DIV_ROUND_UP(n, d)	   (((n) + (d)-1) / (d))
#define BITS_TO_LONGS(nr)	   DIV_ROUND_UP(nr, BITS_PER_LONG)
#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]

#endif /* SHIM_LINUX_TYPES_H */
