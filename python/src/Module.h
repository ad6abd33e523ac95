//===- Module.h - the parts of the Python module ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PYTHON_MODULE_H
#define TFLC_PYTHON_MODULE_H

#include <nanobind/nanobind.h>

namespace tflc::python {

void addCompile(nanobind::module_ &module);
void addConvert(nanobind::module_ &module);
void addQuantize(nanobind::module_ &module);

} // namespace tflc::python

#endif // TFLC_PYTHON_MODULE_H
