//===- Strings.h - values of STRING tensors ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// In the IR a string is an unsigned integer of a width that no other type of the format has: its
// bytes are the text, the first one lowest, and zeros behind. All strings of a model have the same
// room, which holds one byte more than the longest constant, so that what moves, compares and
// selects elements handles strings like any others.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_STRINGS_H
#define TFLC_LIB_IMPORT_TFLITE_STRINGS_H

#include "mlir/IR/BuiltinAttributes.h"

#include <string>
#include <vector>

namespace tflc {

/// The least room of a string, and the most.
inline constexpr unsigned minStringBytes = 32, maxStringBytes = 256;

/// What is wrong with the bytes of a constant of `count` strings: their number, where each begins,
/// where the last one ends, and the text. Nothing where they are sound.
std::optional<std::string> checkStrings(llvm::ArrayRef<uint8_t> bytes, int64_t count);

/// The room that the strings of a checked constant need.
unsigned getStringRoom(llvm::ArrayRef<uint8_t> bytes);

/// The elements of a checked constant, each in a room of `room` bytes.
std::vector<char> spreadStrings(llvm::ArrayRef<uint8_t> bytes, unsigned room);

/// The bytes of a constant from its elements.
std::string joinStrings(llvm::ArrayRef<char> elements, unsigned room);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_STRINGS_H
