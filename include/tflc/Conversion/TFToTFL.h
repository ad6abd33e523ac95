//===- TFToTFL.h - what the conversion from tf to tfl is told ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CONVERSION_TFTOTFL_H
#define TFLC_CONVERSION_TFTOTFL_H

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// An attribute of the module: the names of operations of TensorFlow that become custom operators,
/// an array of strings.
inline constexpr llvm::StringLiteral customOperatorsAttr = "tf.custom_operators";

} // namespace tflc

#endif // TFLC_CONVERSION_TFTOTFL_H
