# The runtime, compiled from the sources in ${tflc_runtime_folder} for the machine that the program is for.
#
# tflc::runtime   calls a model by its signatures and shapes
# tflc::threads   a pool of POSIX threads for models compiled with --threads
if(NOT TARGET tflc_runtime AND CMAKE_C_COMPILER)
  file(GLOB tflc_runtime_sources "${tflc_runtime_folder}/src/*.c")
  add_library(tflc_runtime STATIC EXCLUDE_FROM_ALL ${tflc_runtime_sources})
  set_target_properties(tflc_runtime PROPERTIES C_STANDARD 99 POSITION_INDEPENDENT_CODE ON)
  target_include_directories(tflc_runtime PUBLIC "${tflc_runtime_folder}/include")
  add_library(tflc::runtime ALIAS tflc_runtime)

  set(CMAKE_THREAD_PREFER_PTHREAD TRUE)
  set(THREADS_PREFER_PTHREAD_FLAG TRUE)
  find_package(Threads QUIET)
  if(CMAKE_USE_PTHREADS_INIT)
    add_library(tflc_threads STATIC EXCLUDE_FROM_ALL "${tflc_runtime_folder}/threads/threads.c")
    set_target_properties(tflc_threads PROPERTIES C_STANDARD 11 POSITION_INDEPENDENT_CODE ON)
    target_include_directories(tflc_threads PUBLIC "${tflc_runtime_folder}/include")
    target_link_libraries(tflc_threads PUBLIC Threads::Threads)
    add_library(tflc::threads ALIAS tflc_threads)
  endif()
endif()
