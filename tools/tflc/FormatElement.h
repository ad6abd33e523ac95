//===- FormatElement.h - values of arrays as text ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TOOLS_FORMATELEMENT_H
#define TFLC_TOOLS_FORMATELEMENT_H

#include "tflc/Support/Npz.h"

namespace tflc {

/// One element of an array as text; `index` counts in C order.
std::string formatElement(const Array &array, int64_t index);

} // namespace tflc

#endif // TFLC_TOOLS_FORMATELEMENT_H
