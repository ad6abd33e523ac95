//===- Module.cpp - the compiler as a Python module -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Module.h"

NB_MODULE(_compiler, module) {
  module.doc() =
      "The compiler itself. Functions take and give plain data: bytes, numbers and JSON.";
  module.attr("version") = TFLC_VERSION;
  tflc::python::addCompile(module);
  tflc::python::addConvert(module);
}
