/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fiber switch for x86-64: callee-saved registers only, no system call. The
 * unwind information makes a parked fiber's stack readable in gdb, and ends the
 * backtrace of a fiber at fiber_first.
 */
	.text

/* void fiber_switch(void **save_sp, void *load_sp) */
	.globl	fiber_switch
	.type	fiber_switch, @function
	.p2align 4
fiber_switch:
	.cfi_startproc
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	pushq	%r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r12, 0
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r13, 0
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r14, 0
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r15, 0
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	popq	%r15
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r15
	popq	%r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r14
	popq	%r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r13
	popq	%r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore %r12
	popq	%rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbx
	popq	%rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore %rbp
	ret
	.cfi_endproc
	.size	fiber_switch, . - fiber_switch

/* void fiber_look(void (*fn)(const void *sp, void *arg), void *arg): call @fn with the
 * caller's registers on the stack as fiber_switch() leaves them there */
	.globl	fiber_look
	.type	fiber_look, @function
	.p2align 4
fiber_look:
	.cfi_startproc
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	pushq	%r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r12, 0
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r13, 0
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r14, 0
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r15, 0
	movq	%rdi, %rax
	movq	%rsp, %rdi
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	callq	*%rax
	addq	$56, %rsp		/* they are what they were */
	.cfi_adjust_cfa_offset -56
	ret
	.cfi_endproc
	.size	fiber_look, . - fiber_look

/* where a new fiber starts: %rbx holds its first function */
	.globl	fiber_first
	.type	fiber_first, @function
	.p2align 4
fiber_first:
	.cfi_startproc
	.cfi_undefined %rip
	callq	*%rbx
	ud2
	.cfi_endproc
	.size	fiber_first, . - fiber_first

	.section .note.GNU-stack, "", @progbits
