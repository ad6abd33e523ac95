//===- ExtendedRows.h - blocks of rows in 16 bits ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_EXTENDEDROWS_H
#define TFLC_LIB_SCHEDULE_EMIT_EXTENDEDROWS_H

#include "BlockedEmitter.h"

namespace tflc {

/// A contraction that may extend the bytes of a block of rows to 16 bits, once for all columns.
class ExtendedRowsEmitter : public BlockedEmitter {
protected:
  using BlockedEmitter::BlockedEmitter;

  /// Lets rows be read from `buffer`, which each block fills; null where they are read as they are.
  void useScratch(Value buffer) {
    scratch = buffer;
    copiesRows = scratch != nullptr;
  }

private:
  void beginBlocks(llvm::ArrayRef<unsigned> loopsAround) override;
  void beginBlock(const Position &position) override;
  int64_t elementsBesideBlock() const;
  void extendRows(Value base, int64_t constant, Value last, unsigned lanes);

  Value scratch;        ///< holds the rows of a block in 16 bits; may be null
  LinearAccess widened; ///< the rows in there
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_EXTENDEDROWS_H
