//===- KernelMatrix.cpp - products of small matrices ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// One instruction multiplies two rows of eight bytes by two columns of eight, twice the products of
// those that take one row. A register holds the sums of two rows and two columns, so those of a
// pair of rows and a vector of four columns are two registers, in place of one for each row:
//   row 0: c0 c1 c2 c3      first:  r0c0 r0c1 r1c0 r1c1
//   row 1: c0 c1 c2 c3      second: r0c2 r0c3 r1c2 r1c3
// The last row of an odd number is a pair with itself.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// From rows to pairs and, by the same exchange of halves, back.
SmallVector<Value> KernelEmitter::exchangeRowPairs(ArrayRef<Value> sums, ArrayRef<Point> points) {
  size_t vectors = countVectors(points), rows = sums.size() / vectors;
  SmallVector<Value> result(llvm::alignTo(rows, 2) * vectors);
  for (size_t row = 0; row < rows; row += 2)
    for (size_t v = 0; v < vectors; ++v) {
      Value lhs = sums[row * vectors + v];
      Value rhs = row + 1 < rows ? sums[(row + 1) * vectors + v] : lhs;
      result[row * vectors + v] =
          vector::ShuffleOp::create(b, lhs, rhs, ArrayRef<int64_t>{0, 1, 4, 5});
      result[(row + 1) * vectors + v] =
          vector::ShuffleOp::create(b, lhs, rhs, ArrayRef<int64_t>{2, 3, 6, 7});
    }
  return result;
}

/// Vectors of columns in a tile, whose points are ordered by rows.
size_t KernelEmitter::countVectors(ArrayRef<Point> points) const {
  int64_t last = 0;
  for (const Point &point : points)
    last = std::max(last, point.piece.offset);
  return last / strategy.lanes + 1;
}

/// Eight bytes of two rows. Where a step of sixteen is whole, both halves come with one load.
Value KernelEmitter::rowPair(const Position &position, ArrayRef<int64_t> step, int64_t extent,
                             const Point &first, const Point &second) {
  int64_t group = strategy.group, at = step[strategy.groupDim];
  int64_t start = at / (2 * group) * (2 * group);
  auto load = [&](const Point &point) {
    SmallVector<int64_t> delta(point.delta);
    for (unsigned dim = 0; dim < step.size(); ++dim)
      delta[dim] += step[dim];
    SmallVector<int64_t> end(delta);
    delta[strategy.groupDim] += start - at;
    end[strategy.groupDim] = delta[strategy.groupDim] + group;
    if (start + 2 * group <= extent && validInGroup(position, end) == group)
      return loadRun(*rows, position, constantIndex(*rows, position, delta), 2 * group, false);
    delta[strategy.groupDim] += at - start;
    return loadGroup(*rows, position, delta);
  };
  Value lhs = load(first), rhs = load(second);
  auto halfOf = [&](Value loaded) {
    return cast<VectorType>(loaded.getType()).getNumElements() == group ? 0 : at - start;
  };
  SmallVector<int64_t> pick;
  int64_t size = cast<VectorType>(lhs.getType()).getNumElements();
  for (int64_t i = 0; i < group; ++i)
    pick.push_back(halfOf(lhs) + i);
  for (int64_t i = 0; i < group; ++i)
    pick.push_back(size + halfOf(rhs) + i);
  return vector::ShuffleOp::create(b, lhs, rhs, pick);
}

void KernelEmitter::emitMatrixStep(const Position &position, ArrayRef<int64_t> step,
                                   ArrayRef<int64_t> extents, ArrayRef<Point> points,
                                   MutableArrayRef<Value> accumulators) {
  size_t vectors = countVectors(points), rowCount = points.size() / vectors;
  const LinearAccess &columnAccess = packedWeights(vectors);
  int64_t constant = constantIndex(columnAccess, position, step);
  unsigned register16 = 2 * strategy.group;
  for (size_t row = 0; row < rowCount; row += 2) {
    const Point &first = points[row * vectors];
    const Point &second = row + 1 < rowCount ? points[(row + 1) * vectors] : first;
    Value both = rowPair(position, step, extents[strategy.groupDim], first, second);
    for (size_t v = 0; v < vectors; ++v)
      for (size_t half = 0; half < 2; ++half) {
        Value columns = loadRun(columnAccess, position, constant + (2 * v + half) * register16,
                                register16, false);
        Value &sum = accumulators[(row + half) * vectors + v];
        sum = tflrt::DotMatrixOp::create(b, sum, both, columns);
      }
  }
}
