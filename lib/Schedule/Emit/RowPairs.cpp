//===- RowPairs.cpp - products of small matrices --------------------------===//
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

#include "ContractionEmitter.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {
class RowPairsEmitter final : public ContractionEmitter {
public:
  explicit RowPairsEmitter(const KernelTask &task) : ContractionEmitter(task) {
    epilogueLanes = strategy.as<RowPairs>()->epilogueLanes;
  }

private:
  Values startSums(ArrayRef<Value> initial, ArrayRef<Point> points) override {
    return exchangeRowPairs(initial, points);
  }
  Values finishSums(ArrayRef<Point> points, ArrayRef<Value> initial, Values sums) override {
    sums = exchangeRowPairs(sums, points);
    sums.resize(points.size());
    return sums;
  }
  void addSteps(const Position &position, ArrayRef<int64_t> extents, ArrayRef<Step> steps,
                ArrayRef<Point> points, Values &sums) override;
  void addStep(const Position &position, ArrayRef<int64_t> step, int64_t extent,
               ArrayRef<Point> points, MutableArrayRef<Value> sums);
  Values exchangeRowPairs(ArrayRef<Value> sums, ArrayRef<Point> points);
  Value rowPair(const Position &position, ArrayRef<int64_t> step, int64_t extent,
                const Point &first, const Point &second);
};
} // namespace

/// From rows to pairs and, by the same exchange of halves, back.
KernelEmitter::Values RowPairsEmitter::exchangeRowPairs(ArrayRef<Value> sums,
                                                        ArrayRef<Point> points) {
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

/// Eight bytes of two rows. Where a step of sixteen is whole, both halves come with one load.
Value RowPairsEmitter::rowPair(const Position &position, ArrayRef<int64_t> step, int64_t extent,
                               const Point &first, const Point &second) {
  int64_t at = step[packing.groupDim];
  int64_t start = at / (2 * group) * (2 * group);
  auto load = [&](const Point &point) {
    SmallVector<int64_t> delta = point.movedBy(step).delta;
    SmallVector<int64_t> end(delta);
    delta[packing.groupDim] += start - at;
    end[packing.groupDim] = delta[packing.groupDim] + group;
    if (start + 2 * group <= extent && validInGroup(position, end) == group)
      return loadRun(*rows, position, constantIndex(*rows, position, delta), 2 * group, false);
    delta[packing.groupDim] += at - start;
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

void RowPairsEmitter::addSteps(const Position &position, ArrayRef<int64_t> extents,
                               ArrayRef<Step> steps, ArrayRef<Point> points, Values &sums) {
  for (const Step &step : steps)
    addStep(position, step, extents[packing.groupDim], points, sums);
}

void RowPairsEmitter::addStep(const Position &position, ArrayRef<int64_t> step, int64_t extent,
                              ArrayRef<Point> points, MutableArrayRef<Value> sums) {
  size_t vectors = countVectors(points), rowCount = points.size() / vectors;
  const LinearAccess &columnAccess = packedWeights(vectors);
  int64_t constant = constantIndex(columnAccess, position, step);
  unsigned register16 = 2 * group;
  for (size_t row = 0; row < rowCount; row += 2) {
    const Point &first = points[row * vectors];
    const Point &second = row + 1 < rowCount ? points[(row + 1) * vectors] : first;
    Value both = rowPair(position, step, extent, first, second);
    for (size_t v = 0; v < vectors; ++v)
      for (size_t half = 0; half < 2; ++half) {
        Value column = loadRun(columnAccess, position, constant + (2 * v + half) * register16,
                               register16, false);
        Value &sum = sums[(row + half) * vectors + v];
        sum = tflrt::DotMatrixOp::create(b, sum, both, column);
      }
  }
}

std::unique_ptr<KernelEmitter> tflc::makeRowPairs(const KernelTask &task) {
  return std::make_unique<RowPairsEmitter>(task);
}
