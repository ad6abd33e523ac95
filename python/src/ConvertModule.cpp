//===- ConvertModule.cpp - from what TensorFlow saves to .tflite ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Findings.h"
#include "Module.h"

#include "tflc/Compiler/Converter.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace tflc;
using namespace tflc::python;

static nb::tuple convert(const std::string &path, std::vector<std::string> signatures,
                         std::vector<std::string> custom) {
  Diagnostics diagnostics;
  std::optional<std::string> bytes;
  {
    nb::gil_scoped_release release;
    diagnostics.setFile(path);
    ConvertOptions options;
    options.signatures = std::move(signatures);
    options.customOperators = std::move(custom);
    llvm::Expected<Source> source = Source::open(path);
    if (!source) {
      diagnostics.check(source.takeError());
    } else if (auto converted = convertSource(*source, options, diagnostics);
               succeeded(converted)) {
      bytes = std::move(*converted);
    }
  }
  return answerBytes(bytes, diagnostics);
}

void tflc::python::addConvert(nb::module_ &module) {
  module.def(
      "convert", &convert, nb::arg("path"), nb::arg("signatures") = std::vector<std::string>(),
      nb::arg("custom") = std::vector<std::string>(),
      "The bytes of a .tflite file with what is in a SavedModel, .keras or .h5 file. `custom` are "
      "operations of TensorFlow that stay what they are.");
}
