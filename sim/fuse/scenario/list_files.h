/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The FUSE scenarios that are files: an identifier, and NAME of files/NAME.scenario,
 * which is the scenario's, too. Of some a search plays a smaller one,
 * files/NAME-small.scenario, which has the same name. Both are defined by the file that
 * includes it.
 */
#ifndef SMALL_FILE
#define SMALL_FILE(id, name)
#endif
SCENARIO_FILE(create_mix, "create-mix")
SCENARIO_FILE(big_xattr, "big-xattr")
SMALL_FILE(big_xattr, "big-xattr-small")
SCENARIO_FILE(xattr_too_big, "xattr-too-big")
SCENARIO_FILE(setxattr_too_big, "setxattr-too-big")
SCENARIO_FILE(batch_forget, "batch-forget")
SCENARIO_FILE(copy_range, "copy-range")
SCENARIO_FILE(seek_ioctl_poll, "seek-ioctl-poll")
SCENARIO_FILE(links_and_names, "links-and-names")
SCENARIO_FILE(unaligned, "unaligned")
SMALL_FILE(unaligned, "unaligned-small")
SCENARIO_FILE(attributes, "attributes")
SCENARIO_FILE(moving_client, "moving-client")
SCENARIO_FILE(signalled_clients, "signalled-clients")
SCENARIO_FILE(killed_ring_gone, "killed-ring-gone")
SCENARIO_FILE(failed_copy_timeout, "failed-copy-timeout")
SCENARIO_FILE(root_numbers, "root-numbers")
SCENARIO_FILE(lazy_umount, "lazy-umount")
SCENARIO_FILE(param_off, "param-off")
SCENARIO_FILE(timeout_sysctls, "timeout-sysctls")
SCENARIO_FILE(init_late, "init-late")
SCENARIO_FILE(init_then_calls, "init-then-calls")
SCENARIO_FILE(init_refused, "init-refused")
SCENARIO_FILE(init_refused_waits, "init-refused-waits")
SCENARIO_FILE(init_too_old, "init-too-old")
SCENARIO_FILE(init_no_ring, "init-no-ring")
SCENARIO_FILE(init_aborted, "init-aborted")
SCENARIO_FILE(init_umount, "init-umount")
SCENARIO_FILE(init_exit, "init-exit")
SCENARIO_FILE(sync_init, "sync-init")
SCENARIO_FILE(sync_init_killed, "sync-init-killed")
SCENARIO_FILE(sync_init_answered, "sync-init-answered")
SCENARIO_FILE(sync_init_refused, "sync-init-refused")
SCENARIO_FILE(sqpoll, "sqpoll")
SCENARIO_FILE(sqpoll_creator_exits, "sqpoll-creator-exits")
SCENARIO_FILE(sqpoll_killed, "sqpoll-killed")
SCENARIO_FILE(sqpoll_closed, "sqpoll-closed")
SCENARIO_FILE(wait_timeout, "wait-timeout")
SCENARIO_FILE(sync_cancel, "sync-cancel")
SCENARIO_FILE(large_io, "large-io")
SCENARIO_FILE(exec_server, "exec-server")
SCENARIO_FILE(exec_sqpoll, "exec-sqpoll")
SCENARIO_FILE(mixed_sqes, "mixed-sqes")
#undef SMALL_FILE
