/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for tracepoint.h. Model: trace_NAME() leaves a note with the event's name in
 * the simulator's trace. The event's record is a stub: there is no buffer to write it to.
 */
#ifndef SHIM_LINUX_TRACEPOINT_H
#define SHIM_LINUX_TRACEPOINT_H

#include <linux/compiler.h>
#include <linux/types.h>

#define TP_PROTO(args...) args
#define TP_ARGS(args...)  args
#define PARAMS(args...)	  args
#define TP_STRUCT__entry(args...)
#define TP_fast_assign(args...)
#define TP_printk(args...)
#define TRACE_DEFINE_ENUM(value) extern const int shim_trace_enum_##value

#define shim_trace_event(name, proto, args...)                        \
	static inline void trace_##name(proto)                        \
	{                                                             \
		shim_ignore(0, args);                                 \
		sched_trace(SCHED_NOTE, #name, 0, SCHED_SITE(#name)); \
	}                                                             \
	static inline bool trace_##name##_enabled(void)               \
	{                                                             \
		return sched_armed() & SCHED_BIT(SCHED_NOTE);         \
	}                                                             \
	_Static_assert(1, "")

#define TRACE_EVENT(name, proto, args, fields, assign, print) \
	shim_trace_event(name, PARAMS(proto), args)
#define DECLARE_EVENT_CLASS(name, proto, args, fields, assign, print) \
	_Static_assert(1, "")
#define DEFINE_EVENT(class, name, proto, args) shim_trace_event(name, PARAMS(proto), args)

#endif /* SHIM_LINUX_TRACEPOINT_H */
