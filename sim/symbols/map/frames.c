// SPDX-License-Identifier: GPL-2.0-only
/*
 * The unwind tables of a file (.eh_frame) as steps, by elfutils' libdw. What compilers
 * write for kernel code is the canonical frame address as an offset from the stack
 * pointer or the frame pointer, and where the latter was saved; whatever else there is -
 * the procedure linkage table has expressions - counts as the end of a stack.
 */
#include "symbols/map/frames.h"

#include <dwarf.h>
#include <gelf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* DWARF's numbers (System V x86-64) */
enum { REG_BP = 6, REG_SP = 7, REG_PC = 16 };

static bool read_cfa(Dwarf_Frame *frame, struct place_map_step *step)
{
	Dwarf_Op *ops;
	size_t nr;

	if (dwarf_frame_cfa(frame, &ops, &nr) || nr != 1 || ops->atom != DW_OP_bregx)
		return false;
	if (ops->number == REG_SP)
		step->base = PLACE_MAP_STACK_POINTER;
	else if (ops->number == REG_BP)
		step->base = PLACE_MAP_FRAME_POINTER;
	else
		return false;
	step->cfa = (int32_t)ops->number2;
	return true;
}

/* Return: whether it is saved at an offset from the CFA, or, with @offset 0, untouched */
static bool read_saved(Dwarf_Frame *frame, int reg, int64_t *offset)
{
	Dwarf_Op mem[3], *ops;
	size_t nr;

	*offset = 0;
	if (dwarf_frame_register(frame, reg, mem, &ops, &nr))
		return false;
	if (!nr)
		return !ops; /* else it is undefined */
	if (nr != 2 || ops[0].atom != DW_OP_call_frame_cfa ||
	    ops[1].atom != DW_OP_plus_uconst)
		return false;
	*offset = (int64_t)ops[1].number;
	return *offset != 0;
}

static bool read_frame(Dwarf_Frame *frame, struct place_map_step *step)
{
	int64_t pc, bp;

	if (!read_cfa(frame, step) || !read_saved(frame, REG_PC, &pc) || pc != -8 ||
	    !read_saved(frame, REG_BP, &bp) || bp != (int16_t)bp)
		return false;
	step->bp = (int16_t)bp;
	return true;
}

struct place_map_step frames_at(Dwarf_CFI *cfi, Dwarf_Addr addr, Dwarf_Addr *end)
{
	const struct place_map_step nothing = { .from = (uint32_t)addr };
	struct place_map_step step = nothing;
	Dwarf_Frame *frame;
	Dwarf_Addr start;
	bool signal;

	*end = addr + 1;
	if (dwarf_cfi_addrframe(cfi, addr, &frame))
		return nothing;
	dwarf_frame_info(frame, &start, end, &signal);
	if (*end <= addr)
		*end = addr + 1;
	if (!read_frame(frame, &step))
		step = nothing;
	free(frame);
	return step;
}

static void put_step(struct list *steps, const struct place_map_step *step)
{
	const struct place_map_step *last = steps->at;

	if (steps->nr) {
		last += steps->nr - 1;
		if (last->base == step->base && last->cfa == step->cfa &&
		    last->bp == step->bp)
			return;
	}
	list_append(steps, step, 1);
}

void frames_list(Dwfl_Module *module, struct list *steps)
{
	Dwarf_Addr bias;
	Dwarf_CFI *cfi = dwfl_module_eh_cfi(module, &bias);
	Elf *elf = dwfl_module_getelf(module, &bias);
	size_t nr = 0;

	if (!cfi || elf_getphdrnum(elf, &nr))
		list_fail("unwind tables", dwfl_errmsg(-1));
	for (size_t i = 0; i < nr; i++) {
		GElf_Phdr ph;

		if (!gelf_getphdr(elf, (int)i, &ph) || ph.p_type != PT_LOAD ||
		    !(ph.p_flags & PF_X))
			continue;
		for (Dwarf_Addr at = ph.p_vaddr, end; at < ph.p_vaddr + ph.p_memsz;
		     at = end) {
			const struct place_map_step step = frames_at(cfi, at, &end);

			put_step(steps, &step);
		}
	}
}
