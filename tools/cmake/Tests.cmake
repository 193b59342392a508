# SPDX-License-Identifier: GPL-2.0-only
# What ctest runs: a program per file of tests/unit; a program per file of
# tests/scenario, once for each subject; the scripts of tests/command. Exit
# status 77 means skipped.

# A hung test must end, but a busy machine takes its time; sanitizers and counters make the searches ten times slower.
set(URINGSIM_TEST_TIMEOUT 180)
set(URINGSIM_COMMAND_TEST_TIMEOUT 400)
if(URINGSIM_SANITIZE OR URINGSIM_COVERAGE)
	set(URINGSIM_TEST_TIMEOUT 400)
	set(URINGSIM_COMMAND_TEST_TIMEOUT 1000)
endif()

# Label trees: what takes the time there is a compiler, git or a script of tools/, none of
# which is another one in another build of ours. Not commits_test, compare_trees_test and
# bench_speed_test: nothing else runs what is in sim/command/history.c, baselines and bench.
set(URINGSIM_TREE_TESTS build_kernel_test cache_contents_test compilers_test
	dependencies_test era_test fetch_test history_table_test history_trees_test install_test
	kernel_run_test layers_test lib_test mutate_test mutate_tree_test old_trees_test
	require_all_test)
# Label longer: they play for longer what the others play, too, to see what is found or is
# not; our own code that runs is the same.
set(URINGSIM_LONGER_TESTS chances_test docs_scenarios_test groups_test known_test
	replay_often_test)

function(uringsim_test_properties name labels)
	set_tests_properties(${name} PROPERTIES LABELS "${labels}" SKIP_RETURN_CODE 77
		TIMEOUT ${URINGSIM_TEST_TIMEOUT})
	# -DNDEBUG or not, a test sees the same environment
	set_property(TEST ${name} PROPERTY ENVIRONMENT
		"URINGSIM=$<TARGET_FILE:uringsim>"
		"URINGSIM_SUBJECTS=${URINGSIM_SUBJECT_DIR}"
		"URINGSIM_CACHE=${URINGSIM_CACHE}"
		"ASAN_OPTIONS=detect_stack_use_after_return=0:abort_on_error=0"
		"UBSAN_OPTIONS=print_stacktrace=1")
endfunction()

# uringsim_test_program(FILE RESULT): set RESULT to the name of its target
function(uringsim_test_program file result)
	get_filename_component(name ${file} NAME_WE)
	add_executable(${name} ${file})
	uringsim_with_layers(${name})
	target_link_options(${name} PRIVATE ${URINGSIM_LINK_QUICKLY})
	target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/tests)
	target_link_libraries(${name} PRIVATE PkgConfig::CMOCKA)
	set_target_properties(${name} PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/tests)
	set(${result} ${name} PARENT_SCOPE)
endfunction()

function(uringsim_unit_tests)
	file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/unit/*_test.c)
	foreach(file ${files})
		uringsim_test_program(${file} program)
		add_test(NAME ${program} COMMAND ${program})
		uringsim_test_properties(${program} unit)
	endforeach()
	# they ask for places in their own code, or what a map must say
	uringsim_map(place_test)
	uringsim_map(oops_test)
	uringsim_map(stacks_test)
	target_link_libraries(place_map_test PRIVATE mapper)
	# not of a layer: of the benchmarks
	foreach(file queueing sizes bufpool byte_count)
		target_sources(queueing_test PRIVATE
			${CMAKE_CURRENT_SOURCE_DIR}/sim/fuse/bench/${file}.c)
	endforeach()
endfunction()

function(uringsim_search_tests)
	file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/search/*_test.c)
	foreach(file ${files})
		uringsim_test_program(${file} program)
		add_test(NAME ${program} COMMAND ${program})
		uringsim_test_properties(${program} search)
	endforeach()
endfunction()

function(uringsim_scenario_tests)
	file(GLOB files CONFIGURE_DEPENDS
		${CMAKE_CURRENT_SOURCE_DIR}/tests/scenario/*_test.c)
	foreach(file ${files})
		uringsim_test_program(${file} program)
		if(program STREQUAL checkpoints_test) # it reads its own symbols
			target_link_libraries(${program} PRIVATE PkgConfig::DW elf)
		endif()
		foreach(subject ${URINGSIM_SUBJECTS})
			# half a minute, and of our own code it runs the same for each
			if(program STREQUAL checkpoints_test AND NOT subject STREQUAL linux-7.2)
				continue()
			endif()
			set(test ${program}@${subject})
			add_test(NAME ${test}
				COMMAND ${program} ${URINGSIM_SUBJECT_DIR}/${subject}.so)
			uringsim_test_properties(${test} scenario)
		endforeach()
		# with the detectors of docs/detectors.md: the two that have most of it
		foreach(subject bufring linux-7.3)
			if(NOT subject IN_LIST URINGSIM_SUBJECTS)
				continue()
			endif()
			set(test ${program}@${subject}+hooks)
			add_test(NAME ${test}
				COMMAND ${program} ${URINGSIM_SUBJECT_DIR}/hooked/${subject}.so)
			uringsim_test_properties(${test} scenario)
		endforeach()
	endforeach()
endfunction()

# What detectors must find, and what they must not: kernel code with hooks, in a
# library as a subject is one, for the programs of tests/detector.
function(uringsim_detector_tests)
	set(here ${CMAKE_CURRENT_SOURCE_DIR})
	file(GLOB cases CONFIGURE_DEPENDS ${here}/tests/detector/cases/*.c)
	add_library(detector_cases SHARED ${cases} ${here}/kernel_shim/subject/memory.c
		${here}/kernel_shim/subject/uio.c)
	set_target_properties(detector_cases PROPERTIES C_STANDARD 11
		INTERPROCEDURAL_OPTIMIZATION OFF
		LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/tests)
	uringsim_flags(flags --print-flags kernel --tree ${URINGSIM_OWN_TREE})
	target_compile_definitions(detector_cases PRIVATE SHIM_HOOKED)
	target_compile_options(detector_cases PRIVATE ${flags} ${URINGSIM_HOOK_FLAGS}
		${URINGSIM_PREFIX_MAPS})
	uringsim_map(detector_cases)
	set_source_files_properties(${here}/tests/detector/cases/escapes.c
		PROPERTIES COMPILE_OPTIONS -fno-sanitize=thread)
	file(GLOB files CONFIGURE_DEPENDS ${here}/tests/detector/*_test.c)
	foreach(file ${files})
		uringsim_test_program(${file} program)
		target_link_libraries(${program} PRIVATE detector_cases)
		add_test(NAME ${program} COMMAND ${program})
		uringsim_test_properties(${program} detector)
	endforeach()
	target_sources(no_escape_test PRIVATE ${here}/tests/detector/escapes.c)
	# it asks where a function of the library is, not where the program jumps to it
	set_source_files_properties(${here}/tests/detector/no_escape_test.c
		PROPERTIES COMPILE_OPTIONS -fpie)
	foreach(subject ${URINGSIM_SUBJECTS})
		set(test no_escape_test@${subject})
		# a second or two, and more where the other two have their code from
		set(some round-trip register-race abort server-exit)
		if(subject MATCHES "^(bufring|linux-7.3)$")
			list(APPEND some pool-exhaustion background killed-client umount-idle
				request-timeout two-queues zero-copy fixed-pool
				exit-one-thread bad-day)
		endif()
		add_test(NAME ${test} COMMAND no_escape_test
			${URINGSIM_SUBJECT_DIR}/hooked/${subject}.so ${some})
		uringsim_test_properties(${test} detector)
	endforeach()
endfunction()

# A subject that is missing shows up among the tests, as skipped, with its reason.
function(uringsim_missing_subjects)
	foreach(subject ${URINGSIM_SKIPPED})
		set(test subject@${subject})
		add_test(NAME ${test}
			COMMAND sh -c "echo \"skipped: $1\"\; exit 77" - "${URINGSIM_SKIPPED_${subject}}")
		uringsim_test_properties(${test} scenario)
	endforeach()
endfunction()

# A newer Linux than the tests know is played, whatever it finds.
function(uringsim_newer_subjects)
	foreach(subject ${URINGSIM_NEWER})
		add_test(NAME subject@${subject}
			COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/tree/newer_subject ${subject})
		uringsim_test_properties(subject@${subject} scenario)
	endforeach()
endfunction()

function(uringsim_command_tests)
	file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/command/*_test.sh)
	foreach(file ${files})
		get_filename_component(name ${file} NAME_WE)
		# with AddressSanitizer the signals that it is about are the sanitizer's
		if(URINGSIM_SANITIZE AND name STREQUAL subject_dies_test)
			continue()
		endif()
		add_test(NAME ${name} COMMAND ${file})
		set(labels command)
		if(name IN_LIST URINGSIM_TREE_TESTS)
			list(APPEND labels trees)
		endif()
		if(name IN_LIST URINGSIM_LONGER_TESTS)
			list(APPEND labels longer)
		endif()
		uringsim_test_properties(${name} "${labels}")
		# they start many processes, gdb among them: on a busy machine that takes long
		set_tests_properties(${name} PROPERTIES
			TIMEOUT ${URINGSIM_COMMAND_TEST_TIMEOUT} COST 10)
	endforeach()
	# the longest begin first, so that none of them runs alone at the end
	set_tests_properties(commits_test compare_trees_test fuzz_command_test
		history_table_test reproducer_test tree_test PROPERTIES COST 20)
endfunction()

# the Debian package, which is built, installed, used and purged: ctest -C long -L package
function(uringsim_package_test)
	add_test(NAME package_test CONFIGURATIONS long
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tests/package/package_test.sh)
	uringsim_test_properties(package_test package)
	set_tests_properties(package_test PROPERTIES TIMEOUT 1500)
endfunction()

function(uringsim_tests)
	uringsim_unit_tests()
	uringsim_search_tests()
	uringsim_scenario_tests()
	uringsim_detector_tests()
	# a folder of tests that needs more than the above says so itself
	file(GLOB own CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/tests/*/tests.cmake)
	foreach(file ${own})
		include(${file})
	endforeach()
	uringsim_missing_subjects()
	uringsim_newer_subjects()
	uringsim_command_tests()
	uringsim_package_test()
endfunction()
