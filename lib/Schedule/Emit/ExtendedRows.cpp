//===- ExtendedRows.cpp - blocks of rows in 16 bits -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Where an inner instruction multiplies 16 bit numbers, the bytes of a block of rows are extended
// once for all columns, into a buffer.
//
//===----------------------------------------------------------------------===//

#include "ExtendedRows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

/// Lets the rows of a block be read from the scratch buffer, if there is one. There, each block
/// begins at the first element: the loops around it do not move.
void ExtendedRowsEmitter::beginBlocks(ArrayRef<unsigned> loopsAround) {
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

/// Extends all that the block's rows may read, from the first to the last element, to 16 bits.
void ExtendedRowsEmitter::beginBlock(const Position &position) {
  if (!scratch)
    return;
  const LinearAccess &source = nest.reduction->inputs[1 - packing.weightsInput];
  int64_t perRow = block ? source.coefficients[block->dim] : 0, others = elementsBesideBlock();
  OpFoldResult rowCount = block ? block->count : OpFoldResult(b.getIndexAttr(1));
  int64_t least = others + (getConstantIntValue(rowCount).value_or(1) - 1) * perRow;
  // Without vectors, four words of bytes are extended in one body.
  constexpr unsigned bytesInRegisters = 16;
  unsigned most = target.vectorBits ? target.vectorBits / 16 : bytesInRegisters;
  unsigned lanes = std::min<int64_t>(std::max(1u, most), llvm::bit_floor<uint64_t>(least));

  Position at = position;
  at.scope = ++scopes;
  Value base = baseIndex(source, at);
  int64_t constant = constantIndex(source, at, zeros());
  // The last vector ends with the last element, wherever the one before it ends.
  Value last;
  if (auto count = dyn_cast<Value>(rowCount)) {
    Value elements = arith::MulIOp::create(b, count, arith::ConstantIndexOp::create(b, perRow));
    last = arith::AddIOp::create(b, elements,
                                 arith::ConstantIndexOp::create(b, others - perRow - lanes));
  } else {
    last = arith::ConstantIndexOp::create(b, least - lanes);
  }
  extendRows(base, constant, last, lanes);
}

/// Elements from the first to the last of one row of the loop that is cut into blocks.
int64_t ExtendedRowsEmitter::elementsBesideBlock() const {
  const LinearAccess &source = nest.reduction->inputs[1 - packing.weightsInput];
  int64_t count = 1;
  for (auto [dim, info] : llvm::enumerate(nest.dims))
    if (!(block && dim == block->dim) && widened.coefficients[dim] != 0)
      count += (info.size - 1) * source.coefficients[dim];
  return count;
}

/// Copies vectors of the rows from `base` and `constant` on, up to the one that begins at `last`.
void ExtendedRowsEmitter::extendRows(Value base, int64_t constant, Value last, unsigned lanes) {
  const LinearAccess &source = nest.reduction->inputs[1 - packing.weightsInput];
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
