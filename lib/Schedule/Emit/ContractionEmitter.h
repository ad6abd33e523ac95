//===- ContractionEmitter.h - packed columns, rows in groups ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_CONTRACTIONEMITTER_H
#define TFLC_LIB_SCHEDULE_EMIT_CONTRACTIONEMITTER_H

#include "Forms.h"

#include <map>

namespace tflc {

/// What all contractions share: constant weights in the order in which they are read, and rows read
/// where they are, in groups of neighbours along the reduction.
class ContractionEmitter : public KernelEmitter {
protected:
  explicit ContractionEmitter(const KernelTask &task);

  void prepare() override { packWeights(); }
  mlir::SmallVector<Piece> piecesOfVector(int64_t offset, int64_t elements) const override;
  int64_t stepAlong(unsigned dim) const override;
  int64_t coveredRest(unsigned dim, int64_t rest) const override;
  void joinForEpilogue(llvm::SmallVectorImpl<Point> &points,
                       llvm::SmallVectorImpl<Value> &sums) override;

  /// Stores the weights as
  ///   [groups of channels][tile of columns][outer reduction loops][group][vector of the
  ///   tile][lane][element]
  /// so that every step reads the next bytes.
  virtual void packWeights();
  /// The element type of the weights in the object, once packed so.
  virtual mlir::Type packedType(std::vector<char> &packed) const { return columns->elementType; }
  /// Where a tile of that many vectors finds its weights.
  const LinearAccess &packedWeights(unsigned vectors);

  /// Elements of the group that belong to the run.
  unsigned validInGroup(const Position &position, llvm::ArrayRef<int64_t> delta) const;
  /// Of a group with `valid` elements of the run, those that come first and meet zero weights; the
  /// rest of the group behind the run does so, too. None where a group must be put together.
  /// `rowOffset` is where the loops that are written out are.
  std::optional<unsigned> leadingZeros(unsigned valid, int64_t rowOffset) const;
  /// The elements of one group of a row, as they lie in memory.
  Value loadGroup(const LinearAccess &row, const Position &position, llvm::ArrayRef<int64_t> delta);
  /// `size` neighbouring elements, in 16 bits where the form widens.
  Value loadRun(const LinearAccess &access, const Position &position, int64_t constant,
                unsigned size, bool isUnsigned);
  bool areRowsUnsigned() const { return product->isUnsigned(1 - packing.weightsInput); }
  /// Vectors of columns in a tile, whose points are ordered by rows.
  virtual unsigned countVectors(llvm::ArrayRef<Point> points) const;

  const PackedColumns &packing;
  unsigned group;
  const LinearAccess *rows;    ///< the factor that varies from row to row
  const LinearAccess *columns; ///< the constant factor
  Value weights;               ///< packed
  bool widens = false;         ///< bytes are multiplied in 16 bits
  bool copiesRows = false;     ///< rows are read from a buffer that ends with them
  unsigned epilogueLanes = 1;  ///< of the vectors that the epilogue works on

private:
  bool isWrittenOut(unsigned dim) const;

  std::map<unsigned, LinearAccess> weightAccesses; ///< by vectors in a tile
};

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_CONTRACTIONEMITTER_H
