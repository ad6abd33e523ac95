//===- Header.h - the C header of a compiled model --------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_CODEGEN_HEADER_H
#define TFLC_CODEGEN_HEADER_H

#include "tflc/CodeGen/Descriptor.h"

namespace tflc {

/// The text of NAME.h: constants of the arena and of every tensor, the typed functions, the
/// descriptor, and helpers that quantize and dequantize. C99 without any include but <stdint.h>.
std::string writeHeader(const ModelInfo &info, const ArenaInfo &arena);

} // namespace tflc

#endif // TFLC_CODEGEN_HEADER_H
