//===- OrderedSums.cpp - sums in another order than memory's --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "OrderedSums.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

static constexpr unsigned wordsInBlock = 8;

bool OrderedSumsEmitter::areBlocksFull(ArrayRef<Piece> pieces) {
  return llvm::all_of(pieces, [](const Piece &piece) { return piece.lanes % wordsInBlock == 0; });
}
bool OrderedSumsEmitter::areBlocksFull(ArrayRef<Point> points) {
  return llvm::all_of(points,
                      [](const Point &point) { return point.piece.lanes % wordsInBlock == 0; });
}

Value OrderedSumsEmitter::reorder(Value vector, int64_t lanes, bool back) {
  SmallVector<int64_t> order = orderOfSums(lanes);
  if (llvm::is_sorted(order))
    return vector;
  if (back) {
    SmallVector<int64_t> inverse(order.size());
    for (auto [to, from] : llvm::enumerate(order))
      inverse[from] = to;
    order = std::move(inverse);
  }
  SmallVector<int64_t> pick;
  int64_t all = cast<VectorType>(vector.getType()).getNumElements();
  for (int64_t start = 0; start < all; start += lanes)
    for (int64_t lane : order)
      pick.push_back(start + lane);
  return vector::ShuffleOp::create(b, vector, vector, pick);
}

void OrderedSumsEmitter::reorder(MutableArrayRef<Value> sums, ArrayRef<Point> points, bool back) {
  if (!areBlocksFull(points) || keepsOrder)
    return;
  for (auto [sum, point] : llvm::zip_equal(sums, points))
    sum = reorder(sum, point.piece.lanes, back);
}

KernelEmitter::Values OrderedSumsEmitter::startSums(ArrayRef<Value> initial,
                                                    ArrayRef<Point> points) {
  Values sums(initial);
  reorder(sums, points, /*back=*/false);
  return sums;
}

KernelEmitter::Values OrderedSumsEmitter::finishSums(ArrayRef<Point> points, ArrayRef<Value>,
                                                     Values sums) {
  reorder(sums, points, /*back=*/true);
  return sums;
}

/// Whether all lanes of a vector are the same.
static bool isUniform(Value vector) {
  DenseElementsAttr constant;
  return vector.getDefiningOp<vector::BroadcastOp>() ||
         (matchPattern(vector, m_Constant(&constant)) && constant.isSplat());
}

/// Looks through what is done to each byte by itself at the narrowing that made it; null where
/// something else joins.
static arith::TruncIOp findNarrowing(Value bytes) {
  while (Operation *op = bytes.getDefiningOp()) {
    if (auto narrowing = dyn_cast<arith::TruncIOp>(op))
      return narrowing;
    bool isAlone = isa<tflrt::LookupOp>(op) ||
                   (isa<arith::XOrIOp, arith::AddIOp, arith::MaxSIOp, arith::MinSIOp>(op) &&
                    isUniform(op->getOperand(1)));
    if (!isAlone)
      return nullptr;
    bytes = op->getOperand(0);
  }
  return nullptr;
}

/// Bytes are put in order where they are made, as instructions that pack vectors do so by
/// themselves.
Value OrderedSumsEmitter::inMemoryOrder(Value results, unsigned lanes) {
  if (!keepsOrder)
    return results;
  arith::TruncIOp narrowing = findNarrowing(results);
  if (!narrowing || narrowing == results.getDefiningOp() || !isa<VectorType>(narrowing.getType()))
    return reorder(vectorize(results, lanes), lanes, /*back=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointAfter(narrowing);
  Value ordered = reorder(narrowing, lanes, /*back=*/true);
  narrowing.getResult().replaceAllUsesExcept(ordered, ordered.getDefiningOp());
  return results;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

SmallVector<Piece> OrderedSumsEmitter::allPieces() const {
  SmallVector<Piece> pieces;
  int64_t size = nest.dims[strategy.vectorDim].size, tile = strategy.tile[strategy.vectorDim];
  int64_t lanes = strategy.lanes;
  for (int64_t start = 0; start < size; start += tile) {
    int64_t end = std::min(start + tile, size);
    for (int64_t at = start; at < end; at += lanes)
      llvm::append_range(pieces, piecesOfVector(at, std::min(lanes, end - at)));
  }
  return pieces;
}

/// Puts what joins the sums in their order, if all of it is constant.
void OrderedSumsEmitter::prepareConstants() {
  SmallVector<Piece> pieces = allPieces();
  if (!areBlocksFull(pieces))
    return;
  std::optional<SmallVector<LinearAccess *>> constants = joiningConstants();
  keepsOrder = constants.has_value();
  if (keepsOrder)
    for (LinearAccess *access : *constants)
      orderConstants(*access, pieces);
}

/// The vectors of constants that join the sums before and behind the window; none where something
/// else does.
std::optional<SmallVector<LinearAccess *>> OrderedSumsEmitter::joiningConstants() {
  if (!nest.epilogue || !nest.init || nest.epilogue->op.getNumReductionLoops() > 0 ||
      !nest.epilogue->op.getBlock()->getArguments().back().use_empty())
    return std::nullopt;
  SmallVector<LinearAccess *> constants;
  for (Stage *stage : {&*nest.init, &*nest.epilogue})
    for (auto [input, isAccumulator] : llvm::zip_equal(stage->inputs, stage->readsAccumulator)) {
      if (isAccumulator || input.scalar || (input.constant && input.constant.isSplat()))
        continue;
      if (!isVectorConstant(input))
        return std::nullopt;
      constants.push_back(&input);
    }
  return constants;
}

void OrderedSumsEmitter::orderConstants(LinearAccess &access, ArrayRef<Piece> pieces) {
  ArrayRef<char> source = access.constant.getRawData();
  int64_t bytes = access.elementType.getIntOrFloatBitWidth() / 8;
  std::vector<char> ordered;
  for (const Piece &piece : pieces)
    for (int64_t lane : orderOfSums(piece.lanes)) {
      ArrayRef<char> element = source.slice((piece.offset + lane) * bytes, bytes);
      ordered.insert(ordered.end(), element.begin(), element.end());
    }
  access.buffer = pool.get(b, b.getLoc(), access.elementType, ordered);
  access.constant = DenseElementsAttr::getFromRawBuffer(access.constant.getType(), ordered);
}
