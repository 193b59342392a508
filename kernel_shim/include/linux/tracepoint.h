/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for tracepoint.h. Model: trace_NAME() leaves a note with the event's name in
 * the simulator's trace, and with what the driver's glue says of its arguments. The
 * event's record is a stub: there is no buffer to write it to.
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

/*
 * shim_event_words() - a note for an event, a text that stays; only when there is a trace
 * @proto: the event's parameters as the source has them, followed by what they are
 *
 * The glue may define it; it must not be compiled with hooks, as a kernel whose events
 * are off does not read what it reads.
 */
__attribute__((weak)) const char *shim_event_words(const char *event, const char *proto,
						   ...);

#define shim_event_proto(proto...) #proto
#define shim_event_note(event, proto, args...) \
	(shim_event_words ? shim_event_words(event, proto, args) : (event))

#define shim_trace_event(name, proto, args...)                                           \
	static inline void trace_##name(proto)                                           \
	{                                                                                \
		if (__builtin_expect(sched_armed() & SCHED_BIT(SCHED_NOTE), 0))          \
			sched_trace_slow(SCHED_NOTE,                                     \
					 shim_event_note(#name, shim_event_proto(proto), \
							 args),                          \
					 0, SCHED_SITE(#name));                          \
		shim_ignore(0, args);                                                    \
	}                                                                                \
	static inline bool trace_##name##_enabled(void)                                  \
	{                                                                                \
		return sched_armed() & SCHED_BIT(SCHED_NOTE);                            \
	}                                                                                \
	_Static_assert(1, "")

#define TRACE_EVENT(name, proto, args, fields, assign, print) \
	shim_trace_event(name, PARAMS(proto), args)
#define DECLARE_EVENT_CLASS(name, proto, args, fields, assign, print) \
	_Static_assert(1, "")
#define DEFINE_EVENT(class, name, proto, args) shim_trace_event(name, PARAMS(proto), args)

#endif /* SHIM_LINUX_TRACEPOINT_H */
