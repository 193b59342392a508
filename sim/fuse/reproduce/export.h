/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * uringsim export-reproducer.
 */
#ifndef FUSE_REPRODUCE_EXPORT_H
#define FUSE_REPRODUCE_EXPORT_H

int command_export_reproducer(int argc, char **argv);

#endif /* FUSE_REPRODUCE_EXPORT_H */
