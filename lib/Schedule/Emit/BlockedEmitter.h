//===- BlockedEmitter.h - contractions by blocks of rows --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_BLOCKEDEMITTER_H
#define TFLC_LIB_SCHEDULE_EMIT_BLOCKEDEMITTER_H

#include "ContractionEmitter.h"

namespace tflc {

/// A contraction whose rows may meet all columns block by block: a block stays in a cache.
class BlockedEmitter : public ContractionEmitter {
protected:
  using ContractionEmitter::ContractionEmitter;

  void emitLoops() override;
  LoopParts partsOf(unsigned dim) const override;
  /// Of the loop that is cut, tasks share the blocks.
  bool sharesTiles(unsigned dim) const override {
    return isShared(dim) && !(block && block->dim == dim);
  }

  /// Called before the first block, with the loops that go around blocks.
  virtual void beginBlocks(llvm::ArrayRef<unsigned> loopsAround) {}
  /// Called inside of the loops around blocks, in front of the blocks.
  virtual void beginRows(const Position &position) {}
  /// Called in front of the loops of each block.
  virtual void beginBlock(const Position &position) {}

  /// A run of one loop's iterations. Its variable counts from the first of them; where that is, is
  /// the variable of a further loop, `start`.
  struct RowBlock {
    unsigned dim, start;
    mlir::OpFoldResult count;
  };
  std::optional<RowBlock> block; ///< that is being emitted; none where there is one row only

private:
  void cutLoop(Position at, llvm::ArrayRef<int64_t> extents, unsigned dim, unsigned start);
  void emitBlock(const Position &position, llvm::ArrayRef<int64_t> extents);
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_BLOCKEDEMITTER_H
