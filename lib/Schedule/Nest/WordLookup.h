//===- WordLookup.h - tables of words, byte by byte -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_NEST_WORDLOOKUP_H
#define TFLC_LIB_SCHEDULE_NEST_WORDLOOKUP_H

#include "LoopNest.h"

#include "tflc/Target/TargetInfo.h"

namespace tflc {

/// A body's look-up in a constant table of 256 integers of 16 or 32 bits, at a byte. A machine that
/// looks up bytes in registers reads the bytes of the integers from a table each: the lowest bytes
/// of all entries are one plane, the next ones another.
struct WordLookup {
  mlir::DenseElementsAttr table; ///< null where there is no such look-up
  mlir::Value index;             ///< in the body, i8

  unsigned numPlanes() const { return table.getElementType().getIntOrFloatBitWidth() / 8; }
  llvm::SmallVector<int8_t> plane(unsigned number) const;
};

WordLookup matchWordLookup(mlir::memref::LoadOp load);

/// Whether look-ups by planes are faster than one load for each lane: where two instructions read a
/// table of 256 bytes for a whole vector.
bool looksUpPlanes(const TargetInfo &target);

/// The lanes of a vector of bytes where the stage's body has look-ups that are done by planes; 0
/// elsewhere. All bytes of a register are looked up at once, so words should have as many lanes.
unsigned planeLanes(const Stage &stage, const TargetInfo &target);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_NEST_WORDLOOKUP_H
