# SPDX-License-Identifier: GPL-2.0-only
# What tools/build-subject knows and others need: flags for kernel code and for hooks,
# and where the cache is.

set(URINGSIM_BUILD_SUBJECT ${CMAKE_CURRENT_SOURCE_DIR}/tools/build-subject)
set(URINGSIM_DRIVER ${CMAKE_CURRENT_SOURCE_DIR}/sim/fuse/manifest.toml)

# uringsim_ask(RESULT ARGUMENTS OF build-subject...): its lines, as a list
function(uringsim_ask result)
	execute_process(COMMAND ${URINGSIM_BUILD_SUBJECT} ${ARGN}
		OUTPUT_VARIABLE said ERROR_VARIABLE why RESULT_VARIABLE status
		OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_STRIP_TRAILING_WHITESPACE)
	if(NOT status EQUAL 0)
		message(FATAL_ERROR "${why}${status}")
	endif()
	string(REPLACE "\n" ";" said "${said}")
	set(${result} "${said}" PARENT_SCOPE)
endfunction()

# uringsim_flags(RESULT ARGUMENTS OF build-subject...): options for a target
function(uringsim_flags result)
	uringsim_ask(flags ${ARGN} --driver ${URINGSIM_DRIVER} --cc ${CMAKE_C_COMPILER})
	# what has a space is several arguments that CMake must not take apart
	list(TRANSFORM flags REPLACE "^(.* .*)$" "SHELL:\\1")
	set(${result} "${flags}" PARENT_SCOPE)
endfunction()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${URINGSIM_BUILD_SUBJECT}
	${CMAKE_CURRENT_SOURCE_DIR}/tools/subject/flags.toml
	${CMAKE_CURRENT_SOURCE_DIR}/tools/subject/flags.py ${URINGSIM_DRIVER})
uringsim_ask(URINGSIM_CACHE --print-cache)
uringsim_flags(URINGSIM_HOOK_FLAGS --print-flags hooks)
