/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for compiler_types.h and compiler_attributes.h: attributes, and sparse's
 * annotations, which mean nothing to a compiler. Copy.
 */
#ifndef SHIM_LINUX_COMPILER_TYPES_H
#define SHIM_LINUX_COMPILER_TYPES_H

#define __user
#define __kernel
#define __force
#define __iomem
#define __percpu
#define __rcu
#define __bitwise
#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define __acquire(x) (void)0
#define __release(x) (void)0
#define __cond_acquires(x)
#define __guarded_by(x)
#define __private
#define __nocast
#define __safe
#define __chk_user_ptr(x) (void)0

#define __always_inline inline __attribute__((__always_inline__))
#define __always_unused __attribute__((__unused__))
#define __maybe_unused	__attribute__((__unused__))
#define __must_check	__attribute__((__warn_unused_result__))
#define __packed	__attribute__((__packed__))
#define __aligned(x)	__attribute__((__aligned__(x)))
#define __printf(f, a)	__attribute__((__format__(printf, f, a)))
#define __pure		__attribute__((__pure__))
#define __malloc	__attribute__((__malloc__))
#define __noreturn	__attribute__((__noreturn__))
#define __used		__attribute__((__used__))
#define __weak		__attribute__((__weak__))
#define __cold		__attribute__((__cold__))
#define __cleanup(f)	__attribute__((__cleanup__(f)))
#define __counted_by(m)
#define __counted_by_le(m)
#define __counted_by_be(m)
#define __nonstring
#define __ref
#define __read_mostly
#define __ro_after_init
#define ____cacheline_aligned
#define ____cacheline_aligned_in_smp
#define noinline __attribute__((__noinline__))
#define notrace
#define asmlinkage
#define fallthrough __attribute__((__fallthrough__))
#define __no_kcsan
#define __no_sanitize_or_inline

#define __same_type(a, b) __builtin_types_compatible_p(typeof(a), typeof(b))

#endif /* SHIM_LINUX_COMPILER_TYPES_H */
