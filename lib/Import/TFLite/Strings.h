//===- Strings.h - values of STRING tensors ---------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// StringType.h says what strings are in the IR.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_STRINGS_H
#define TFLC_LIB_IMPORT_TFLITE_STRINGS_H

#include "TFL/IR/StringType.h"

#include "mlir/IR/BuiltinAttributes.h"

#include <string>
#include <vector>

namespace tflc {

using tfl::maxStringBytes;
using tfl::minStringBytes;

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
