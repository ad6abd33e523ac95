/*===- native.c - the runtime as one library for Python -----------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * Python loads it by ctypes: there is nothing of a Python version in it. The runtime's sources are
 * included so that any C compiler builds it from this one file.
 *
 *===----------------------------------------------------------------------===*/

#include "src/lookup.c"
#include "src/runner.c"
#include "src/shape.c"
#include "src/status.c"
#include "threads/threads.c"

/* The size of a runner, by which Python notices a library that is not its own. */
size_t tflc_python_runner_size(void) { return sizeof(tflc_runner); }
