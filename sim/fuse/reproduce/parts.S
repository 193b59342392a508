/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The files of program/, as they are: what an exported program is made from. CMake says
 * where they are.
 */
	.section .rodata

	.global part_reproducer_c
part_reproducer_c:
	.incbin PROGRAM_REPRODUCER_C
	.byte	0

	.global part_interface_h
part_interface_h:
	.incbin PROGRAM_INTERFACE_H
	.byte	0

	.global part_ring_h
part_ring_h:
	.incbin PROGRAM_RING_H
	.byte	0

	.global part_files_h
part_files_h:
	.incbin PROGRAM_FILES_H
	.byte	0

	.global part_server_h
part_server_h:
	.incbin PROGRAM_SERVER_H
	.byte	0

	.global part_client_h
part_client_h:
	.incbin PROGRAM_CLIENT_H
	.byte	0

	.global part_boot_sh
part_boot_sh:
	.incbin PROGRAM_BOOT_SH
	.byte	0

	.section .note.GNU-stack, "", @progbits
