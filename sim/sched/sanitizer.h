/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether this build has AddressSanitizer: gcc and clang say it differently. And
 * whether it has what subjects with hooks call: under AddressSanitizer gcc declares
 * those names itself, so that build has none.
 */
#ifndef SCHED_SANITIZER_H
#define SCHED_SANITIZER_H

#if defined(__SANITIZE_ADDRESS__)
#define HAVE_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAVE_ASAN 1
#endif
#endif

#ifdef HAVE_ASAN
#define HAVE_HOOKS 0
#else
#define HAVE_HOOKS 1
#endif

#endif /* SCHED_SANITIZER_H */
