//===- KernelTaps.cpp - windows of one channel without vectors ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

/// Two taps that follow each other along the outermost loop of the window become one product of
/// pairs: neighbouring results along the other loops then find the same pair of inputs.
void KernelEmitter::emitTaps(const Position &position, ArrayRef<SmallVector<int64_t>> steps,
                             ArrayRef<Point> points, MutableArrayRef<Value> accumulators) {
  unsigned outer = 0;
  while (!nest.dims[outer].isReduction)
    ++outer;
  auto moved = [](Point point, ArrayRef<int64_t> step) {
    for (auto [delta, by] : llvm::zip_equal(point.delta, step))
      delta += by;
    return point;
  };
  auto pairType = VectorType::get(2, b.getI16Type());
  auto loadPair = [&](const Factor &factor, const Point &first, const Point &second) {
    SmallVector<Value, 2> elements;
    for (const Point *point : {&first, &second}) {
      Value byte = load(nest.reduction->inputs[factor.input], position, *point);
      elements.push_back(factor.isUnsigned()
                             ? arith::ExtUIOp::create(b, b.getI16Type(), byte).getResult()
                             : arith::ExtSIOp::create(b, b.getI16Type(), byte));
    }
    return vector::FromElementsOp::create(b, pairType, elements).getResult();
  };
  for (ArrayRef<int64_t> step : steps) {
    SmallVector<int64_t> next(step);
    ++next[outer];
    bool isPaired = strategy.pairs && (step[outer] | 1) < nest.dims[outer].size;
    if (isPaired && step[outer] % 2 != 0)
      continue; // the second of a pair
    for (auto [accumulator, point] : llvm::zip_equal(accumulators, points)) {
      Point at = moved(point, step);
      if (!isPaired) {
        accumulator = evaluate(*nest.reduction, position, at, accumulator);
        continue;
      }
      Point other = moved(point, next);
      Value lhs = loadPair(product->lhs, at, other);
      Value rhs = loadPair(product->rhs, at, other);
      accumulator = tflrt::DotOp::create(b, accumulator, lhs, rhs, /*lhs_unsigned=*/false);
    }
  }
}
