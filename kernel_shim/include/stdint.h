/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Integers of exact width, for headers that both sides read. Copy. 64 bits are a
 * long long, as the kernel has it; the layout is that of the host's uint64_t.
 */
#ifndef SHIM_STDINT_H
#define SHIM_STDINT_H

typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef long intptr_t;
typedef unsigned long uintptr_t;

#endif /* SHIM_STDINT_H */
