//===- AcrossLanes.cpp - sums of one column in all lanes ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A row and a column are multiplied element by element, and the lanes of a sum are added at the
// end. In a tile each column has a sum of its own.
//
//===----------------------------------------------------------------------===//

#include "ContractionEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

namespace {
class AcrossLanesEmitter final : public ContractionEmitter {
public:
  explicit AcrossLanesEmitter(const KernelTask &task) : ContractionEmitter(task) {
    widens = strategy.as<AcrossLanes>()->widen;
    epilogueLanes = strategy.as<AcrossLanes>()->epilogueLanes;
  }

private:
  Values startSums(ArrayRef<Value> initial, ArrayRef<Point> points) override;
  Values finishSums(ArrayRef<Point> points, ArrayRef<Value> initial, Values sums) override;
  void addSteps(const Position &position, ArrayRef<int64_t> extents, ArrayRef<Step> steps,
                ArrayRef<Point> points, Values &sums) override;
};
} // namespace

/// As many sums for each point as a vector has lanes, one a column.
KernelEmitter::Values AcrossLanesEmitter::startSums(ArrayRef<Value>, ArrayRef<Point> points) {
  return Values(points.size() * strategy.lanes,
                zero(vectorType(nest.reduction->output.elementType, strategy.lanes)));
}

void AcrossLanesEmitter::addSteps(const Position &position, ArrayRef<int64_t>, ArrayRef<Step> steps,
                                  ArrayRef<Point> points, Values &sums) {
  constexpr unsigned smallGroup = 16; // see chooseLaneContract
  int64_t lanes = strategy.lanes;
  const LinearAccess &access = packedWeights(countVectors(points));
  baseIndex(access, position);
  for (const Step &step : steps)
    for (auto [i, point] : llvm::enumerate(points)) {
      SmallVector<int64_t> delta = point.movedBy(step).delta;
      // A run, of a group at least, ends with its last group; what that has in common with the one
      // before it meets zero weights.
      unsigned before = *leadingZeros(validInGroup(position, delta), 0);
      Value row = loadRun(*rows, position, constantIndex(*rows, position, delta) - before, group,
                          areRowsUnsigned());
      int64_t constant = constantIndex(access, position, step) + point.piece.offset * group;
      for (unsigned lane = 0; lane < point.piece.valid; ++lane) {
        Value column = loadRun(access, position, constant + lane * group, group, false);
        Value &sum = sums[i * lanes + lane];
        auto dot = tflrt::DotOp::create(b, sum, row, column);
        dot.setAnyLane(true);
        dot.setSmallRhs(group == smallGroup && !widens);
        sum = dot;
      }
    }
}

/// Adds up the lanes of each column's sum: a vector of columns for each point.
KernelEmitter::Values AcrossLanesEmitter::finishSums(ArrayRef<Point>, ArrayRef<Value> initial,
                                                     Values accumulators) {
  int64_t lanes = strategy.lanes;
  SmallVector<int64_t> even, odd;
  for (int64_t lane = 0; lane < lanes; ++lane) {
    even.push_back(2 * lane);
    odd.push_back(2 * lane + 1);
  }
  SmallVector<Value> results;
  for (auto [i, start] : llvm::enumerate(initial)) {
    SmallVector<Value> sums(ArrayRef(accumulators).slice(i * lanes, lanes));
    for (; sums.size() > 1; sums.resize(sums.size() / 2))
      for (size_t pair = 0; pair < sums.size() / 2; ++pair) {
        Value lhs = sums[2 * pair], rhs = sums[2 * pair + 1];
        sums[pair] =
            arith::AddIOp::create(b, vector::ShuffleOp::create(b, lhs, rhs, even).getResult(),
                                  vector::ShuffleOp::create(b, lhs, rhs, odd).getResult());
      }
    results.push_back(arith::AddIOp::create(b, start, sums[0]));
  }
  return results;
}

std::unique_ptr<KernelEmitter> tflc::makeAcrossLanes(const KernelTask &task) {
  return std::make_unique<AcrossLanesEmitter>(task);
}
