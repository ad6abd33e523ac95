//===- PackedData.cpp - contractions whose columns are data ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A product of two activations, as attention has them: neither factor is known when the model is
// compiled. The columns are packed into the kernel's buffer once for all rows that meet them, in
// the order in which constant weights would be stored, and then read as these are.
//
//===----------------------------------------------------------------------===//

#include "BroadcastEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

namespace {

class PackedDataEmitter : public BroadcastEmitter {
public:
  explicit PackedDataEmitter(const KernelTask &task) : BroadcastEmitter(task) {
    weights = task.scratch();
  }

private:
  /// Columns of a tile that are one vector, and where they are packed.
  struct Lanes {
    Value firstColumn;
    int64_t column; ///< behind it
    int64_t count;
    Value target;
  };

  void packWeights() override {} // beginRows does
  void beginRows(const Position &position) override;
  void packTile(Value firstColumn, int64_t numColumns);
  void packStep(Value firstColumn, int64_t numColumns, Value along, unsigned valid);
  void packVector(const Lanes &lanes, Value along, unsigned valid);
  Value loadSlice(const Lanes &lanes, Value along, int64_t element);
  void store(Value value, Value index) {
    if (isa<VectorType>(value.getType()))
      vector::StoreOp::create(b, value, weights, index);
    else
      memref::StoreOp::create(b, value, weights, index);
  }

  Value constant(int64_t value) { return arith::ConstantIndexOp::create(b, value); }
  Value add(Value lhs, Value rhs) { return b.createOrFold<arith::AddIOp>(lhs, rhs); }
  Value scale(Value value, int64_t factor) {
    return b.createOrFold<arith::MulIOp>(value, constant(factor));
  }
  /// Where the element `along` of a column is in memory.
  Value sourceIndex(Value column, Value along) {
    return add(start, add(scale(column, columns->coefficients[strategy.vectorDim]),
                          scale(along, columns->coefficients[packing.groupDim])));
  }
  bool isRunOfColumns() const { return columns->coefficients[strategy.vectorDim] == 1; }
  bool isRunOfElements() const { return columns->coefficients[packing.groupDim] == 1; }

  Value start; ///< of the columns that are being packed
};

} // namespace

void PackedDataEmitter::beginRows(const Position &position) {
  start = index(baseIndex(*columns, position), constantIndex(*columns, position, zeros()));
  int64_t size = nest.dims[strategy.vectorDim].size, tile = strategy.tile[strategy.vectorDim];
  int64_t full = size / tile, rest = size % tile;
  UnitRange range;
  if (isShared(strategy.vectorDim))
    range = shareUnits(full, rest > 0, tile);
  if (full > 0) {
    Value lower = range.lower ? range.lower : constant(0);
    Value upper = range.upper ? range.upper : constant(full * tile);
    auto loop = scf::ForOp::create(b, lower, upper, constant(tile));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    packTile(loop.getInductionVar(), tile);
  }
  if (rest > 0)
    emitRest(range.hasRest, [&] { packTile(constant(full * tile), rest); });
}

void PackedDataEmitter::packTile(Value firstColumn, int64_t numColumns) {
  int64_t depth = nest.dims[packing.groupDim].size, rest = depth % group;
  if (depth > rest) {
    auto loop = scf::ForOp::create(b, constant(0), constant(depth - rest), constant(group));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    packStep(firstColumn, numColumns, loop.getInductionVar(), group);
  }
  if (rest)
    packStep(firstColumn, numColumns, constant(depth - rest), rest);
}

/// One group of each column, of which `valid` elements exist.
void PackedDataEmitter::packStep(Value firstColumn, int64_t numColumns, Value along,
                                 unsigned valid) {
  int64_t depth = llvm::alignTo(nest.dims[packing.groupDim].size, group);
  int64_t lanes = strategy.lanes, perElement = llvm::alignTo(numColumns, lanes);
  Value target = add(scale(firstColumn, depth), scale(along, perElement));
  for (int64_t column = 0; column < numColumns; column += lanes)
    packVector({firstColumn, column, std::min(lanes, numColumns - column),
                add(target, constant(column * group))},
               along, valid);
}

/// Elements number `element` behind `along` of all lanes, which are neighbours in memory.
Value PackedDataEmitter::loadSlice(const Lanes &lanes, Value along, int64_t element) {
  Value at =
      sourceIndex(add(lanes.firstColumn, constant(lanes.column)), add(along, constant(element)));
  return vector::LoadOp::create(b, VectorType::get(lanes.count, columns->elementType),
                                flat(*columns), at);
}

void PackedDataEmitter::packVector(const Lanes &lanes, Value along, unsigned valid) {
  unsigned before = leadingZeros(valid, 0).value_or(0);
  auto exists = [&](unsigned i) { return i >= before && i - before < valid; };
  if (isRunOfColumns() && lanes.count == strategy.lanes) {
    SmallVector<Value> slices;
    for (unsigned i = 0; i < group; ++i)
      slices.push_back(exists(i) ? loadSlice(lanes, along, i - before)
                                 : zero(VectorType::get(strategy.lanes, columns->elementType)));
    // The first half of the slices meets the second one, so that each round keeps their order.
    while (slices.size() > 1) {
      size_t half = slices.size() / 2;
      for (size_t i = 0; i < half; ++i)
        slices[i] = vector::InterleaveOp::create(b, slices[i], slices[i + half]);
      slices.truncate(half);
    }
    return store(slices.front(), lanes.target);
  }
  for (int64_t lane = 0; lane < lanes.count; ++lane) {
    Value column = add(lanes.firstColumn, constant(lanes.column + lane));
    Value target = add(lanes.target, constant(lane * group));
    if (isRunOfElements() && valid == group && group > 1) {
      auto type = VectorType::get(group, columns->elementType);
      store(vector::LoadOp::create(b, type, flat(*columns), sourceIndex(column, along)), target);
      continue;
    }
    for (unsigned i = 0; i < group; ++i) {
      Value at = sourceIndex(column, add(along, constant(int64_t(i) - before)));
      Value element = exists(i) ? memref::LoadOp::create(b, flat(*columns), at).getResult()
                                : zero(columns->elementType);
      store(element, add(target, constant(i)));
    }
  }
}

std::unique_ptr<KernelEmitter> tflc::makePackedData(const KernelTask &task) {
  return std::make_unique<PackedDataEmitter>(task);
}
