//===- StringType.h - how the IR holds strings ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// In the IR a string is an unsigned integer of a width that no other type of the format has: its
// bytes are the text, the first one lowest, and zeros behind. All strings of a model have the same
// room, which holds one byte more than the longest constant, so that what moves, compares and
// selects elements handles strings like any others.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_STRINGTYPE_H
#define TFL_IR_STRINGTYPE_H

#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

namespace tflc::tfl {

/// The least room of a string, and the most, in bytes.
inline constexpr unsigned minStringBytes = 32, maxStringBytes = 256;

/// The room for strings of up to `longest` bytes.
inline unsigned getStringRoom(size_t longest) {
  return std::max<unsigned>(minStringBytes, llvm::PowerOf2Ceil(longest + 1));
}

/// The element type of strings with a room of `bytes`.
inline mlir::IntegerType getStringType(mlir::MLIRContext *context, unsigned bytes) {
  return mlir::IntegerType::get(context, 8 * bytes, mlir::IntegerType::Unsigned);
}

} // namespace tflc::tfl

#endif // TFL_IR_STRINGTYPE_H
