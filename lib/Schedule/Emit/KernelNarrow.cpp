//===- KernelNarrow.cpp - products of bytes in 16 bits --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Depthwise convolution of bytes: every lane has a sum of its own. Where the machine multiplies
// neighbouring words and adds both products (VPMADDWD), two taps join a sum at once
// (KernelTapPairs.cpp): words are interleaved within blocks of 128 bits, as the unpacking
// instructions do, and sums are kept in that order: the lower halves of all blocks, then the upper
// halves. Where only constants join them behind the window, the results stay so until they are
// stored, and the constants come in the same order.
//
// Elsewhere bytes are multiplied in 16 bits, and two products are added there, which the strategy
// has checked to fit. Such words join a sum of 32 bits one by one (sign extension).
//
// Bytes that are not multiplied, those of a mean, are added in 16 bits everywhere, up to 256 of
// them.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

/// Blocks of words must be full.
bool KernelEmitter::joinsWordPairs(ArrayRef<Piece> pieces) const {
  return strategy.narrow && target.instructions.dot->addsWordPairs() &&
         !matchAddedByte(nest.reduction->body()) &&
         llvm::all_of(pieces, [](const Piece &piece) { return piece.lanes % 8 == 0; });
}

bool KernelEmitter::joinsWordPairs(ArrayRef<Point> points) const {
  SmallVector<Piece> pieces;
  for (const Point &point : points)
    pieces.push_back(point.piece);
  return joinsWordPairs(pieces);
}

SmallVector<int64_t> KernelEmitter::lanesByHalves(int64_t lanes, bool back) {
  SmallVector<int64_t> pick;
  for (int64_t half : {0, 4})
    for (int64_t block = 0; block < lanes; block += 8)
      for (int64_t i = 0; i < 4; ++i)
        pick.push_back(block + half + i);
  if (!back)
    return pick;
  SmallVector<int64_t> inverse(pick.size());
  for (auto [to, from] : llvm::enumerate(pick))
    inverse[from] = to;
  return inverse;
}

/// A vector of several times `lanes` lanes in the other order, or the natural one.
Value KernelEmitter::reorderHalves(Value vector, int64_t lanes, bool back) {
  if (lanes == 8)
    return vector; // one block is in order as it is
  SmallVector<int64_t> pick;
  int64_t all = cast<VectorType>(vector.getType()).getNumElements();
  for (int64_t start = 0; start < all; start += lanes)
    for (int64_t lane : lanesByHalves(lanes, back))
      pick.push_back(start + lane);
  return vector::ShuffleOp::create(b, vector, vector, pick);
}

void KernelEmitter::reorderForWordPairs(MutableArrayRef<Value> sums, ArrayRef<Point> points,
                                        bool back) {
  if (!joinsWordPairs(points) || keepsHalves)
    return;
  for (auto [sum, point] : llvm::zip_equal(sums, points))
    sum = reorderHalves(sum, point.piece.lanes, back);
}

/// A constant that has one element for each iteration of the vector loop.
bool KernelEmitter::isVectorConstant(const LinearAccess &access) const {
  if (!access.constant || access.constant.getNumElements() != nest.dims[strategy.vectorDim].size ||
      access.offset != 0)
    return false;
  for (auto [dim, coefficient] : llvm::enumerate(access.coefficients))
    if (coefficient != (dim == strategy.vectorDim ? 1 : 0))
      return false;
  return true;
}

/// Puts what joins the sums in their order, if all of it is constant.
void KernelEmitter::prepareWordPairs() {
  SmallVector<Piece> pieces = piecesOf(nest.dims[strategy.vectorDim].size);
  if (!joinsWordPairs(pieces))
    return;
  packTapPairs(pieces);
  if (!nest.epilogue || !nest.init || nest.epilogue->op.getNumReductionLoops() > 0 ||
      !nest.epilogue->op.getBlock()->getArguments().back().use_empty())
    return;
  SmallVector<LinearAccess *> constants;
  for (Stage *stage : {&*nest.init, &*nest.epilogue})
    for (auto [input, isAccumulator] : llvm::zip_equal(stage->inputs, stage->readsAccumulator)) {
      if (isAccumulator || input.scalar || (input.constant && input.constant.isSplat()))
        continue;
      if (!isVectorConstant(input))
        return;
      constants.push_back(&input);
    }
  keepsHalves = true;
  for (LinearAccess *access : constants) {
    ArrayRef<char> source = access->constant.getRawData();
    int64_t bytes = access->elementType.getIntOrFloatBitWidth() / 8;
    std::vector<char> ordered;
    for (const Piece &piece : pieces)
      for (int64_t lane : lanesByHalves(piece.lanes, /*back=*/false)) {
        ArrayRef<char> element = source.slice((piece.offset + lane) * bytes, bytes);
        ordered.insert(ordered.end(), element.begin(), element.end());
      }
    access->buffer = pool.get(b, b.getLoc(), access->elementType, ordered);
    access->constant = DenseElementsAttr::getFromRawBuffer(access->constant.getType(), ordered);
  }
}

/// Adds the products of all steps, or the bytes themselves, to the sums of `points`.
void KernelEmitter::addNarrowProducts(const Position &position,
                                      ArrayRef<SmallVector<int64_t>> steps, ArrayRef<Point> points,
                                      MutableArrayRef<Value> accumulators) {
  if (joinsWordPairs(points))
    return addTapPairs(position, steps, points, accumulators);
  auto sum = matchAddedByte(nest.reduction->body());
  auto extend = [&](Type type, Value value) -> Value {
    if (sum && sum->isUnsigned)
      return arith::ExtUIOp::create(b, type, value);
    return arith::ExtSIOp::create(b, type, value);
  };
  ArrayRef<LinearAccess> inputs = nest.reduction->inputs;
  if (sum)
    inputs = inputs.slice(sum->input, 1);
  for (size_t most = sum ? bytesInWord : 2; !steps.empty();
       steps = steps.drop_front(std::min(most, steps.size())))
    for (auto [accumulator, point] : llvm::zip_equal(accumulators, points)) {
      auto narrow = vectorType(b.getI16Type(), point.piece.lanes);
      Value word; // the sum of two products, or of more bytes
      for (const SmallVector<int64_t> &step : steps.take_front(std::min(most, steps.size()))) {
        Point at = point;
        for (unsigned d = 0; d < step.size(); ++d)
          at.delta[d] += step[d];
        Value product;
        for (const LinearAccess &input : inputs) {
          Value factor = extend(narrow, vectorize(load(input, position, at), point.piece.lanes));
          product = product ? arith::MulIOp::create(b, product, factor).getResult() : factor;
        }
        word = word ? arith::AddIOp::create(b, word, product).getResult() : product;
      }
      accumulator = arith::AddIOp::create(b, accumulator, extend(accumulator.getType(), word));
    }
}
