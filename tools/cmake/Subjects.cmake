# SPDX-License-Identifier: GPL-2.0-only
# The subjects that are built along with the program: our own, and those of the
# kernel sources that tools/fetch-kernel has put into the cache. One that cannot
# be built here is written, with the reason, to subjects/SKIPPED.

if(DEFINED ENV{URINGSIM_CACHE})
	set(URINGSIM_CACHE $ENV{URINGSIM_CACHE})
elseif(DEFINED ENV{XDG_CACHE_HOME})
	set(URINGSIM_CACHE $ENV{XDG_CACHE_HOME}/uringsim)
else()
	set(URINGSIM_CACHE $ENV{HOME}/.cache/uringsim)
endif()

set(URINGSIM_SUBJECT_DIR ${CMAKE_CURRENT_BINARY_DIR}/subjects)
set(URINGSIM_BUILD_SUBJECT ${CMAKE_CURRENT_SOURCE_DIR}/tools/build-subject)

# uringsim_skip(NAME REASON)
function(uringsim_skip name reason)
	message(STATUS "subject ${name}: skipped: ${reason}")
	file(APPEND ${URINGSIM_SUBJECT_DIR}/SKIPPED.new "${name} ${reason}\n")
	set(URINGSIM_SKIPPED ${URINGSIM_SKIPPED} ${name} CACHE INTERNAL "")
	set(URINGSIM_SKIPPED_${name} ${reason} CACHE INTERNAL "")
endfunction()

# uringsim_subject(NAME TREE [ARGUMENTS OF build-subject...])
function(uringsim_subject name tree)
	if(NOT EXISTS ${URINGSIM_BUILD_SUBJECT})
		uringsim_skip(${name} "tools/build-subject is not written yet")
		return()
	endif()
	file(GLOB_RECURSE needs CONFIGURE_DEPENDS
		${CMAKE_CURRENT_SOURCE_DIR}/kernel_shim/include/*.h
		${CMAKE_CURRENT_SOURCE_DIR}/kernel_shim/shim/*.h
		${CMAKE_CURRENT_SOURCE_DIR}/kernel_shim/subject/*
		${CMAKE_CURRENT_SOURCE_DIR}/sim/fuse/glue/*)
	file(GLOB from_tree CONFIGURE_DEPENDS ${tree}/fs/fuse/*.[ch]
		${tree}/include/linux/io_uring/*.h ${tree}/include/uapi/linux/*.h)
	set(arguments ${ARGN})
	set(overlays ${arguments})
	list(FILTER overlays INCLUDE REGEX "^/")
	if(URINGSIM_COVERAGE)
		list(APPEND arguments --coverage)
	endif()
	if(URINGSIM_SANITIZE)
		list(APPEND arguments --sanitize)
	endif()
	# Optimised as our own code; its warnings are build-subject's matter.
	string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
	set(cflags "${CMAKE_C_FLAGS_${type}}")
	set(plain "${cflags}")
	if(CMAKE_INTERPROCEDURAL_OPTIMIZATION)
		# build-subject looks into the objects: they have code, too
		string(APPEND plain " -flto -ffat-lto-objects")
	endif()
	set(files ${URINGSIM_BUILD_SUBJECT} ${needs} ${from_tree} ${overlays}
		${CMAKE_CURRENT_SOURCE_DIR}/sim/subject/subject.h
		${CMAKE_CURRENT_SOURCE_DIR}/sim/sched/site.h
		${CMAKE_CURRENT_SOURCE_DIR}/sim/sched/lines.h
		${CMAKE_CURRENT_SOURCE_DIR}/tools/call-lines)
	set(out ${URINGSIM_SUBJECT_DIR}/${name}.so)
	add_custom_command(OUTPUT ${out}
		COMMAND ${URINGSIM_BUILD_SUBJECT} --tree ${tree} --name ${name}
			--out ${out} --cc ${CMAKE_C_COMPILER}
			--cflags "${plain}" --place-map $<TARGET_FILE:place-map>
			--work ${CMAKE_CURRENT_BINARY_DIR}/subject-work/${name} ${arguments}
		DEPENDS ${files} place-map
		BYPRODUCTS ${out}.places
		COMMENT "Building subject ${name}"
		VERBATIM)
	# Once more, with a hook at each access, and neither sanitizer nor counters. There it
	# is our own code that is looked at, so that this may be as fast as it can.
	if(URINGSIM_COVERAGE OR URINGSIM_SANITIZE)
		set(cflags "-O2 -g")
	endif()
	set(hooked ${URINGSIM_SUBJECT_DIR}/hooked/${name}.so)
	add_custom_command(OUTPUT ${hooked}
		COMMAND ${URINGSIM_BUILD_SUBJECT} --tree ${tree} --name ${name}
			--out ${hooked} --cc ${CMAKE_C_COMPILER} --mode hooked
			--cflags "${cflags}" --place-map $<TARGET_FILE:place-map>
			--work ${CMAKE_CURRENT_BINARY_DIR}/subject-work/${name}.hooked
			${ARGN}
		DEPENDS ${files} place-map
		BYPRODUCTS ${hooked}.places
		COMMENT "Building subject ${name} with hooks"
		VERBATIM)
	add_custom_target(subject-${name} ALL DEPENDS ${out} ${hooked})
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
	uringsim_subject(${name} ${tree} --version ${said} ${ARGN})
endfunction()

# uringsim_subjects(): all of them
function(uringsim_subjects)
	set(URINGSIM_SUBJECTS "" CACHE INTERNAL "subjects that are built")
	set(URINGSIM_SKIPPED "" CACHE INTERNAL "subjects that are not")
	add_custom_target(subjects)
	file(MAKE_DIRECTORY ${URINGSIM_SUBJECT_DIR})
	file(WRITE ${URINGSIM_SUBJECT_DIR}/SKIPPED.new "")
	set(ours ${CMAKE_CURRENT_SOURCE_DIR}/sim/kernel)
	if(EXISTS ${ours}/fs/fuse/dev_uring.c)
		uringsim_subject(bufring ${ours} --version ${PROJECT_VERSION})
		# dev_uring.c and what it is made of, into Linux's fs/fuse
		file(GLOB parts CONFIGURE_DEPENDS ${ours}/fs/fuse/dev_uring*.[ch]
			${ours}/fs/fuse/bufring*.h ${ours}/fs/fuse/fuse_bufring_abi.h)
		list(TRANSFORM parts PREPEND "--overlay;")
		uringsim_linux(bufring-linux 7.2 ${parts})
	else()
		uringsim_skip(bufring "sim/kernel/fs/fuse/dev_uring.c is not written yet")
		uringsim_skip(bufring-linux "sim/kernel/fs/fuse/dev_uring.c is not written yet")
	endif()
	uringsim_linux(linux-7.2 7.2)
	uringsim_linux(linux-7.3 7.3)
	file(RENAME ${URINGSIM_SUBJECT_DIR}/SKIPPED.new ${URINGSIM_SUBJECT_DIR}/SKIPPED)
endfunction()
