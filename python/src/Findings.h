//===- Findings.h - what was reported, for Python ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PYTHON_FINDINGS_H
#define TFLC_PYTHON_FINDINGS_H

#include "tflc/Support/Diagnostics.h"

#include <nanobind/nanobind.h>
#include <optional>
#include <string>

namespace tflc::python {

/// A list of dicts with the fields of Finding.
nanobind::list toList(llvm::ArrayRef<Finding> findings);

inline llvm::StringRef toStringRef(const nanobind::bytes &bytes) {
  return llvm::StringRef(bytes.c_str(), bytes.size());
}

/// Functions of the module answer (result or None, findings); the Python side raises.
template <typename ResultT>
nanobind::tuple answer(std::optional<ResultT> result, const Diagnostics &diagnostics) {
  nanobind::object value = nanobind::none();
  if (result)
    value = nanobind::cast(std::move(*result));
  return nanobind::make_tuple(value, toList(diagnostics.getFindings()));
}

/// Likewise, for a string of bytes.
inline nanobind::tuple answerBytes(const std::optional<std::string> &result,
                                   const Diagnostics &diagnostics) {
  std::optional<nanobind::object> bytes;
  if (result)
    bytes = nanobind::bytes(result->data(), result->size());
  return answer(std::move(bytes), diagnostics);
}

} // namespace tflc::python

#endif // TFLC_PYTHON_FINDINGS_H
