# SPDX-License-Identifier: GPL-2.0-only
# The files for others' continuous integration, step by step: ctest -C long -L ci-kit.

if(URINGSIM_COVERAGE OR URINGSIM_SANITIZE)
	return()
endif()
add_test(NAME ci_kit_test CONFIGURATIONS long
	COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/ci-kit/ci_kit_test.sh)
uringsim_test_properties(ci_kit_test ci-kit)
set_tests_properties(ci_kit_test PROPERTIES TIMEOUT 400)
