/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stands in for export.h. Stub: a subject is one object, whose files see
 * each other.
 */
#ifndef SHIM_LINUX_EXPORT_H
#define SHIM_LINUX_EXPORT_H

#define EXPORT_SYMBOL(sym)		     extern int shim_exported_##sym
#define EXPORT_SYMBOL_GPL(sym)		     extern int shim_exported_##sym
#define EXPORT_SYMBOL_FOR_MODULES(sym, mods) extern int shim_exported_##sym

#endif /* SHIM_LINUX_EXPORT_H */
