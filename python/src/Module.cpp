//===- Module.cpp - the compiler as a Python module -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Module.h"

#include "tflc/Tool.h"

#include "llvm/ADT/SmallVector.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;

static int runTool(const std::vector<std::string> &args) {
  llvm::SmallVector<const char *> pointers;
  for (const std::string &arg : args)
    pointers.push_back(arg.c_str());
  nb::gil_scoped_release release;
  return tflc::runTool(pointers);
}

NB_MODULE(_compiler, module) {
  module.doc() =
      "The compiler itself. Functions take and give plain data: bytes, numbers and JSON.";
  module.attr("version") = TFLC_VERSION;
  module.def("run_tool", &runTool, nb::arg("args"),
             "Does what a command line says, whose first word is a subcommand; gives its status.");
  tflc::python::addCompile(module);
  tflc::python::addConvert(module);
  tflc::python::addQuantize(module);
}
