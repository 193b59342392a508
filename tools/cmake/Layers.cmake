# SPDX-License-Identifier: GPL-2.0-only
# How our own code is compiled, and how layers become libraries and programs.

add_library(common INTERFACE)
target_include_directories(common INTERFACE
	${CMAKE_CURRENT_SOURCE_DIR}/sim ${CMAKE_CURRENT_SOURCE_DIR}/kernel_shim)
# The trace shows file names, and the debugger looks for files: relative to our top, so
# that no path of this machine is in what is installed.
set(URINGSIM_PREFIX_MAPS -fmacro-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}/=
	-fdebug-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}/sim=sim
	-fdebug-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}/kernel_shim=kernel_shim
	-fdebug-prefix-map=${CMAKE_CURRENT_SOURCE_DIR}/tests=tests
	-fdebug-prefix-map=${CMAKE_CURRENT_BINARY_DIR}=.)
target_link_options(common INTERFACE ${URINGSIM_PREFIX_MAPS})
# clang's assembler forgets the maps in what it writes of version 5
target_compile_options(common INTERFACE ${URINGSIM_PREFIX_MAPS}
	$<$<AND:$<COMPILE_LANGUAGE:ASM>,$<C_COMPILER_ID:Clang>>:-gdwarf-4>
	-fms-extensions $<$<C_COMPILER_ID:Clang>:-Wno-microsoft-anon-tag>
	$<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Werror -Wshadow -Wstrict-prototypes
	-Wmissing-prototypes -Wold-style-definition -Wpointer-arith -Wundef
	-Wvla -Wformat=2 -Wno-format-nonliteral>)
# At a fixed address: tables are reached with one instruction less, and a debugger sees the
# same addresses every time.
target_compile_options(common INTERFACE -fno-pie)
target_link_options(common INTERFACE -no-pie)
# A backtrace must be readable in gdb and in a sanitizer's report. A release has
# unwind tables alone, and is faster.
target_compile_options(common INTERFACE
	$<$<NOT:$<CONFIG:Release>>:-fno-omit-frame-pointer>)
# Link-time optimisation is for the program and its subjects. The layers have code
# as well, so that a test, of which there are many, is linked without it.
if(CMAKE_INTERPROCEDURAL_OPTIMIZATION AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
	target_compile_options(common INTERFACE -ffat-lto-objects)
	set(URINGSIM_LINK_QUICKLY -fno-lto)
endif()
target_link_libraries(common INTERFACE dl)

if(URINGSIM_COVERAGE)
	# not --coverage: gcc puts that behind all other options, and the code that is watched
	# (uringsim_hooked_sources) has to be without
	target_compile_options(common INTERFACE -fprofile-arcs -ftest-coverage
		-fprofile-update=single)
	target_link_options(common INTERFACE --coverage)
endif()
if(URINGSIM_SANITIZE)
	target_compile_options(common INTERFACE -fsanitize=address,undefined
		-fno-sanitize-recover=undefined)
	target_link_options(common INTERFACE -fsanitize=address,undefined)
endif()

# Where each memory access is announced (kernel_shim/hooks). What is compiled so has
# neither a sanitizer nor counters, whose own accesses would be announced, too; what it
# calls has both. The flags: Flags.cmake.

# uringsim_hooked_sources(FILE...): sources of the program itself, with hooks. Not with
# link-time optimisation, for which the hooks come too late.
function(uringsim_hooked_sources)
	# "SHELL:" is understood by targets alone
	string(REGEX REPLACE "SHELL:([^ ;]+) " "\\1;" flags "${URINGSIM_HOOK_FLAGS}")
	if(URINGSIM_SANITIZE)
		list(APPEND flags -fno-sanitize=address,undefined)
	endif()
	if(URINGSIM_COVERAGE)
		list(APPEND flags -fno-profile-arcs -fno-test-coverage)
	endif()
	set_source_files_properties(${ARGN} PROPERTIES
		COMPILE_DEFINITIONS SHIM_HOOKED
		COMPILE_OPTIONS "${flags};-fno-lto;-Wno-unused-parameter")
endfunction()

set(URINGSIM_LAYERS "" CACHE INTERNAL "all layers")

# uringsim_layer(NAME FOLDER...): a static library of all C and assembler files
# in the folders.
function(uringsim_layer name)
	set(sources)
	foreach(folder ${ARGN})
		file(GLOB found CONFIGURE_DEPENDS
			${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.c
			${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.S)
		list(APPEND sources ${found})
	endforeach()
	if(NOT sources)
		message(FATAL_ERROR "layer ${name} has no source file")
	endif()
	add_library(${name} STATIC ${sources})
	target_link_libraries(${name} PUBLIC common)
	set(URINGSIM_LAYERS ${URINGSIM_LAYERS} ${name} CACHE INTERNAL "")
endfunction()

# uringsim_own_lines(TARGET): it includes own_lines.h, our own sources' calls
function(uringsim_own_lines target)
	file(GLOB_RECURSE sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}
		sim/*.c sim/*.h kernel_shim/*.c kernel_shim/*.h)
	list(FILTER sources EXCLUDE REGEX "^sim/(kernel|command|engine)/")
	set(out ${CMAKE_CURRENT_BINARY_DIR}/gen/own_lines.h)
	add_custom_command(OUTPUT ${out}
		COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/tools/call-lines
			--base ${CMAKE_CURRENT_SOURCE_DIR} ${sources} > ${out}.new
		COMMAND ${CMAKE_COMMAND} -E copy_if_different ${out}.new ${out}
		DEPENDS ${sources} tools/call-lines
		VERBATIM)
	file(MAKE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/gen)
	target_sources(${target} PRIVATE ${out})
	target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/gen)
endfunction()

# uringsim_with_layers(TARGET): link every layer whole and export its symbols,
# because subjects find shim_* and sched_* in the program that loads them.
function(uringsim_with_layers target)
	target_link_libraries(${target} PRIVATE common
		"$<LINK_LIBRARY:WHOLE_ARCHIVE,${URINGSIM_LAYERS}>")
	set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
endfunction()

# The compiler that --tree takes: by its name alone, if it is found by that.
get_filename_component(URINGSIM_CC ${CMAKE_C_COMPILER} NAME)
find_program(URINGSIM_CC_FOUND ${URINGSIM_CC} NO_CACHE)
if(NOT URINGSIM_CC_FOUND STREQUAL CMAKE_C_COMPILER)
	set(URINGSIM_CC ${CMAKE_C_COMPILER})
endif()

# uringsim_folders(NAME FOLDER...): sources of programs, above the layers, as objects
function(uringsim_folders name)
	list(TRANSFORM ARGN REPLACE "(.+)" "${CMAKE_CURRENT_SOURCE_DIR}/\\1/*.c" OUTPUT_VARIABLE patterns)
	file(GLOB sources CONFIGURE_DEPENDS ${patterns})
	add_library(${name} OBJECT ${sources})
	target_link_libraries(${name} PUBLIC common PkgConfig::JSONC)
	target_compile_definitions(${name} PRIVATE
		URINGSIM_VERSION="${PROJECT_VERSION}"
		URINGSIM_CC="${URINGSIM_CC}")
endfunction()

# uringsim_program(NAME FILE...): a program at the top of the build folder.
function(uringsim_program name)
	add_executable(${name} ${ARGN})
	uringsim_with_layers(${name})
endfunction()

# uringsim_map(TARGET): write a map of its code beside it
function(uringsim_map name)
	add_custom_command(TARGET ${name} POST_BUILD COMMAND place-map $<TARGET_FILE:${name}>
		VERBATIM)
	add_dependencies(${name} place-map)
	set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS $<TARGET_FILE:place-map>)
	target_link_options(${name} PRIVATE -Wl,--build-id=sha1)
endfunction()

# uringsim_embed(TARGET PREFIX FOLDER FILE...): the files' texts as strings of the program,
# each ended by a zero: PREFIX_page_css for page.css
function(uringsim_embed target prefix folder)
	set(text "\t.section .rodata\n")
	set(paths)
	foreach(file ${ARGN})
		set(path ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${file})
		string(MAKE_C_IDENTIFIER ${prefix}_${file} symbol)
		string(APPEND text
			"\t.global ${symbol}\n${symbol}:\n\t.incbin \"${path}\"\n\t.byte 0\n")
		list(APPEND paths ${path})
	endforeach()
	string(APPEND text "\t.section .note.GNU-stack, \"\", @progbits\n")
	set(source ${CMAKE_CURRENT_BINARY_DIR}/gen/${prefix}.S)
	file(CONFIGURE OUTPUT ${source} CONTENT "${text}" @ONLY)
	target_sources(${target} PRIVATE ${source})
	set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${paths}")
endfunction()

# uringsim_reproducer(TARGET): what exported programs are made from
function(uringsim_reproducer target)
	set(folder sim/fuse/reproduce/program)
	file(GLOB parts CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/${folder}
		${folder}/*.h ${folder}/step/*.h)
	list(REMOVE_ITEM parts example.h) # an export has its own
	uringsim_embed(${target} program ${folder} boot.sh ${parts})
endfunction()

# uringsim_report_page(TARGET): the files of a report's page
function(uringsim_report_page target)
	uringsim_embed(${target} report sim/command/report page.html page.css page.js picture.css)
endfunction()
