# SPDX-License-Identifier: GPL-2.0-only
# A test for each known bug and each subject that it can be put back into. Counters
# and sanitizers would only make them slow: what they show is shown by other builds.

if(URINGSIM_COVERAGE OR URINGSIM_SANITIZE)
	return()
endif()
file(GLOB patches CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/corpus/*.cocci)
foreach(patch ${patches})
	get_filename_component(bug ${patch} NAME_WE)
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${patch})
	file(STRINGS ${patch} subjects REGEX "^// subjects: ")
	string(REGEX REPLACE "^// subjects: +" "" subjects "${subjects}")
	string(REPLACE " " ";" subjects "${subjects}")
	# in the first subject always, in the others with "ctest -C long"
	set(label corpus)
	set(when "")
	foreach(subject ${subjects})
		set(test corpus-${bug}@${subject})
		add_test(NAME ${test} ${when}
			COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/corpus/run ${bug}@${subject})
		uringsim_test_properties(${test} ${label})
		set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT
			"CC=${CMAKE_C_COMPILER}"
			"SUBJECT_WORK=${CMAKE_CURRENT_BINARY_DIR}/subject-work"
			"CORPUS=${CMAKE_CURRENT_BINARY_DIR}/corpus")
		set(label corpus-long)
		set(when CONFIGURATIONS long)
	endforeach()
endforeach()
