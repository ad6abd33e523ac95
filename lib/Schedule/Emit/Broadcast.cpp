//===- Broadcast.cpp - groups of rows in all lanes ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A group of neighbours of a row is broadcast to all lanes and multiplied by a vector of columns.
// Where the inner instruction multiplies 16 bit numbers, the bytes of a block of rows are extended
// once for all columns, into a buffer. Weights that are float16 stay so where the target widens
// them as it loads them.
//
//===----------------------------------------------------------------------===//

#include "BroadcastEmitter.h"
#include "Schedule/Nest/ColumnPairs.h"
#include "Schedule/Nest/LiveSteps.h"

#include "tflc/Quantization/HalfFloats.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

BroadcastEmitter::BroadcastEmitter(const KernelTask &task) : ExtendedRowsEmitter(task) {
  const auto *form = strategy.as<Broadcast>();
  if (!form)
    return;
  split = form->split;
  widens = form->widen;
  if (!form->packs)
    useScratch(task.scratch());
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

Type BroadcastEmitter::packedType(std::vector<char> &packed) const {
  if (isHalfNoSlower(packed.size()))
    if (std::optional<std::vector<char>> halves = narrowToHalf(packed)) {
      packed = std::move(*halves);
      return Float16Type::get(nest.reduction->op.getContext());
    }
  return columns->elementType;
}

/// Whether widening f32 weights of that many bytes from f16 costs nothing: each vector of them is
/// widened once for all rows of a tile, or comes from beyond the first-level cache.
bool BroadcastEmitter::isHalfNoSlower(size_t bytes) const {
  if (!columns->elementType.isF32() || !target.hasHalfConversion || target.vectorBits == 0)
    return false;
  int64_t rowsOfTile = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!info.isReduction && dim != strategy.vectorDim)
      rowsOfTile *= strategy.tile[dim];
  constexpr int64_t enoughRows = 4;
  return rowsOfTile >= enoughRows || static_cast<int64_t>(bytes) > target.l1Bytes;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

KernelEmitter::Values BroadcastEmitter::startSums(ArrayRef<Value> initial, ArrayRef<Point>) {
  Values sums(initial);
  for (unsigned part = 1; part < split; ++part)
    for (Value value : initial)
      sums.push_back(zero(value.getType()));
  return sums;
}

KernelEmitter::Values BroadcastEmitter::finishSums(ArrayRef<Point> points, ArrayRef<Value>,
                                                   Values sums) {
  for (unsigned part = split; part-- > 1;)
    for (unsigned i = 0; i < points.size(); ++i) {
      Value other = sums[part * points.size() + i];
      sums[i] = product->isFloat ? arith::AddFOp::create(b, sums[i], other).getResult()
                                 : arith::AddIOp::create(b, sums[i], other).getResult();
    }
  sums.resize(points.size());
  return sums;
}

Value BroadcastEmitter::rowFactor(const Position &position, ArrayRef<int64_t> delta, int64_t,
                                  int64_t) {
  if (group == 1) {
    int64_t constant = constantIndex(*rows, position, delta);
    Value &result = loads[{rows, position.scope, constant, 1}];
    if (!result)
      result = memref::LoadOp::create(b, flat(*rows), index(baseIndex(*rows, position), constant));
    return result;
  }
  Value elements = loadGroup(*rows, position, delta);
  if (strategy.lanes == 1)
    return elements;
  Value &result = broadcasts[elements];
  if (result)
    return result;
  Type element = rows->elementType;
  Type word = b.getIntegerType(group * element.getIntOrFloatBitWidth());
  Value scalar = vector::ExtractOp::create(
      b, vector::BitCastOp::create(b, VectorType::get(1, word), elements).getResult(), 0);
  Value all = vectorize(scalar, strategy.lanes);
  result = vector::BitCastOp::create(b, VectorType::get(strategy.lanes * group, element), all);
  if (widens && element.isInteger(8)) {
    auto type = VectorType::get(strategy.lanes * group, b.getI16Type());
    result = areRowsUnsigned() ? arith::ExtUIOp::create(b, type, result).getResult()
                               : arith::ExtSIOp::create(b, type, result).getResult();
  }
  return result = adjustRow(result);
}

Value BroadcastEmitter::columnFactor(const LinearAccess &access, const Position &position,
                                     int64_t constant, unsigned, unsigned) {
  unsigned lanes = strategy.lanes;
  Value &column = loads[{&access, position.scope, constant, lanes}];
  if (column)
    return column;
  Value at = index(baseIndex(access, position), constant);
  Type element = access.elementType;
  if (lanes * group == 1)
    column = memref::LoadOp::create(b, weights, at);
  else
    column = vector::LoadOp::create(b, VectorType::get(lanes * group, element), weights, at);
  if (element != columns->elementType)
    column = arith::ExtFOp::create(b, vectorType(columns->elementType, lanes), column);
  if (widens)
    column = arith::ExtSIOp::create(b, VectorType::get(lanes * group, b.getI16Type()), column);
  return column;
}

Value BroadcastEmitter::addProducts(Value sum, Value row, Value column, const Position &position,
                                    const Point &point) {
  unsigned lanes = strategy.lanes;
  if (group > 1)
    return tflrt::DotOp::create(b, sum, row, column, areRowsUnsigned());
  if (product->isFloat && target.hasFMA && lanes > 1)
    return vector::FMAOp::create(b, vectorize(row, lanes), column, sum);
  SmallVector<Value> arguments{row, column};
  if (packing.weightsInput == 0)
    std::swap(arguments[0], arguments[1]);
  arguments.push_back(sum);
  return evaluateBody(nest.reduction->body(), arguments, lanes, position, point);
}

void BroadcastEmitter::addSteps(const Position &position, ArrayRef<int64_t> extents,
                                ArrayRef<Step> steps, ArrayRef<Point> points, Values &sums) {
  unsigned vectors = countVectors(points), along = packing.groupDim;
  const LinearAccess &access = packedWeights(vectors);
  baseIndex(access, position);
  for (auto [number, step] : llvm::enumerate(steps)) {
    auto part = MutableArrayRef(sums).slice(number % split * points.size(), points.size());
    for (auto [point, sum] : llvm::zip_equal(points, part)) {
      int64_t constant = constantIndex(access, position, step) + point.piece.offset * group;
      Value row = rowFactor(position, point.movedBy(step).delta, step[along], extents[along]);
      Value column =
          columnFactor(access, position, constant, point.piece.offset / strategy.lanes, vectors);
      sum = addProducts(sum, row, column, position, point);
    }
  }
}

std::unique_ptr<KernelEmitter> tflc::makeBroadcast(const KernelTask &task) {
  if (task.strategy.packsColumns())
    return makePackedData(task);
  if (task.strategy.lanes == 1 && task.strategy.columns()->group > 1)
    return makeScalarSums(task);
  if (leavesOutSteps(task.nest, task.strategy))
    return makeSparseBroadcast(task);
  if (pairsColumns(task.nest, task.strategy, task.target))
    return makeColumnPairs(task);
  return std::make_unique<BroadcastEmitter>(task);
}
