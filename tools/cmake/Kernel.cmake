# SPDX-License-Identifier: GPL-2.0-only
# The scenarios for a real kernel: one static program, the init of a guest, made of the
# same scenarios and the same world, on top of system calls (sim/real).

function(uringsim_kernel_scenarios)
	if(URINGSIM_SANITIZE OR URINGSIM_COVERAGE)
		return()
	endif()
	file(GLOB sources CONFIGURE_DEPENDS
		${CMAKE_CURRENT_SOURCE_DIR}/tests/kernel/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/real/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/fuse/client/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/fuse/fs/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/fuse/server/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/fuse/words/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/fuse/scenario/*.c
		${CMAKE_CURRENT_SOURCE_DIR}/sim/fuse/scenario/*/*.c)
	foreach(name world/actor world/driver world/expect world/queued world/ring
			world/steps world/world program/near
			text/condition text/config text/lex text/memory text/parse text/parse_actor text/parse_call
			text/parse_expect text/play text/read
			fuse/driver fuse/steps)
		list(APPEND sources ${CMAKE_CURRENT_SOURCE_DIR}/sim/${name}.c)
	endforeach()
	add_executable(kernel-scenarios ${sources})
	target_link_libraries(kernel-scenarios PRIVATE common)
	# a file is recognised by its name, which link-time optimisation takes away
	set_target_properties(kernel-scenarios PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF
		LINK_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sim/real/shared.ld)
	target_link_options(kernel-scenarios PRIVATE -static -pthread
		-Wl,-T,${CMAKE_CURRENT_SOURCE_DIR}/sim/real/shared.ld)
endfunction()

set(URINGSIM_KERNEL_TREE "" CACHE PATH "A Linux tree of yours: a test of label kernel")
set(URINGSIM_KERNEL_IMAGE "" CACHE FILEPATH "A bzImage of yours: a test of label kernel")

# uringsim_kernel_test(NAME CONFIGURATIONS ARGUMENTS OF tests/kernel/run...)
function(uringsim_kernel_test name configurations)
	set(test kernel@${name})
	add_test(NAME ${test} CONFIGURATIONS ${configurations}
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/kernel/run ${ARGN})
	uringsim_test_properties(${test} kernel)
	# with the build of a kernel: four minutes on a machine with nothing else to do
	set_tests_properties(${test} PROPERTIES TIMEOUT 3600 RUN_SERIAL ON)
	set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT
		"URINGSIM_KERNEL_INIT=$<TARGET_FILE:kernel-scenarios>")
endfunction()

# ctest -C kernel: those that Debian has built, which take longer than all other tests
# together. ctest -C kernel-built: those that we build, which takes longer still.
function(uringsim_kernel_tests)
	if(NOT TARGET kernel-scenarios)
		return()
	endif()
	foreach(version 7.3 7.2)
		uringsim_kernel_test(linux-${version} kernel --subject linux-${version})
	endforeach()
	# what only the harness itself can get wrong there
	uringsim_kernel_test(linux-7.3-files kernel --subject linux-7.3
		${CMAKE_CURRENT_SOURCE_DIR}/tests/kernel/answer-behind-copy.scenario)
	foreach(subject bufring-linux linux-7.3 linux-7.2)
		foreach(debug kasan kcsan)
			uringsim_kernel_test(${subject}-${debug} kernel-built
				--subject ${subject} --debug ${debug})
		endforeach()
	endforeach()
	uringsim_kernel_test(bufring-linux kernel-built --subject bufring-linux)
	if(URINGSIM_KERNEL_TREE)
		uringsim_kernel_test(tree kernel-built --tree ${URINGSIM_KERNEL_TREE})
	endif()
	if(URINGSIM_KERNEL_IMAGE)
		uringsim_kernel_test(image kernel --image ${URINGSIM_KERNEL_IMAGE})
	endif()
	# the findings, by exported programs
	add_test(NAME kernel-reproducers@linux-7.3 CONFIGURATIONS kernel
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/kernel/reproduce)
	uringsim_test_properties(kernel-reproducers@linux-7.3 kernel)
	set_tests_properties(kernel-reproducers@linux-7.3 PROPERTIES TIMEOUT 700 RUN_SERIAL ON)
endfunction()
