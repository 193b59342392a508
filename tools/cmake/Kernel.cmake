# SPDX-License-Identifier: GPL-2.0-only
# The scenarios for a real kernel: one static program, the init of a guest, made of the
# same scenarios and the same world, on a floor of system calls (sim/real).

function(uringsim_kernel_story)
	if(URINGSIM_SANITIZE OR URINGSIM_COVERAGE)
		return()
	endif()
	file(GLOB sources CONFIGURE_DEPENDS
		${CMAKE_CURRENT_SOURCE_DIR}/tests/kernel/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/real/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/scenario/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/scenario/*/*.c)
	foreach(name actor client expect server server_dev server_fs server_mem server_ring
			world)
		list(APPEND sources ${CMAKE_CURRENT_SOURCE_DIR}/sim/world/${name}.c)
	endforeach()
	add_executable(kernel-story ${sources})
	target_link_libraries(kernel-story PRIVATE house)
	# a file is recognised by its name, which link-time optimisation takes away
	set_target_properties(kernel-story PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF
		LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sim/real/shared.ld)
	target_link_options(kernel-story PRIVATE -static -pthread
		-Wl,-T,${CMAKE_CURRENT_SOURCE_DIR}/sim/real/shared.ld)
endfunction()

# ctest -C kernel: it takes longer than all others together
function(uringsim_kernel_tests)
	if(NOT TARGET kernel-story)
		return()
	endif()
	foreach(version 7.3 7.2)
		set(test kernel@linux-${version})
		add_test(NAME ${test} CONFIGURATIONS kernel
			COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/kernel/run
				--subject linux-${version})
		uringsim_test_properties(${test} kernel)
		set_tests_properties(${test} PROPERTIES TIMEOUT 700 RUN_SERIAL ON)
		set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT
			"URINGSIM_STORY=$<TARGET_FILE:kernel-story>")
	endforeach()
endfunction()
