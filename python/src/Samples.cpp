//===- Samples.cpp - samples that Python makes ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Samples.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace tflc;
using namespace tflc::python;

static Array readArray(nb::tuple entry) {
  Array array;
  array.name = nb::cast<std::string>(entry[0]);
  auto type = nb::cast<std::string>(entry[1]);
  std::optional<ElementType> known = getElementType(type);
  if (!known)
    throw nb::type_error(("no tensor has elements of type " + type).c_str());
  array.type = *known;
  array.shape = nb::cast<std::vector<int64_t>>(entry[2]);
  auto bytes = nb::cast<nb::bytes>(entry[3]);
  array.data.assign(bytes.c_str(), bytes.size());
  return array;
}

/// Reads the next item; the lock is held.
bool PythonSamples::read(Sample &sample) {
  nb::object item = nb::steal(PyIter_Next(iterator.ptr()));
  if (!item.is_valid()) {
    if (PyErr_Occurred())
      throw nb::python_error();
    return false;
  }
  auto parts = nb::cast<nb::tuple>(item);
  if (auto key = nb::cast<std::string>(parts[0]); !key.empty())
    sample.signature = key;
  for (nb::handle entry : nb::cast<nb::list>(parts[1]))
    sample.inputs.push_back(readArray(nb::cast<nb::tuple>(entry)));
  if (!parts[2].is_none())
    sample.label = nb::cast<int64_t>(parts[2]);
  return true;
}

std::unique_ptr<SampleSource> PythonSamples::open(const ModelInfo &model) {
  return makeSampleSource(
      [this](Sample &sample) -> llvm::Expected<bool> {
        nb::gil_scoped_acquire acquire;
        try {
          return read(sample);
        } catch (...) {
          exception = std::current_exception();
        }
        return llvm::createStringError("the samples ended with an exception");
      },
      model);
}
