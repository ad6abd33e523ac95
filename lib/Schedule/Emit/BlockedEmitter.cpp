//===- BlockedEmitter.cpp - contractions by blocks of rows ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "BlockedEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace tflc;

KernelEmitter::LoopParts BlockedEmitter::partsOf(unsigned dim) const {
  if (!block || block->dim != dim)
    return ContractionEmitter::partsOf(dim);
  if (std::optional<int64_t> count = getConstantIntValue(block->count))
    return {TileRuns(*count, strategy.tile[dim]), nullptr};
  LoopParts parts = ContractionEmitter::partsOf(dim);
  parts.count = cast<Value>(block->count);
  parts.rest = 0;
  return parts;
}

void BlockedEmitter::emitLoops() {
  if (strategy.block().empty())
    return ContractionEmitter::emitLoops();
  SmallVector<unsigned> outer(tileOrder.aroundBlocks());
  std::optional<unsigned> cut = tileOrder.blockLoop();
  if (!cut) {
    // One row is the only block.
    beginBlocks(outer);
    beginRows(Position(nest.dims.size()));
    return emitBlock(Position(nest.dims.size()), SmallVector<int64_t>(nest.dims.size(), 1));
  }
  // The first iteration of a block is a loop variable like any other.
  unsigned start = nest.dims.size();
  nest.dims.push_back({nest.dims[*cut].size, false});
  nest.forEachAccess(
      [&](LinearAccess &access) { access.coefficients.push_back(access.coefficients[*cut]); });
  outer.push_back(start);
  beginBlocks(outer);
  outer.pop_back();
  emitParallelLoops(outer, Position(nest.dims.size()), SmallVector<int64_t>(nest.dims.size(), 1),
                    [&](const Position &at, ArrayRef<int64_t> extents) {
                      beginRows(at);
                      cutLoop(at, extents, *cut, start);
                    });
}

/// The blocks of one loop: a loop over those of whole tiles, and one for the rest.
void BlockedEmitter::cutLoop(Position at, ArrayRef<int64_t> extents, unsigned dim, unsigned start) {
  int64_t size = nest.dims[dim].size, tile = strategy.tile[dim], count = strategy.block()[dim];
  int64_t full = size / tile * tile;
  UnitRange range;
  if (isShared(dim))
    range = shareUnits(llvm::divideCeil(full, count), full < size, count);
  if (count < full) {
    Value lower = range.lower ? range.lower : arith::ConstantIndexOp::create(b, 0).getResult();
    Value upper = arith::ConstantIndexOp::create(b, full);
    Value step = arith::ConstantIndexOp::create(b, count);
    Value end = range.upper ? arith::MinUIOp::create(b, range.upper, upper).getResult() : upper;
    auto loop = scf::ForOp::create(b, lower, end, step);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    Position first = at;
    first.variables[start] = loop.getInductionVar();
    block = {dim, start, b.getIndexAttr(count)};
    if (full % count != 0) {
      Value left = arith::SubIOp::create(b, upper, loop.getInductionVar());
      block->count = arith::MinSIOp::create(b, step, left).getResult();
    }
    emitBlock(first, extents);
  } else if (full > 0) {
    block = {dim, start, b.getIndexAttr(full)};
    emitBlock(at, extents);
  }
  if (full < size)
    emitRest(range.hasRest, [&] {
      at.constants[start] = full;
      block = {dim, start, b.getIndexAttr(size - full)};
      emitBlock(at, extents);
    });
}

void BlockedEmitter::emitBlock(const Position &position, ArrayRef<int64_t> extents) {
  beginBlock(position);
  emitTiles(tileOrder.loops(), position, extents);
}
