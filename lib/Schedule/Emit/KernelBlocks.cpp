//===- KernelBlocks.cpp - blocks of rows of a contraction -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A block of rows meets all columns before the next block begins: it stays in a cache, and where
// the inner instruction multiplies 16 bit numbers, its bytes are extended once for all columns.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

void KernelEmitter::emitBlocks() {
  SmallVector<unsigned> outer(tileOrder.aroundBlocks());
  ArrayRef<unsigned> inner = tileOrder.loops();
  std::optional<unsigned> cut = tileOrder.blockLoop();
  Position position;
  position.variables.resize(nest.dims.size());
  position.constants.assign(nest.dims.size(), 0);
  if (!cut) {
    // One row is the only block.
    readRowsFromScratch(outer);
    return emitBlock(inner, position, SmallVector<int64_t>(nest.dims.size(), 1));
  }
  // The first iteration of a block is a loop variable like any other.
  unsigned start = nest.dims.size();
  int64_t size = nest.dims[*cut].size;
  nest.dims.push_back({size, false});
  nest.forEachAccess(
      [&](LinearAccess &access) { access.coefficients.push_back(access.coefficients[*cut]); });
  position.variables.emplace_back();
  position.constants.push_back(0);
  outer.push_back(start);
  readRowsFromScratch(outer);
  outer.pop_back();

  emitParallelLoops(outer, position, SmallVector<int64_t>(nest.dims.size(), 1),
                    [&](Position at, ArrayRef<int64_t> extents) {
                      int64_t tile = strategy.tile[*cut], count = strategy.block[*cut];
                      int64_t full = size / tile * tile;
                      if (count < full) {
                        Value lower = arith::ConstantIndexOp::create(b, 0);
                        Value upper = arith::ConstantIndexOp::create(b, full);
                        Value step = arith::ConstantIndexOp::create(b, count);
                        auto loop = scf::ForOp::create(b, lower, upper, step);
                        OpBuilder::InsertionGuard guard(b);
                        b.setInsertionPointToStart(loop.getBody());
                        Position first = at;
                        first.variables[start] = loop.getInductionVar();
                        block = {*cut, start, b.getIndexAttr(count)};
                        if (full % count != 0) {
                          Value left = arith::SubIOp::create(b, upper, loop.getInductionVar());
                          block->count = arith::MinSIOp::create(b, step, left).getResult();
                        }
                        emitBlock(inner, first, extents);
                      } else if (full > 0) {
                        block = {*cut, start, b.getIndexAttr(full)};
                        emitBlock(inner, at, extents);
                      }
                      if (full < size) {
                        at.constants[start] = full;
                        block = {*cut, start, b.getIndexAttr(size - full)};
                        emitBlock(inner, at, extents);
                      }
                    });
}

/// Lets the rows of a block be read from the scratch buffer, if there is one. There, each block
/// begins at the first element: the loops around it do not move.
void KernelEmitter::readRowsFromScratch(ArrayRef<unsigned> loopsAround) {
  if (!scratch)
    return;
  widened = *rows;
  widened.buffer = scratch;
  widened.elementType = b.getI16Type();
  widened.offset = 0;
  widened.startsAtRunTime = false;
  for (unsigned dim : loopsAround)
    widened.coefficients[dim] = 0;
  rows = &widened;
}

void KernelEmitter::emitBlock(ArrayRef<unsigned> order, const Position &position,
                              ArrayRef<int64_t> extents) {
  if (scratch)
    widenRows(position);
  emitTiles(order, position, extents);
}

/// Extends all that the block's rows may read, from the first to the last element, to 16 bits.
void KernelEmitter::widenRows(const Position &position) {
  const LinearAccess &source = nest.reduction->inputs[1 - strategy.weightsInput];
  int64_t perRow = block ? source.coefficients[block->dim] : 0;
  int64_t others = 1; // elements from the first to the last of one row of the cut loop
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!(block && dim == block->dim) && widened.coefficients[dim] != 0)
      others += (info.size - 1) * source.coefficients[dim];
  OpFoldResult rowCount = block ? block->count : OpFoldResult(b.getIndexAttr(1));
  int64_t least = others + (getConstantIntValue(rowCount).value_or(1) - 1) * perRow;
  unsigned lanes =
      std::min<int64_t>(std::max(1u, target.vectorBits / 16), llvm::bit_floor<uint64_t>(least));

  Position at = position;
  at.scope = ++scopes;
  SmallVector<int64_t> none(nest.dims.size(), 0);
  Value base = baseIndex(source, at);
  int64_t constant = constantIndex(source, at, none);
  bool isUnsigned = areRowsUnsigned();
  auto copy = [&](Value index) {
    Value from = base ? arith::AddIOp::create(b, base, index).getResult() : index;
    if (constant != 0)
      from = arith::AddIOp::create(b, from, arith::ConstantIndexOp::create(b, constant));
    auto type = VectorType::get(lanes, source.elementType), wide = type.clone(b.getI16Type());
    Value bytes = vector::LoadOp::create(b, type, flat(source), from);
    Value words = isUnsigned ? arith::ExtUIOp::create(b, wide, bytes).getResult()
                             : arith::ExtSIOp::create(b, wide, bytes).getResult();
    vector::StoreOp::create(b, words, scratch, index);
  };
  // The last vector ends with the last element, wherever the one before it ends.
  Value last;
  if (auto count = dyn_cast<Value>(rowCount)) {
    Value rows = arith::MulIOp::create(b, count, arith::ConstantIndexOp::create(b, perRow));
    last =
        arith::AddIOp::create(b, rows, arith::ConstantIndexOp::create(b, others - perRow - lanes));
  } else {
    last = arith::ConstantIndexOp::create(b, least - lanes);
  }
  Value lower = arith::ConstantIndexOp::create(b, 0);
  Value step = arith::ConstantIndexOp::create(b, lanes);
  auto loop = scf::ForOp::create(b, lower, last, step);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    copy(loop.getInductionVar());
  }
  copy(last);
}
