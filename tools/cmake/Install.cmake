# SPDX-License-Identifier: GPL-2.0-only
# What is installed, relative to the prefix, which may be moved afterwards: the program finds
# the rest from where it is (sim/program/root.c).
#   bin/uringsim
#   lib/uringsim    what depends on the machine: subjects, maps of code, what writes maps
#   share/uringsim  our top, as far as an installed program needs it: for --tree, gdb,
#                   known reports

find_program(HELP2MAN help2man)

# uringsim_version(FOLDER): version.h, with the commit; looked at in each build
function(uringsim_version folder)
	set(header ${CMAKE_CURRENT_BINARY_DIR}/gen/version.h)
	add_custom_target(version BYPRODUCTS ${header}
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tools/version --header ${header}
		VERBATIM)
	add_dependencies(${folder} version)
	target_include_directories(${folder} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/gen)
endfunction()

# uringsim_documents(PROGRAM): its pages of the manual and its completion, made of what it
# says itself
function(uringsim_documents program)
	set(man ${CMAKE_CURRENT_BINARY_DIR}/man)
	set(completion ${CMAKE_CURRENT_BINARY_DIR}/completion/${program})
	set(made ${completion})
	add_custom_command(OUTPUT ${completion}
		COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/completion
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tools/completion $<TARGET_FILE:${program}>
			> ${completion}.new
		COMMAND ${CMAKE_COMMAND} -E rename ${completion}.new ${completion}
		DEPENDS ${program} ${CMAKE_CURRENT_SOURCE_DIR}/tools/completion
		COMMENT "Making the completion for bash"
		VERBATIM)
	if(HELP2MAN)
		add_custom_command(OUTPUT ${man}/made
			COMMAND ${CMAKE_COMMAND} -E rm -rf ${man}
			COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tools/man-pages
				$<TARGET_FILE:${program}> ${man}
			COMMAND ${CMAKE_COMMAND} -E touch ${man}/made
			DEPENDS ${program} ${CMAKE_CURRENT_SOURCE_DIR}/tools/man-pages
			COMMENT "Making pages of the manual"
			VERBATIM)
		list(APPEND made ${man}/made)
		install(DIRECTORY ${man}/ DESTINATION share/man/man1 FILES_MATCHING PATTERN "*.1")
	else()
		message(STATUS "man pages: skipped: help2man is not installed")
		install(CODE "message(STATUS \"man pages: skipped: help2man was not installed\")")
	endif()
	add_custom_target(documents ALL DEPENDS ${made})
	install(FILES ${completion} DESTINATION share/bash-completion/completions)
endfunction()

# uringsim_share(DESTINATION FILE...): files of ours, with their mode
function(uringsim_share destination)
	install(FILES ${ARGN} DESTINATION share/uringsim/${destination})
endfunction()

# uringsim_headers(): those of ours below sim that the subjects were made from, as
# build-subject has written down, and no others
function(uringsim_headers)
	install(CODE "set(top \"${CMAKE_CURRENT_SOURCE_DIR}\")
set(work \"${CMAKE_CURRENT_BINARY_DIR}/subject-work\")")
	install(CODE [[
cmake_policy(PUSH)
cmake_policy(VERSION 3.25)
file(GLOB rules "${work}/*.d")
set(headers)
foreach(rule ${rules})
	file(READ ${rule} text)
	string(REPLACE "\\\n" ";" lines "${text}")
	foreach(file ${lines})
		string(STRIP "${file}" file)
		string(REPLACE "\\ " " " file "${file}")
		cmake_path(IS_PREFIX top "${file}" is_ours)
		if(is_ours AND file MATCHES "\\.h$")
			cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${top}")
			list(APPEND headers "${file}")
		endif()
	endforeach()
endforeach()
list(FILTER headers INCLUDE REGEX "^sim/")
list(FILTER headers EXCLUDE REGEX "^sim/kernel/")
list(REMOVE_DUPLICATES headers)
if(NOT "sim/sched/site.h" IN_LIST headers)
	message(FATAL_ERROR "no subject is built: it would tell which headers it needs")
endif()
foreach(header ${headers})
	cmake_path(GET header PARENT_PATH folder)
	file(INSTALL "${top}/${header}" DESTINATION "${CMAKE_INSTALL_PREFIX}/share/uringsim/${folder}")
endforeach()
cmake_policy(POP)
]])
endfunction()

# uringsim_install(PROGRAM)
function(uringsim_install program)
	set(here ${CMAKE_CURRENT_SOURCE_DIR})
	set(scripts PATTERN __pycache__ EXCLUDE)
	install(TARGETS ${program} DESTINATION bin)
	install(TARGETS place-map DESTINATION lib/uringsim)
	install(FILES $<TARGET_FILE:${program}>.places DESTINATION lib/uringsim)
	install(DIRECTORY ${URINGSIM_SUBJECT_DIR} DESTINATION lib/uringsim
		FILES_MATCHING PATTERN "*.so" PATTERN "*.so.places" PATTERN .* EXCLUDE)
	# what was wrong on the machine that it was built on does not help on another
	set(skipped "")
	foreach(name ${URINGSIM_SKIPPED})
		string(APPEND skipped
			"${name} it is not part of what is installed here: --tree plays a tree of yours\n")
	endforeach()
	file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/gen/SKIPPED "${skipped}")
	install(FILES ${CMAKE_CURRENT_BINARY_DIR}/gen/SKIPPED DESTINATION lib/uringsim/subjects)

	foreach(tool build-subject tree-subject call-lines fetch-kernel fetch-image
			cache-contents merge-results compare check-commits bisect-failure)
		install(PROGRAMS ${here}/tools/${tool} DESTINATION share/uringsim/tools)
	endforeach()
	uringsim_share(tools ${here}/tools/cache.sh ${here}/tools/fetch-lib.sh
		${here}/tools/progress.sh ${here}/tools/kernel-versions)
	install(DIRECTORY ${here}/tools/subject ${here}/tools/history ${here}/tools/gdb DESTINATION share/uringsim/tools
		${scripts})
	install(DIRECTORY ${here}/kernel_shim/include ${here}/kernel_shim/shim
		${here}/kernel_shim/subject ${here}/kernel_shim/own ${here}/kernel_shim/probes
		DESTINATION share/uringsim/kernel_shim)
	# our own tree: gdb shows its source, and it is an example of a tree
	install(DIRECTORY ${here}/sim/kernel DESTINATION share/uringsim/sim)
	install(DIRECTORY ${here}/sim/fuse/gdb ${here}/sim/fuse/glue ${here}/sim/fuse/known
		${here}/sim/fuse/own ${here}/sim/fuse/probes
		DESTINATION share/uringsim/sim/fuse)
	uringsim_share(sim/fuse ${here}/sim/fuse/manifest.toml)
	# reasons, for uringsim fidelity FILE
	uringsim_share(tests/kernel ${here}/tests/kernel/differences)
	uringsim_headers()
	install(FILES ${here}/README.md ${here}/CHANGELOG.md DESTINATION share/doc/uringsim)
	install(DIRECTORY ${here}/docs DESTINATION share/doc/uringsim)
	uringsim_documents(${program})
	# all that is installed, and nothing else
	add_custom_target(to-install DEPENDS ${program} place-map subjects documents)
endfunction()
