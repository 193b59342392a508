# SPDX-License-Identifier: GPL-2.0-only
# A second driver, which nothing outside of this folder knows: a program that has it, its
# subject, and that subject with a race.

set(toy_here ${CMAKE_CURRENT_SOURCE_DIR}/tests/toy)
set(toy_out ${CMAKE_CURRENT_BINARY_DIR}/toy)

uringsim_program(uringsim-toy ${toy_here}/toy.c)
target_include_directories(uringsim-toy PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/tests)
target_link_libraries(uringsim-toy PRIVATE commands)
uringsim_map(uringsim-toy)
set_target_properties(uringsim-toy PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${toy_out})

set(toy_names toy toy-racy)
foreach(racy 0 1)
	list(GET toy_names ${racy} toy_name)
	uringsim_subject_command(${toy_name} ${toy_out}/subjects/${toy_name}.so
		"Building subject ${toy_name}" --tree ${toy_here}/tree --name ${toy_name}
		--driver ${toy_here}/manifest.toml --mode hooked
		--cflags "-O2 -g -DTOY_RACY=${racy}")
	list(APPEND toy_subjects ${toy_out}/subjects/${toy_name}.so)
endforeach()
add_custom_target(toy-subjects ALL DEPENDS ${toy_subjects})

foreach(test toy_test toy_era_test)
	add_test(NAME ${test} COMMAND ${toy_here}/${test}.sh)
	uringsim_test_properties(${test} scenario)
	set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT
		"TOY=${toy_out}/uringsim-toy" "URINGSIM_SUBJECTS=${toy_out}/subjects")
endforeach()
