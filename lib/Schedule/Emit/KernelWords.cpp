//===- KernelWords.cpp - products of the DSP extension --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A run along the reduction is one loop over words of four bytes, which one op stands for.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

/// The address of an element, as a word.
Value KernelEmitter::addressOf(Value buffer, Value base, int64_t constant) {
  Value pointer = memref::ExtractAlignedPointerAsIndexOp::create(b, buffer);
  Value offset = index(base, constant);
  return arith::IndexCastOp::create(b, b.getI32Type(),
                                    arith::AddIOp::create(b, pointer, offset).getResult());
}

/// Runs whose words are few go into one loop around them, so that the tile's registers are set up
/// once.
bool KernelEmitter::takesRunsTogether(ArrayRef<unsigned> order) const {
  if (!strategy.words || order.size() != 2 || order[1] != strategy.groupDim)
    return false;
  int64_t groups = nest.dims[order[1]].size / strategy.group;
  int64_t step = rows->coefficients[order[0]] - groups * strategy.group;
  return groups * strategy.group == strategy.tile[order[1]] && std::abs(step) < 4096;
}

SmallVector<Value> KernelEmitter::emitWordRuns(ArrayRef<unsigned> order, Position position,
                                               ArrayRef<Point> points,
                                               SmallVector<Value> accumulators) {
  unsigned dim = strategy.groupDim;
  unsigned tileColumns = points.back().piece.offset + 1; // of one lane each
  const LinearAccess &columnAccess = packedWeights(tileColumns);
  SmallVector<int64_t> zeros(nest.dims.size(), 0);

  int64_t rowStart = constantIndex(*rows, position, points.front().delta);
  SmallVector<int64_t> rowOffsets;
  for (unsigned i = 0; i < points.size(); i += tileColumns)
    rowOffsets.push_back(constantIndex(*rows, position, points[i].delta) - rowStart);

  int64_t groups = nest.dims[dim].size / strategy.group, runs = 1, step = 0;
  if (order.size() == 2) {
    runs = nest.dims[order[0]].size;
    step = rows->coefficients[order[0]] - groups * strategy.group;
  }
  Value rowAddress = addressOf(flat(*rows), baseIndex(*rows, position), rowStart);
  Value weightAddress = addressOf(weights, baseIndex(columnAccess, position),
                                  constantIndex(columnAccess, position, zeros));
  auto products = tflrt::WordProductsOp::create(
      b, SmallVector<Type>(accumulators.size(), b.getI32Type()), rowAddress, weightAddress,
      accumulators, rowOffsets, tileColumns, groups, strategy.tile[dim] / strategy.group,
      nest.dims[dim].size % strategy.group, runs, step, areRowsUnsigned());
  return SmallVector<Value>(products.getResults());
}
