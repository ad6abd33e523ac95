//===- ColumnPairs.cpp - two columns in one register of 64 bits -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Two weights are put together once for all rows of a tile. What a sum begins with joins in the
// end, so that products alone decide whether the lower sum fits its half.
//
//===----------------------------------------------------------------------===//

#include "BroadcastEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

namespace {
class ColumnPairsEmitter final : public BroadcastEmitter {
public:
  using BroadcastEmitter::BroadcastEmitter;

private:
  Values startSums(ArrayRef<Value> initial, ArrayRef<Point> points) override;
  Values finishSums(ArrayRef<Point> points, ArrayRef<Value> initial, Values sums) override;
  void addSteps(const Position &position, ArrayRef<int64_t> extents, ArrayRef<Step> steps,
                ArrayRef<Point> points, Values &sums) override;

  /// The columns of a tile as pairs and, if their number is odd, a single one.
  unsigned countPairs(ArrayRef<Point> points) const { return (countVectors(points) + 1) / 2; }
  Value number(int64_t value) { return arith::ConstantIntOp::create(b, value, 64); }
  Value extend(Value value, bool isUnsigned) {
    Type wide = b.getI64Type();
    return isUnsigned ? arith::ExtUIOp::create(b, wide, value).getResult()
                      : arith::ExtSIOp::create(b, wide, value).getResult();
  }
  Value loadWeights(const LinearAccess &access, const Position &position, int64_t constant,
                    bool isPair);
};
} // namespace

KernelEmitter::Values ColumnPairsEmitter::startSums(ArrayRef<Value>, ArrayRef<Point> points) {
  unsigned rowCount = points.size() / countVectors(points);
  return Values(rowCount * countPairs(points), number(0));
}

Value ColumnPairsEmitter::loadWeights(const LinearAccess &access, const Position &position,
                                      int64_t constant, bool isPair) {
  bool isUnsigned = product->isUnsigned(packing.weightsInput);
  Value weight = extend(columnFactor(access, position, constant, 0, 1), isUnsigned);
  if (!isPair)
    return weight;
  Value next = extend(columnFactor(access, position, constant + 1, 0, 1), isUnsigned);
  return arith::AddIOp::create(b, weight, arith::ShLIOp::create(b, next, number(32)).getResult());
}

void ColumnPairsEmitter::addSteps(const Position &position, ArrayRef<int64_t> extents,
                                  ArrayRef<Step> steps, ArrayRef<Point> points, Values &sums) {
  unsigned columnCount = countVectors(points), pairs = countPairs(points);
  const LinearAccess &access = packedWeights(columnCount);
  for (const Step &step : steps) {
    int64_t constant = constantIndex(access, position, step);
    Values columnFactors;
    for (unsigned pair = 0; pair < pairs; ++pair)
      columnFactors.push_back(
          loadWeights(access, position, constant + 2 * pair, 2 * pair + 1 < columnCount));
    for (unsigned row = 0; row < points.size() / columnCount; ++row) {
      const Point &point = points[row * columnCount];
      Value factor = extend(rowFactor(position, point.movedBy(step).delta, step[packing.groupDim],
                                      extents[packing.groupDim]),
                            areRowsUnsigned());
      for (unsigned pair = 0; pair < pairs; ++pair) {
        Value &sum = sums[row * pairs + pair];
        sum = arith::AddIOp::create(
            b, sum, arith::MulIOp::create(b, factor, columnFactors[pair]).getResult());
      }
    }
  }
}

/// The lower half is the sum of the lower column. It counts in the upper half where it is negative.
KernelEmitter::Values ColumnPairsEmitter::finishSums(ArrayRef<Point> points,
                                                     ArrayRef<Value> initial, Values sums) {
  unsigned columnCount = countVectors(points), pairs = countPairs(points);
  Values results;
  for (unsigned i = 0; i < points.size(); ++i) {
    unsigned column = i % columnCount;
    Value sum = sums[i / columnCount * pairs + column / 2];
    if (column % 2 != 0) {
      Value rounded = arith::AddIOp::create(b, sum, number(int64_t(1) << 31));
      sum = arith::ShRSIOp::create(b, rounded, number(32));
    }
    Value half = arith::TruncIOp::create(b, b.getI32Type(), sum);
    results.push_back(arith::AddIOp::create(b, initial[i], half));
  }
  return results;
}

std::unique_ptr<KernelEmitter> tflc::makeColumnPairs(const KernelTask &task) {
  return std::make_unique<ColumnPairsEmitter>(task);
}
