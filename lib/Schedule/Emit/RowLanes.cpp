//===- RowLanes.cpp - rows of products as lanes of vectors ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// For machines that multiply by one lane of a register (NEON): a row is loaded as a vector, and
// each of its lanes serves one step.
//
//===----------------------------------------------------------------------===//

#include "BroadcastEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {
class RowLanesEmitter final : public BroadcastEmitter {
public:
  explicit RowLanesEmitter(const KernelTask &task)
      : BroadcastEmitter(task), rowGroups(strategy.as<RowLanes>()->rowGroups) {
    const RowLanes &form = *strategy.as<RowLanes>();
    split = form.split;
    widens = form.widen;
    epilogueLanes = form.epilogueLanes;
  }

private:
  Value rowFactor(const Position &position, ArrayRef<int64_t> delta, int64_t step,
                  int64_t extent) override;
  Value columnFactor(const LinearAccess &access, const Position &position, int64_t constant,
                     unsigned vector, unsigned vectors) override;
  Value addProducts(Value sum, Value row, Value column, const Position &position,
                    const Point &point) override;

  unsigned rowGroups; ///< that come with one load
};
} // namespace

/// The group of a row at `delta`, which is at `step` of a piece of the reduction of `extent`
/// elements, in every lane.
Value RowLanesEmitter::rowFactor(const Position &position, ArrayRef<int64_t> delta, int64_t step,
                                 int64_t extent) {
  int64_t lanes = strategy.lanes;
  int64_t at = step / group, total = llvm::divideCeil(extent, group);
  int64_t start = 0, size = rowGroups;
  Value run;
  if (validInGroup(position, delta) < group) {
    // The run's last elements, in a load of their own.
    run = loadGroup(*rows, position, delta);
    start = at, size = 1;
  } else {
    SmallVector<int64_t> last(delta);
    last[packing.groupDim] += (total - 1 - at) * group;
    if (validInGroup(position, last) < group)
      --total;
    while (true) {
      while (size > total - start)
        size /= 2;
      if (at < start + size)
        break;
      start += size;
    }
    SmallVector<int64_t> first(delta);
    first[packing.groupDim] -= (at - start) * group;
    run = loadRun(*rows, position, constantIndex(*rows, position, first), size * group,
                  areRowsUnsigned());
  }
  SmallVector<int64_t> pick(lanes, at - start);
  if (group == 1)
    return vector::ShuffleOp::create(b, run, run, pick);
  Type element = cast<VectorType>(run.getType()).getElementType();
  Type word = b.getIntegerType(group * element.getIntOrFloatBitWidth());
  Value words = vector::BitCastOp::create(b, VectorType::get(size, word), run);
  Value all = vector::ShuffleOp::create(b, words, words, pick);
  return vector::BitCastOp::create(b, VectorType::get(lanes * group, element), all);
}

/// Two neighbours are extended together, which leaves the upper one where NEON multiplies it as it
/// is.
Value RowLanesEmitter::columnFactor(const LinearAccess &access, const Position &position,
                                    int64_t constant, unsigned vector, unsigned vectors) {
  if (!widens)
    return BroadcastEmitter::columnFactor(access, position, constant, vector, vectors);
  int64_t lanes = strategy.lanes;
  bool isUpper = vector % 2 != 0;
  if (!isUpper && vector + 1 == vectors)
    return loadRun(access, position, constant, lanes, /*isUnsigned=*/false);
  int64_t first = isUpper ? constant - lanes : constant;
  Value both = loadRun(access, position, first, 2 * lanes, /*isUnsigned=*/false);
  return vector::ExtractStridedSliceOp::create(b, both, ArrayRef<int64_t>{isUpper ? lanes : 0},
                                               ArrayRef<int64_t>{lanes}, ArrayRef<int64_t>{1});
}

Value RowLanesEmitter::addProducts(Value sum, Value row, Value column, const Position &position,
                                   const Point &point) {
  if (widens)
    return tflrt::DotOp::create(b, sum, row, column);
  return BroadcastEmitter::addProducts(sum, row, column, position, point);
}

std::unique_ptr<KernelEmitter> tflc::makeRowLanes(const KernelTask &task) {
  return std::make_unique<RowLanesEmitter>(task);
}
