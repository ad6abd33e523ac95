//===- KernelNarrow.cpp - products of bytes in 16 bits --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Depthwise convolution of bytes: every lane has a sum of its own. Bytes are multiplied in 16 bits,
// and two products are added there, which the strategy has checked to fit. Such words join a sum of
// 32 bits one by one (sign extension), or two at once where the machine multiplies and adds
// neighbouring words (VPMADDWD, here by one): the words of both are interleaved within blocks of
// 128 bits, as the unpacking instructions do, so that the sums are kept in another order until the
// end: the lower halves of all blocks, then the upper halves.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

bool KernelEmitter::joinsWordPairs() const {
  return target.dot == "maddwd" || target.dot == "vnni512" || target.dot == "avxvnni";
}

/// A block of words must be full.
bool KernelEmitter::joinsWordPairs(const Point &point) const {
  return joinsWordPairs() && point.piece.lanes % 8 == 0;
}

/// Where each lane of the other order is in the natural one.
static SmallVector<int64_t> lanesByHalves(int64_t lanes) {
  SmallVector<int64_t> pick;
  for (int64_t half : {0, 4})
    for (int64_t block = 0; block < lanes; block += 8)
      for (int64_t i = 0; i < 4; ++i)
        pick.push_back(block + half + i);
  return pick;
}

Value KernelEmitter::reorderForWordPairs(Value sum, const Point &point, bool back) {
  if (!joinsWordPairs(point) || point.piece.lanes == 8)
    return sum; // one block is in order as it is
  SmallVector<int64_t> pick = lanesByHalves(point.piece.lanes), inverse(pick.size());
  for (auto [to, from] : llvm::enumerate(pick))
    inverse[from] = to;
  return vector::ShuffleOp::create(b, sum, sum, back ? inverse : pick);
}

/// Adds one or two vectors of words to a sum by halves.
Value KernelEmitter::addWordPairs(Value sum, ArrayRef<Value> words) {
  auto type = cast<VectorType>(words[0].getType());
  int64_t lanes = type.getNumElements();
  Value other = words.size() > 1 ? words[1] : zero(type);
  Value ones = arith::ConstantOp::create(b, DenseElementsAttr::get(type, b.getI16IntegerAttr(1)));
  SmallVector<int64_t> order = lanesByHalves(lanes);
  SmallVector<Value, 2> halves;
  for (int64_t half = 0; half < 2; ++half) {
    SmallVector<int64_t> pick;
    for (int64_t lane : ArrayRef(order).slice(half * lanes / 2, lanes / 2))
      pick.append({lane, lanes + lane});
    Value pairs = vector::ShuffleOp::create(b, words[0], other, pick);
    halves.push_back(tflrt::DotOp::create(b, slice(sum, half * lanes / 2, lanes / 2), pairs, ones,
                                          /*lhs_unsigned=*/false));
  }
  return join(halves);
}

/// Adds the products of up to four steps and forgets the steps.
void KernelEmitter::addNarrowProducts(const Position &position,
                                      SmallVectorImpl<SmallVector<int64_t>> &steps,
                                      ArrayRef<Point> points, MutableArrayRef<Value> accumulators) {
  for (auto [accumulator, point] : llvm::zip_equal(accumulators, points)) {
    auto narrow = vectorType(b.getI16Type(), point.piece.lanes);
    SmallVector<Value, 2> words; // sums of two products each
    for (auto [number, step] : llvm::enumerate(steps)) {
      Point at = point;
      for (unsigned d = 0; d < step.size(); ++d)
        at.delta[d] += step[d];
      SmallVector<Value, 2> factors;
      for (const LinearAccess &input : nest.reduction->inputs)
        factors.push_back(arith::ExtSIOp::create(b, narrow, load(input, position, at)));
      Value product = arith::MulIOp::create(b, factors[0], factors[1]);
      if (number % 2 == 0)
        words.push_back(product);
      else
        words.back() = arith::AddIOp::create(b, words.back(), product);
    }
    if (joinsWordPairs(point)) {
      accumulator = addWordPairs(accumulator, words);
      continue;
    }
    for (Value word : words)
      accumulator = arith::AddIOp::create(b, accumulator,
                                          arith::ExtSIOp::create(b, accumulator.getType(), word));
  }
  steps.clear();
}
