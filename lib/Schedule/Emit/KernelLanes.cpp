//===- KernelLanes.cpp - rows of products as lanes of vectors -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// What a contraction does where the machine multiplies by one lane of a register, or sums up
// products across the lanes.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// `size` neighbouring elements, extended where the strategy widens.
Value KernelEmitter::loadRun(const LinearAccess &access, const Position &position, int64_t constant,
                             unsigned size, bool isUnsigned) {
  Value &result = loads[{&access, position.scope, constant, size}];
  if (result)
    return result;
  Value base = baseIndex(access, position);
  Value loaded = vector::LoadOp::create(b, VectorType::get(size, access.elementType), flat(access),
                                        index(base, constant));
  if (strategy.widen) {
    auto type = VectorType::get(size, b.getI16Type());
    loaded = isUnsigned ? arith::ExtUIOp::create(b, type, loaded).getResult()
                        : arith::ExtSIOp::create(b, type, loaded).getResult();
  }
  return result = loaded;
}

/// The group of a row at `delta`, which is at `step` of a piece of the reduction of `extent`
/// elements, in every lane. Up to `rowGroups` of them come with one load.
Value KernelEmitter::rowLane(const LinearAccess &row, const Position &position,
                             ArrayRef<int64_t> delta, int64_t step, int64_t extent,
                             bool isUnsigned) {
  int64_t group = strategy.group, lanes = strategy.lanes;
  int64_t at = step / group, total = llvm::divideCeil(extent, group);
  int64_t start = 0, size = strategy.rowGroups;
  Value run;
  if (validInGroup(position, delta) < group) {
    // The run's last elements, in a load of their own.
    run = loadGroup(row, position, delta);
    start = at, size = 1;
  } else {
    SmallVector<int64_t> last(delta);
    last[strategy.groupDim] += (total - 1 - at) * group;
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
    first[strategy.groupDim] -= (at - start) * group;
    run = loadRun(row, position, constantIndex(row, position, first), size * group, isUnsigned);
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

/// One vector of extended columns. Two neighbours are extended together, which leaves the upper one
/// where NEON multiplies it as it is.
Value KernelEmitter::widenedColumn(const LinearAccess &access, const Position &position,
                                   int64_t constant, unsigned vector, unsigned vectors) {
  int64_t lanes = strategy.lanes;
  bool isUpper = vector % 2 != 0;
  if (!isUpper && vector + 1 == vectors)
    return loadRun(access, position, constant, lanes, /*isUnsigned=*/false);
  int64_t first = isUpper ? constant - lanes : constant;
  Value both = loadRun(access, position, first, 2 * lanes, /*isUnsigned=*/false);
  return vector::ExtractStridedSliceOp::create(b, both, ArrayRef<int64_t>{isUpper ? lanes : 0},
                                               ArrayRef<int64_t>{lanes}, ArrayRef<int64_t>{1});
}

/// A step whose sums stay apart in the lanes: `lanes` accumulators for each point, one a column.
void KernelEmitter::emitAcrossStep(const Position &position, ArrayRef<int64_t> step,
                                   ArrayRef<Point> points, MutableArrayRef<Value> accumulators) {
  int64_t last = 0, group = strategy.group, lanes = strategy.lanes;
  for (const Point &point : points)
    last = std::max(last, point.piece.offset);
  const LinearAccess &columnAccess = packedWeights(last / lanes + 1);
  baseIndex(columnAccess, position);
  for (auto [i, point] : llvm::enumerate(points)) {
    SmallVector<int64_t> rowDelta(point.delta);
    for (unsigned dim = 0; dim < step.size(); ++dim)
      rowDelta[dim] += step[dim];
    // A run, of a group at least, ends with its last group; what that has in common with the one
    // before it meets zero weights.
    unsigned before = *leadingZeros(validInGroup(position, rowDelta), 0);
    Value row = loadRun(*rows, position, constantIndex(*rows, position, rowDelta) - before, group,
                        areRowsUnsigned());
    int64_t constant = constantIndex(columnAccess, position, step) + point.piece.offset * group;
    for (unsigned lane = 0; lane < point.piece.valid; ++lane) {
      Value column = loadRun(columnAccess, position, constant + lane * group, group, false);
      Value &sum = accumulators[i * lanes + lane];
      auto dot = tflrt::DotOp::create(b, sum, row, column);
      dot.setAnyLane(true);
      dot.setSmallRhs(group == 16 && !strategy.widen); // see chooseLaneContract
      sum = dot;
    }
  }
}

/// Adds up the lanes of each column's sum: a vector of columns for each point.
SmallVector<Value> KernelEmitter::joinColumns(ArrayRef<Value> initial,
                                              ArrayRef<Value> accumulators) {
  int64_t lanes = strategy.lanes;
  SmallVector<int64_t> even, odd;
  for (int64_t lane = 0; lane < lanes; ++lane) {
    even.push_back(2 * lane);
    odd.push_back(2 * lane + 1);
  }
  SmallVector<Value> results;
  for (auto [i, start] : llvm::enumerate(initial)) {
    SmallVector<Value> sums(accumulators.slice(i * lanes, lanes));
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

/// Joins neighbouring vectors of a row as far as the epilogue's width goes; `points` and `values`
/// become those of the joined vectors.
void KernelEmitter::joinForEpilogue(SmallVectorImpl<Point> &points,
                                    SmallVectorImpl<Value> &values) {
  unsigned lanes = strategy.lanes;
  SmallVector<Point> joined;
  SmallVector<Value> joinedValues;
  for (size_t i = 0; i < points.size();) {
    size_t run = 1;
    while (i + run < points.size() && points[i + run].piece.offset > points[i].piece.offset)
      ++run;
    unsigned count =
        std::min<unsigned>(llvm::bit_floor(run), std::max(1u, strategy.epilogueLanes / lanes));
    Point point = points[i];
    Value value = values[i];
    if (count > 1) {
      auto type =
          VectorType::get(count * lanes, cast<VectorType>(values[i].getType()).getElementType());
      value = zero(type);
      point.piece.lanes = count * lanes;
      point.piece.valid = 0;
      for (unsigned part = 0; part < count; ++part) {
        point.piece.valid += points[i + part].piece.valid;
        value = vector::InsertStridedSliceOp::create(
            b, values[i + part], value, ArrayRef<int64_t>{part * lanes}, ArrayRef<int64_t>{1});
      }
    }
    joined.push_back(point);
    joinedValues.push_back(value);
    i += count;
  }
  points.assign(joined.begin(), joined.end());
  values.assign(joinedValues.begin(), joinedValues.end());
}
