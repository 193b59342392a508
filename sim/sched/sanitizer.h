/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether this build has AddressSanitizer: gcc and clang say it differently.
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

#endif /* SCHED_SANITIZER_H */
