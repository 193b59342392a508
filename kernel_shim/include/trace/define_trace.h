/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for trace/define_trace.h. Stub: there is nothing to define, see tracepoint.h.
 * ---
 */
#ifndef SHIM_TRACE_DEFINE_TRACE_H
#define SHIM_TRACE_DEFINE_TRACE_H

#endif /* SHIM_TRACE_DEFINE_TRACE_H */
