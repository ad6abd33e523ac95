//===- CustomOperators.h - operations that stay what they are ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_CUSTOMOPERATORS_H
#define TF_IR_CUSTOMOPERATORS_H

#include "llvm/ADT/StringRef.h"

namespace tflc::tf {

/// An attribute of the module: the names of operations of TensorFlow that become custom operators,
/// an array of strings.
inline constexpr llvm::StringLiteral customOperatorsAttr = "tf.custom_operators";

} // namespace tflc::tf

#endif // TF_IR_CUSTOMOPERATORS_H
