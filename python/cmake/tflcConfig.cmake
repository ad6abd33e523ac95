# The CMake package of the Python distribution; `tflc --cmake-dir` says where it lies.
#
#   cmake -Dtflc_DIR=$(tflc --cmake-dir) ...
#
#   find_package(tflc REQUIRED)
#   tflc_add_model(mnist MODEL mnist.tflite)
#   target_link_libraries(app PRIVATE mnist tflc::runtime)
#
# tflc::tflc      the compiler, a program of the machine that builds: the distribution's console script
# tflc::runtime, tflc::threads   see TflcRuntime.cmake
if(NOT TARGET tflc::tflc)
  # .../bin beside .../lib/python3.x/site-packages, before any other that there is.
  find_program(TFLC_EXECUTABLE tflc HINTS "${CMAKE_CURRENT_LIST_DIR}/../../../../../bin" DOC "The compiler of models"
               NO_CMAKE_FIND_ROOT_PATH)
  if(NOT TFLC_EXECUTABLE)
    message(FATAL_ERROR "There is no program 'tflc', which the Python distribution installs; name it by -DTFLC_EXECUTABLE=FILE")
  endif()
  add_executable(tflc::tflc IMPORTED GLOBAL)
  set_target_properties(tflc::tflc PROPERTIES IMPORTED_LOCATION "${TFLC_EXECUTABLE}")
endif()

set(tflc_runtime_folder "${CMAKE_CURRENT_LIST_DIR}/../runtime")
include("${CMAKE_CURRENT_LIST_DIR}/TflcRuntime.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/TflcAddModel.cmake")
