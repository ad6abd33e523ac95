//===- Checksum.h - CRC-32C of files ----------------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_CHECKSUM_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_CHECKSUM_H

#include "llvm/ADT/StringRef.h"

namespace tflc::savedmodel {

/// CRC-32 with the polynomial of Castagnoli, continued from `start`.
uint32_t getCRC32C(llvm::StringRef bytes, uint32_t start = 0);

/// A checksum as files store it: rotated and shifted, so that it is no fixed point of the checksum.
uint32_t maskCRC(uint32_t crc);

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_CHECKSUM_H
