# SPDX-License-Identifier: GPL-2.0-only
# The subjects that are built along with the program: our own, and those of the
# kernel sources that tools/fetch-kernel has put into the cache. One that cannot
# be built here is written, with the reason, to subjects/SKIPPED.

set(URINGSIM_SUBJECT_DIR ${CMAKE_CURRENT_BINARY_DIR}/subjects)
# our own dev_uring.c is in a tree as a kernel's is
set(URINGSIM_OWN_TREE ${CMAKE_CURRENT_SOURCE_DIR}/sim/kernel)

# uringsim_skip(NAME REASON)
function(uringsim_skip name reason)
	message(STATUS "subject ${name}: skipped: ${reason}")
	file(APPEND ${URINGSIM_SUBJECT_DIR}/SKIPPED.new "${name} ${reason}\n")
	set(URINGSIM_SKIPPED ${URINGSIM_SKIPPED} ${name} CACHE INTERNAL "")
	set(URINGSIM_SKIPPED_${name} ${reason} CACHE INTERNAL "")
endfunction()

# uringsim_subject_command(WORK OUT COMMENT ARGUMENTS OF build-subject...): how OUT is
# built, in folder WORK of subject-work. What it is made from, build-subject says.
function(uringsim_subject_command work out comment)
	set(folder ${CMAKE_CURRENT_BINARY_DIR}/subject-work)
	file(MAKE_DIRECTORY ${folder})
	add_custom_command(OUTPUT ${out}
		COMMAND ${URINGSIM_BUILD_SUBJECT} --out ${out} --work ${folder}/${work}
			--depfile ${folder}/${work}.d --cc ${CMAKE_C_COMPILER}
			--place-map $<TARGET_FILE:place-map> ${ARGN}
		DEPENDS place-map
		DEPFILE ${folder}/${work}.d
		BYPRODUCTS ${out}.places
		COMMENT "${comment}"
		VERBATIM)
endfunction()

# uringsim_subject(NAME TREE [ARGUMENTS OF build-subject...])
function(uringsim_subject name tree)
	set(arguments --driver ${URINGSIM_DRIVER} --tree ${tree} --name ${name} ${ARGN})
	set(counted)
	if(URINGSIM_COVERAGE)
		list(APPEND counted --coverage)
	endif()
	if(URINGSIM_SANITIZE)
		list(APPEND counted --sanitize)
	endif()
	# Optimised as our own code; its warnings are build-subject's matter.
	string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
	set(cflags "${CMAKE_C_FLAGS_${type}}")
	set(plain "${cflags}")
	if(CMAKE_INTERPROCEDURAL_OPTIMIZATION)
		# build-subject looks into the objects: they have code, too
		string(APPEND plain " -flto -ffat-lto-objects")
	endif()
	set(out ${URINGSIM_SUBJECT_DIR}/${name}.so)
	uringsim_subject_command(${name} ${out} "Building subject ${name}"
		--cflags "${plain}" ${arguments} ${counted})
	# Once more, with a hook at each access, and neither sanitizer nor counters. There it
	# is our own code that is looked at, so that this may be as fast as it can.
	if(counted)
		set(cflags "-O2 -g")
	endif()
	set(hooked ${URINGSIM_SUBJECT_DIR}/hooked/${name}.so)
	uringsim_subject_command(${name}.hooked ${hooked}
		"Building subject ${name} with hooks" --mode hooked --cflags "${cflags}"
		${arguments})
	add_custom_target(subject-${name} ALL DEPENDS ${out} ${hooked})
	# with hooks and counters: what a generated scenario reaches (coverage/fuzz)
	if(URINGSIM_COVERAGE)
		set(counting ${CMAKE_CURRENT_BINARY_DIR}/counted/hooked/${name}.so)
		uringsim_subject_command(${name}.counted ${counting}
			"Building subject ${name} with hooks and counters" --mode hooked
			--cflags "${CMAKE_C_FLAGS_${type}}" ${arguments} --coverage)
		add_custom_target(counted-${name} DEPENDS ${counting})
	endif()
	add_dependencies(subjects subject-${name})
	set(URINGSIM_SUBJECTS ${URINGSIM_SUBJECTS} ${name} CACHE INTERNAL "")
endfunction()

# uringsim_linux(NAME VERSION [ARGUMENTS...]): a subject of a cached kernel source
function(uringsim_linux name version)
	set(tree ${URINGSIM_CACHE}/sources/linux-${version})
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${tree}/SOURCE)
	execute_process(
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tools/fetch-kernel
			--cache ${URINGSIM_CACHE} --verify ${version}
		RESULT_VARIABLE status ERROR_VARIABLE reason
		ERROR_STRIP_TRAILING_WHITESPACE)
	if(NOT status EQUAL 0)
		string(REPLACE "fetch-kernel: " "" reason "${reason}")
		uringsim_skip(${name} "${reason}")
		return()
	endif()
	file(STRINGS ${tree}/SOURCE said REGEX "^version ")
	string(REGEX REPLACE "^version +" "" said "${said}")
	# the debugger finds it in the cache's sources, whosoever's cache (tools/gdb)
	uringsim_subject(${name} ${tree} --version ${said} --debug-name linux-${version} ${ARGN})
endfunction()

# uringsim_newer_linux(VERSION): a subject of a version that nobody has tried: if it does
# not fit, that is its reason to be skipped. The tests of the others are not about it.
function(uringsim_newer_linux version)
	set(tree ${URINGSIM_CACHE}/sources/linux-${version})
	set(name linux-${version})
	execute_process(
		COMMAND ${URINGSIM_BUILD_SUBJECT} --driver ${URINGSIM_DRIVER} --tree ${tree}
			--name ${name} --cc ${CMAKE_C_COMPILER} --check-only
		RESULT_VARIABLE status OUTPUT_QUIET ERROR_VARIABLE reason
		ERROR_STRIP_TRAILING_WHITESPACE)
	if(NOT status EQUAL 0)
		string(REGEX REPLACE "^build-subject: | [(]log: .*|\n.*" "" reason "${reason}")
		uringsim_skip(${name} "${name} does not fit yet: ${reason}")
		return()
	endif()
	set(others ${URINGSIM_SUBJECTS})
	uringsim_linux(${name} ${version})
	if(TARGET subject-${name})
		set(URINGSIM_NEWER ${URINGSIM_NEWER} ${name} CACHE INTERNAL "")
		set(URINGSIM_SUBJECTS ${others} CACHE INTERNAL "")
	endif()
endfunction()

# uringsim_subjects(): all of them
function(uringsim_subjects)
	set(URINGSIM_SUBJECTS "" CACHE INTERNAL "subjects that are built")
	set(URINGSIM_SKIPPED "" CACHE INTERNAL "subjects that are not")
	set(URINGSIM_NEWER "" CACHE INTERNAL "subjects of Linux that are newer than the tests")
	add_custom_target(subjects)
	file(MAKE_DIRECTORY ${URINGSIM_SUBJECT_DIR})
	file(WRITE ${URINGSIM_SUBJECT_DIR}/SKIPPED.new "")
	uringsim_subject(bufring ${URINGSIM_OWN_TREE} --version ${PROJECT_VERSION})
	# dev_uring.c and what it is made of, into Linux's fs/fuse
	set(ours ${URINGSIM_OWN_TREE}/fs/fuse)
	file(GLOB parts CONFIGURE_DEPENDS ${ours}/dev_uring*.[ch] ${ours}/bufring*.h
		${ours}/fuse_bufring_abi.h)
	list(TRANSFORM parts PREPEND "--overlay;")
	uringsim_linux(bufring-linux 7.2 ${parts})
	file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/tools/kernel-versions versions REGEX "^[^#]")
	foreach(version ${versions})
		uringsim_linux(linux-${version} ${version})
	endforeach()
	# what the mirror offered besides
	list(GET versions 0 oldest)
	file(GLOB cached RELATIVE ${URINGSIM_CACHE}/sources ${URINGSIM_CACHE}/sources/linux-*)
	list(TRANSFORM cached REPLACE "^linux-" "")
	list(SORT cached COMPARE NATURAL)
	foreach(version ${cached})
		if(version MATCHES "^[0-9]+[.][0-9]+$" AND version VERSION_GREATER oldest
				AND NOT version IN_LIST versions)
			uringsim_newer_linux(${version})
		endif()
	endforeach()
	file(RENAME ${URINGSIM_SUBJECT_DIR}/SKIPPED.new ${URINGSIM_SUBJECT_DIR}/SKIPPED)
endfunction()
