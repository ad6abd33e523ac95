//===- AlternateLanes.cpp - words that are extended lane by second lane ---===//
//
// Part of tflc, under the Apache License 2.0.
//
// VMOVLB extends the even lanes of a vector of words, VMOVLT the odd ones; to have them in order,
// MVE would write them to memory and read them back. So a sum has the even lanes first, then the
// odd ones. VMOVNB and VMOVNT put the results in order as they narrow them.
//
//===----------------------------------------------------------------------===//

#include "OrderedSums.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <array>

using namespace mlir;
using namespace tflc;

namespace {
class AlternateLanesEmitter final : public OrderedSumsEmitter {
public:
  using OrderedSumsEmitter::OrderedSumsEmitter;

private:
  SmallVector<int64_t> orderOfSums(int64_t lanes) const override;
  void addSteps(const Position &position, ArrayRef<int64_t> extents, ArrayRef<Step> steps,
                ArrayRef<Point> points, Values &sums) override;
  Value addWord(Value sum, Value word) override;
  Value inMemoryOrder(Value results, unsigned lanes) override;

  bool isOrdered = false; ///< the sums that are being added to
};
} // namespace

SmallVector<int64_t> AlternateLanesEmitter::orderOfSums(int64_t lanes) const {
  SmallVector<int64_t> order;
  for (int64_t first : {0, 1})
    for (int64_t lane = first; lane < lanes; lane += 2)
      order.push_back(lane);
  return order;
}

void AlternateLanesEmitter::addSteps(const Position &position, ArrayRef<int64_t> extents,
                                     ArrayRef<Step> steps, ArrayRef<Point> points, Values &sums) {
  isOrdered = areBlocksFull(points);
  OrderedSumsEmitter::addSteps(position, extents, steps, points, sums);
}

Value AlternateLanesEmitter::addWord(Value sum, Value word) {
  if (!isOrdered)
    return OrderedSumsEmitter::addWord(sum, word);
  int64_t lanes = cast<VectorType>(word.getType()).getNumElements(), half = lanes / 2;
  SmallVector<int64_t> order = orderOfSums(lanes);
  std::array<Value, 2> sums;
  for (int64_t i : {0, 1}) {
    Value words = vector::ShuffleOp::create(b, word, word, ArrayRef(order).slice(i * half, half));
    Value part = slice(sum, i * half, half);
    sums[i] = arith::AddIOp::create(b, part, extend(part.getType(), words));
  }
  return join(sums);
}

/// Bytes go through words, in which the lanes meet.
Value AlternateLanesEmitter::inMemoryOrder(Value results, unsigned lanes) {
  auto narrowed = results.getDefiningOp<arith::TruncIOp>();
  auto type = dyn_cast<VectorType>(results.getType());
  if (!keepsOrder || !narrowed || !type || !type.getElementType().isInteger(8) ||
      !getElementTypeOrSelf(narrowed.getIn()).isInteger(32))
    return OrderedSumsEmitter::inMemoryOrder(results, lanes);
  Value ordered = reorder(narrowed.getIn(), lanes, /*back=*/true);
  Value words = arith::TruncIOp::create(b, type.clone(b.getI16Type()), ordered);
  return arith::TruncIOp::create(b, type, words);
}

std::unique_ptr<KernelEmitter> tflc::makeAlternateLanes(const KernelTask &task) {
  return std::make_unique<AlternateLanesEmitter>(task);
}
