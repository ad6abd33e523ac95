//===- ScalarSums.cpp - products that one register sums -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// VMLAVA adds sixteen products to a general register, and six of these hold sums. What comes behind
// the sums is better done in vectors of four columns. So a tile of four columns is summed two
// columns at a time; the sums of the first two wait in vectors while the others come about.
//
//===----------------------------------------------------------------------===//

#include "BroadcastEmitter.h"
#include "Schedule/Nest/RegisterTile.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

namespace {
class ScalarSumsEmitter final : public BroadcastEmitter {
public:
  using BroadcastEmitter::BroadcastEmitter;

private:
  Values emitReductionLoops(ArrayRef<unsigned> order, Position position,
                            SmallVector<int64_t> extents, ArrayRef<Point> points,
                            Values sums) override;
  void joinForEpilogue(SmallVectorImpl<Point> &points, SmallVectorImpl<Value> &sums) override;
  unsigned countVectors(ArrayRef<Point>) const override { return columnsOfTile; }

  static constexpr unsigned together = scalarSumColumns;

  unsigned columnsOfTile = 1;
  Values joined; ///< sums of the tile, four columns of a row in each vector; none for other tiles
};
} // namespace

KernelEmitter::Values ScalarSumsEmitter::emitReductionLoops(ArrayRef<unsigned> order,
                                                            Position position,
                                                            SmallVector<int64_t> extents,
                                                            ArrayRef<Point> points, Values sums) {
  if (order.size() < reductionLoops().size())
    return BroadcastEmitter::emitReductionLoops(order, position, extents, points, std::move(sums));
  columnsOfTile = BroadcastEmitter::countVectors(points);
  joined.clear();
  if (columnsOfTile != together || nest.pooling)
    return BroadcastEmitter::emitReductionLoops(order, position, extents, points, std::move(sums));
  auto type = VectorType::get(together, sums[0].getType());
  joined.assign(points.size() / together, zero(type));
  // Columns 0 and 2, then 1 and 3: one instruction moves two lanes that are two apart. The sums of
  // a single row fit the registers together.
  unsigned passes = points.size() > together ? 2 : 1;
  for (unsigned first = 0; first < passes; ++first) {
    SmallVector<unsigned> numbers;
    SmallVector<Point> some;
    Values someSums;
    for (unsigned i = first; i < points.size(); i += passes) {
      numbers.push_back(i);
      some.push_back(points[i]);
      someSums.push_back(sums[i]);
    }
    someSums = BroadcastEmitter::emitReductionLoops(order, position, extents, some, someSums);
    for (auto [i, sum] : llvm::zip_equal(numbers, someSums)) {
      Value &row = joined[i / together];
      row = vector::InsertOp::create(b, sum, row, int64_t(i % together));
    }
  }
  return sums;
}

void ScalarSumsEmitter::joinForEpilogue(SmallVectorImpl<Point> &points,
                                        SmallVectorImpl<Value> &sums) {
  if (joined.empty())
    return;
  SmallVector<Point> rows;
  for (unsigned i = 0; i < points.size(); i += together) {
    rows.push_back(points[i]);
    rows.back().piece = {points[i].piece.offset, together, together};
  }
  points.assign(rows.begin(), rows.end());
  sums.assign(joined.begin(), joined.end());
}

std::unique_ptr<KernelEmitter> tflc::makeScalarSums(const KernelTask &task) {
  return std::make_unique<ScalarSumsEmitter>(task);
}
