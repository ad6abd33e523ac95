# tflc_add_model(NAME MODEL file [TARGET t] [OPTIONS option...])
#
# Compiles a model as a part of the build, and again when the file or the compiler changes. NAME is the C identifier that
# the functions begin with, and a library: programs link it and include NAME.h.
#
# TARGET is one of `tflc targets`, "native" if it is not given. A build for another machine has to name one:
# only its author knows which processor the program is for.
# OPTIONS go to `tflc compile` as they are: -Os, --shape=image:4x28x28.
function(tflc_add_model name)
  cmake_parse_arguments(ARG "" "MODEL;TARGET" "OPTIONS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tflc_add_model(${name}): '${ARG_UNPARSED_ARGUMENTS}' is none of MODEL, TARGET, OPTIONS")
  endif()
  if(NOT ARG_MODEL)
    message(FATAL_ERROR "tflc_add_model(${name}): MODEL is not given")
  endif()
  if(NOT ARG_TARGET)
    if(CMAKE_CROSSCOMPILING)
      message(FATAL_ERROR "tflc_add_model(${name}): TARGET is not given; 'tflc targets' lists the known machines")
    endif()
    set(ARG_TARGET native)
  endif()
  get_filename_component(model "${ARG_MODEL}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_SOURCE_DIR}")
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}")
  file(MAKE_DIRECTORY "${folder}")
  add_custom_command(
    OUTPUT "${folder}/${name}.h" "${folder}/lib${name}.a" "${folder}/${name}.json"
    COMMAND tflc::tflc compile "${model}" --name=${name} -o "${folder}" --target=${ARG_TARGET}
            --emit=header,lib,json ${ARG_OPTIONS}
    DEPENDS "${model}" tflc::tflc
    COMMENT "Compiling ${ARG_MODEL} for ${ARG_TARGET}"
    VERBATIM)
  add_custom_target(${name}_model DEPENDS "${folder}/${name}.h" "${folder}/lib${name}.a")
  add_library(${name} STATIC IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES
    IMPORTED_LOCATION "${folder}/lib${name}.a"
    INTERFACE_INCLUDE_DIRECTORIES "${folder}")
  add_dependencies(${name} ${name}_model)
endfunction()
