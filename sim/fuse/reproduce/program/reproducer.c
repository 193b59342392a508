// SPDX-License-Identifier: GPL-2.0-only
/*
 * What uringsim export-reproducer makes its programs from, as a program of its own. An
 * export has its scenario in place of example.h, and the steps of it alone.
 */
#include "types.h"

#include "example.h"

#include "shared.h"

#include "interface.h"
#include "ring.h"
#include "files.h"
#include "server.h"
#include "client.h"

#include "step/add_queue.h"
#include "step/add_pool.h"
#include "step/register_entry.h"
#include "step/open_ring.h"
#include "step/close_ring.h"
#include "step/take.h"
#include "step/answer.h"
#include "step/serve.h"
#include "step/close_dev.h"
#include "step/call_stat.h"
#include "step/call_lookup.h"
#include "step/call_open.h"
#include "step/call_read.h"
#include "step/call_write.h"
#include "step/call_fsync.h"
#include "step/call_umount.h"
#include "step/write_abort.h"
#include "step/write_max_background.h"
#include "step/open_files.h"
#include "step/rest.h"
#include "step/kill_client.h"
#include "step/interrupt_client.h"
#include "step/kill_server.h"

#include "main.h"
