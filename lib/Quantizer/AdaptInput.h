//===- AdaptInput.h - data in the form of a model's input -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_QUANTIZER_ADAPTINPUT_H
#define TFLC_LIB_QUANTIZER_ADAPTINPUT_H

#include "tflc/Quantizer/Samples.h"

namespace tflc {

/// Makes `array` an input like `input`: dimensions of size one are added or dropped; numbers become
/// (number - mean) * scale where the options say so, bytes only then; a quantized input takes real
/// numbers by its scale. Types and shapes that do not fit are left as they are, for checkSample to
/// find.
Array adaptInput(Array array, const TensorInfo &input, const SampleOptions &options);

} // namespace tflc

#endif // TFLC_LIB_QUANTIZER_ADAPTINPUT_H
