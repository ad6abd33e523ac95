//===- KernelBytePairs.cpp - products of bytes in pairs -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The loop over the groups of a row runs from one group with large pairs to the next one (see
// BytePairs.h); where these are, stands in a table that is as long as there are such groups.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"
#include "Schedule/Nest/BytePairs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// Tables for emitBytePairs, and what rows of signed bytes, read as x + 128, add to each column.
void KernelEmitter::prepareBytePairs() {
  SmallVector<int32_t> starts{0}, places;
  for (ArrayRef<int32_t> tile : findLargePairs(nest, strategy)) {
    places.append(tile.begin(), tile.end());
    starts.push_back(places.size());
  }
  auto store = [&](ArrayRef<int32_t> values) {
    return pool.get(
        b, b.getLoc(), b.getI32Type(),
        {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(int32_t)});
  };
  if (!places.empty()) {
    largePairs = store(places);
    largePairStarts = store(starts);
  }
  if (areRowsUnsigned())
    return;
  int64_t count = nest.dims[strategy.vectorDim].size;
  SmallVector<int32_t> shifts(llvm::alignTo(count, strategy.lanes), 0);
  for (int64_t column = 0; column < count; ++column) {
    uint32_t sum = 0; // modulo 2^32, like the products
    for (int64_t i = 0, e = nest.dims[strategy.groupDim].size; i < e; ++i)
      sum += weightOf(nest, strategy, column, i);
    shifts[column] = 128 * sum;
  }
  // A constant that the sums begin with becomes another one.
  if (LinearAccess *bias = findConstantBias()) {
    auto values = llvm::to_vector(bias->constant.getValues<int32_t>());
    for (auto [value, shift] : llvm::zip(values, shifts)) // without the rest of a vector
      value = static_cast<uint32_t>(value) - static_cast<uint32_t>(shift);
    bias->constant = DenseElementsAttr::get(RankedTensorType::get({count}, b.getI32Type()),
                                            ArrayRef<int32_t>(values));
    bias->buffer = store(values);
    return;
  }
  shiftOfRows.buffer = store(shifts);
  shiftOfRows.elementType = b.getI32Type();
  shiftOfRows.coefficients.assign(nest.dims.size(), 0);
  shiftOfRows.coefficients[strategy.vectorDim] = 1;
}

/// The constant of each column that a sum begins with, if that is all; otherwise null.
LinearAccess *KernelEmitter::findConstantBias() const {
  if (!nest.init)
    return nullptr;
  Block *body = nest.init->body();
  auto argument = dyn_cast<BlockArgument>(body->getTerminator()->getOperand(0));
  if (!argument || argument.getArgNumber() >= nest.init->inputs.size())
    return nullptr;
  LinearAccess &input = nest.init->inputs[argument.getArgNumber()];
  bool isBias = input.elementType.isInteger(32) && isVectorConstant(input);
  return isBias ? &input : nullptr;
}

SmallVector<Value> KernelEmitter::emitBytePairs(const Position &position, ArrayRef<Point> points,
                                                SmallVector<Value> sums) {
  unsigned dim = strategy.groupDim;
  int64_t size = nest.dims[dim].size, group = strategy.group, full = size / group * group;
  SmallVector<int64_t> step(nest.dims.size(), 0), extents(nest.dims.size(), 1);
  extents[dim] = group;
  auto addGroup = [&](Position at, SmallVector<Value> carried, bool fits) {
    at.scope = ++scopes;
    pairsFit = fits;
    emitContractStep(at, step, extents, points, carried);
    pairsFit = false;
    return carried;
  };
  auto at = [&](Value element) {
    Position inner = position;
    inner.variables[dim] = element;
    return inner;
  };
  Value groupSize = arith::ConstantIndexOp::create(b, group);
  auto addRun = [&](Value lower, Value upper, ValueRange initial) -> SmallVector<Value> {
    auto loop = scf::ForOp::create(b, lower, upper, groupSize, initial);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Value> carried(loop.getRegionIterArgs());
    scf::YieldOp::create(b, addGroup(at(loop.getInductionVar()), std::move(carried), true));
    return llvm::to_vector(ValueRange(loop.getResults()));
  };

  Value lower = arith::ConstantIndexOp::create(b, 0);
  Value upper = arith::ConstantIndexOp::create(b, full);
  if (largePairs) {
    auto read = [&](Value table, Value index) -> Value {
      Value number = memref::LoadOp::create(b, table, index);
      return arith::IndexCastUIOp::create(b, b.getIndexType(), number);
    };
    unsigned columnDim = strategy.vectorDim;
    Value tile =
        arith::ConstantIndexOp::create(b, position.constants[columnDim] / strategy.tile[columnDim]);
    if (Value column = position.variables[columnDim])
      tile = arith::AddIOp::create(
          b, tile,
          arith::DivUIOp::create(b, column,
                                 arith::ConstantIndexOp::create(b, strategy.tile[columnDim])));
    Value one = arith::ConstantIndexOp::create(b, 1);
    Value first = read(largePairStarts, tile);
    Value last = read(largePairStarts, arith::AddIOp::create(b, tile, one));
    SmallVector<Value> initial(sums);
    initial.push_back(lower);
    auto loop = scf::ForOp::create(b, first, last, one, initial);
    {
      OpBuilder::InsertionGuard guard(b);
      b.setInsertionPointToStart(loop.getBody());
      ValueRange carried = loop.getRegionIterArgs();
      Value large = read(largePairs, loop.getInductionVar());
      SmallVector<Value> next = addRun(carried.back(), large, carried.drop_back());
      next = addGroup(at(large), std::move(next), false);
      next.push_back(arith::AddIOp::create(b, large, groupSize));
      scf::YieldOp::create(b, next);
    }
    sums = llvm::to_vector(ValueRange(loop.getResults()).drop_back());
    lower = loop.getResults().back();
  }
  sums = addRun(lower, upper, sums);
  if (full == size)
    return sums;
  Position rest = position;
  rest.constants[dim] = full;
  return addGroup(rest, std::move(sums), false);
}
