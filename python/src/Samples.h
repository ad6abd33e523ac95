//===- Samples.h - samples that Python makes --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PYTHON_SAMPLES_H
#define TFLC_PYTHON_SAMPLES_H

#include "tflc/Quantizer/Samples.h"

#include <exception>
#include <nanobind/nanobind.h>

namespace tflc::python {

/// An iterator of Python as a source of samples. Each of its items is a tuple (signature or "",
/// [(name or "", type, shape, bytes)], label or None). The library is called without Python's lock;
/// it is taken for each item.
class PythonSamples {
public:
  explicit PythonSamples(nanobind::object iterator) : iterator(std::move(iterator)) {}

  /// Must not outlive the object.
  std::unique_ptr<SampleSource> open(const ModelInfo &model);

  /// Raises what the iterator has raised. The library has made an error of it meanwhile.
  void raise() {
    if (exception)
      std::rethrow_exception(exception);
  }

private:
  bool read(Sample &sample);

  nanobind::object iterator;
  std::exception_ptr exception;
};

} // namespace tflc::python

#endif // TFLC_PYTHON_SAMPLES_H
