/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where a fault goes on: as if the instruction had called this, on whatever stack it
 * had, so that the stack can be read. It does not return.
 */
	.text
	.globl	shim_oops_entry
	.type	shim_oops_entry, @function
shim_oops_entry:
	.cfi_startproc
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	movq	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	andq	$-16, %rsp
	callq	shim_oops_report
	ud2
	.cfi_endproc
	.size	shim_oops_entry, . - shim_oops_entry

	.section .note.GNU-stack, "", @progbits
