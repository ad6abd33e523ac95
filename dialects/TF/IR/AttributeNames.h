//===- AttributeNames.h - what is known beside an op ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_ATTRIBUTENAMES_H
#define TF_IR_ATTRIBUTENAMES_H

#include "llvm/ADT/StringRef.h"

namespace tflc::tf {

/// On a private function: the name of what it computes.
inline constexpr llvm::StringLiteral implementsAttr = "tf.implements";

/// On a table: an operation of the graph fills it at each invocation, not an initialization.
inline constexpr llvm::StringLiteral filledByGraphAttr = "tf.filled_by_graph";

} // namespace tflc::tf

#endif // TF_IR_ATTRIBUTENAMES_H
