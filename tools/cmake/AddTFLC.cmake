# Helpers for the build files of tflc.

# Everything that a C++ target of the compiler needs. LLVM's and MLIR's headers are system headers,
# so that -Werror speaks of our own code alone.
add_library(tflc_compile_options INTERFACE)
target_include_directories(tflc_compile_options INTERFACE
  ${CMAKE_SOURCE_DIR}/include ${CMAKE_BINARY_DIR}/include ${CMAKE_SOURCE_DIR}/lib
  ${CMAKE_SOURCE_DIR}/dialects ${CMAKE_BINARY_DIR}/dialects
  ${CMAKE_SOURCE_DIR}/runtime/include)
target_include_directories(tflc_compile_options SYSTEM INTERFACE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
target_compile_definitions(tflc_compile_options INTERFACE ${LLVM_DEFINITIONS_LIST})
target_compile_options(tflc_compile_options INTERFACE
  # libstdc++ 12's stable_sort calls a function that it marks as deprecated itself.
  -Wall -Wextra -Werror -Wno-unused-parameter -Wno-deprecated-declarations -fno-exceptions $<$<COMPILE_LANGUAGE:CXX>:-fvisibility-inlines-hidden>)
if(NOT LLVM_ENABLE_RTTI)
  target_compile_options(tflc_compile_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti>)
endif()

# What the fuzz targets look into: libraries that meet what a file says first. All else is compiled as without them, which a
# cache of compilations has already.
add_library(tflc_fuzz_options INTERFACE)
if(TFLC_FUZZ)
  target_compile_options(tflc_fuzz_options INTERFACE -fsanitize=fuzzer-no-link,address)
  target_link_options(tflc_compile_options INTERFACE -fsanitize=address)
endif()

# MLIR's headers dominate compile time; one precompiled header serves all libraries.
# Written only where it differs, so that a new configuration does not build everything again.
file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch.cpp CONTENT "")
add_library(tflc_pch STATIC ${CMAKE_BINARY_DIR}/pch.cpp)
target_link_libraries(tflc_pch PUBLIC tflc_compile_options)
target_precompile_headers(tflc_pch PRIVATE ${CMAKE_SOURCE_DIR}/include/tflc/Support/Precompiled.h)
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(tflc_compile_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>)
endif()
if(TFLC_FUZZ)
  add_library(tflc_fuzz_pch STATIC ${CMAKE_BINARY_DIR}/pch.cpp)
  target_link_libraries(tflc_fuzz_pch PUBLIC tflc_compile_options tflc_fuzz_options)
  target_precompile_headers(tflc_fuzz_pch PRIVATE ${CMAKE_SOURCE_DIR}/include/tflc/Support/Precompiled.h)
endif()

# tflc_add_library(NAME SOURCES... [FUZZED] [LINK libs...] [DEPENDS targets...])
#
# A static library of the compiler. LINK lists other tflc libraries; with TFLC_STATIC off, LLVM and MLIR
# come from the shared libraries (mixing in static ones would register options twice). FUZZED: with TFLC_FUZZ,
# libFuzzer and AddressSanitizer look into it.
function(tflc_add_library name)
  cmake_parse_arguments(ARG "FUZZED" "" "LINK;DEPENDS;MLIR" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC tflc_compile_options ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(TARGET TFLCGenerated)
    add_dependencies(${name} TFLCGenerated)
  endif()
  if(ARG_FUZZED AND TFLC_FUZZ)
    target_link_libraries(${name} PRIVATE tflc_fuzz_options)
    target_precompile_headers(${name} REUSE_FROM tflc_fuzz_pch)
  else()
    target_precompile_headers(${name} REUSE_FROM tflc_pch)
  endif()
endfunction()

# Links LLVM and MLIR into a program or test.
function(tflc_link_mlir name)
  if(TFLC_STATIC)
    # By path: the packages' targets of static libraries bring the shared ones along, and a program must not have two LLVMs.
    # lld looks for a symbol in all archives, whatever their order.
    file(GLOB archives ${LLVM_LIBRARY_DIR}/libMLIR*.a ${LLVM_LIBRARY_DIR}/libLLVM*.a ${LLVM_LIBRARY_DIR}/libPolly*.a)
    target_link_libraries(${name} PRIVATE ${archives} z zstd)
    target_link_options(${name} PRIVATE -fuse-ld=lld -Wl,--gc-sections)
  else()
    target_link_libraries(${name} PRIVATE MLIR LLVM)
  endif()
endfunction()

# tflc_add_tool(NAME SOURCES... [LINK libs...])
function(tflc_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE tflc_compile_options ${ARG_LINK})
  tflc_link_mlir(${name})
  if(TARGET TFLCGenerated)
    add_dependencies(${name} TFLCGenerated)
  endif()
endfunction()

set(TFLC_TD_INCLUDES)
foreach(dir ${MLIR_INCLUDE_DIRS})
  list(APPEND TFLC_TD_INCLUDES -I${dir})
endforeach()

# tflc_tablegen(FILE.td OUTPUT COMMAND...): one generated file, added to the target TFLCGenerated.
function(tflc_tablegen td output)
  set(LLVM_TARGET_DEFINITIONS ${td})
  mlir_tablegen(${output} ${ARGN} -I${CMAKE_SOURCE_DIR}/dialects ${TFLC_TD_INCLUDES})
  set(TFLC_TABLEGEN_OUTPUTS ${TFLC_TABLEGEN_OUTPUTS} ${CMAKE_CURRENT_BINARY_DIR}/${output} PARENT_SCOPE)
endfunction()
