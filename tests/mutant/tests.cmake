# SPDX-License-Identifier: GPL-2.0-only
# A test for each mutant of our fs/fuse. Counters and sanitizers would only make
# them slow: what they show is shown by the other builds.

if(NOT TARGET subject-bufring OR URINGSIM_COVERAGE OR URINGSIM_SANITIZE)
	return()
endif()
file(GLOB patches CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/mutant/*.patch)
foreach(patch ${patches})
	get_filename_component(mutant ${patch} NAME_WE)
	add_test(NAME mutant-${mutant}
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/mutant/run ${patch})
	uringsim_test_properties(mutant-${mutant} mutant)
	set_property(TEST mutant-${mutant} APPEND PROPERTY ENVIRONMENT
		"CC=${CMAKE_C_COMPILER}"
		"URINGSIM_TESTS=${CMAKE_CURRENT_BINARY_DIR}/tests"
		"MUTANTS=${CMAKE_CURRENT_BINARY_DIR}/mutants")
endforeach()

# and one for what runs them
add_test(NAME mutant_run_test COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/mutant/run_test.sh)
uringsim_test_properties(mutant_run_test mutant)
set_property(TEST mutant_run_test APPEND PROPERTY ENVIRONMENT "CC=${CMAKE_C_COMPILER}")
