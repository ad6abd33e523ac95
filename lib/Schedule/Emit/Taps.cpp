//===- Taps.cpp - windows of one channel without vectors ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The loop over channels is the outermost, so that the weights and the rescaling of a channel stay
// in registers while its plane is walked. Two taps that follow each other along the outermost loop
// of the window become one product of pairs: neighbouring results along the other loops then find
// the same pair of inputs.
//
//===----------------------------------------------------------------------===//

#include "Forms.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

namespace {
class TapsEmitter final : public KernelEmitter {
public:
  explicit TapsEmitter(const KernelTask &task)
      : KernelEmitter(task), inPairs(strategy.as<Taps>()->pairs) {
    keepsColumnConstants = true;
  }

private:
  void addSteps(const Position &position, ArrayRef<int64_t> extents, ArrayRef<Step> steps,
                ArrayRef<Point> points, Values &sums) override;
  Value loadPair(const Factor &factor, const Position &position, const Point &first,
                 const Point &second);

  bool inPairs;
};
} // namespace

/// Two elements of a factor in 16 bits.
Value TapsEmitter::loadPair(const Factor &factor, const Position &position, const Point &first,
                            const Point &second) {
  SmallVector<Value, 2> elements;
  for (const Point *point : {&first, &second}) {
    Value element = load(nest.reduction->inputs[factor.input], position, *point);
    if (element.getType().isInteger(8))
      element = factor.isUnsigned() ? arith::ExtUIOp::create(b, b.getI16Type(), element).getResult()
                                    : arith::ExtSIOp::create(b, b.getI16Type(), element);
    elements.push_back(element);
  }
  return vector::FromElementsOp::create(b, VectorType::get(2, b.getI16Type()), elements);
}

void TapsEmitter::addSteps(const Position &position, ArrayRef<int64_t>, ArrayRef<Step> steps,
                           ArrayRef<Point> points, Values &sums) {
  unsigned outer = reductionLoops().front();
  for (const Step &step : steps) {
    Step next = step;
    ++next[outer];
    bool isPaired = inPairs && (step[outer] | 1) < nest.dims[outer].size;
    if (isPaired && step[outer] % 2 != 0)
      continue; // the second of a pair
    for (auto [sum, point] : llvm::zip_equal(sums, points)) {
      Point at = point.movedBy(step), other = point.movedBy(next);
      if (!isPaired) {
        sum = evaluate(*nest.reduction, position, at, sum);
        continue;
      }
      Value lhs = loadPair(product->lhs, position, at, other);
      Value rhs = loadPair(product->rhs, position, at, other);
      sum = tflrt::DotOp::create(b, sum, lhs, rhs, /*lhs_unsigned=*/false);
    }
  }
}

std::unique_ptr<KernelEmitter> tflc::makeTaps(const KernelTask &task) {
  return std::make_unique<TapsEmitter>(task);
}
