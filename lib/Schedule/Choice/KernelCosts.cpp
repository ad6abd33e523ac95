//===- KernelCosts.cpp - what runs without a form, and for how long -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelCosts.h"

#include "Schedule/Nest/Contraction.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace tflc;

/// Shorter loops are no loss that a user could notice.
static constexpr double leastCycles = 20000;

/// Functions are polynomials of some degree, and divisions take as long.
static double countCycles(Operation &op) {
  if (isa<math::ExpOp, math::TanhOp, math::ErfOp, math::LogOp, math::Log1pOp, math::ExpM1Op,
          math::SinOp, math::CosOp, math::PowFOp>(op))
    return 20;
  return isa<arith::DivFOp, math::SqrtOp, math::RsqrtOp>(op) ? 8 : 1;
}

/// What the ops of each iteration take, on so many lanes at once. Unknown sizes count as one.
static double countCycles(tflrt::KernelOp kernel, unsigned lanes) {
  double cycles = 0;
  for (auto op : kernel.getBody().front().getOps<linalg::LinalgOp>()) {
    double iterations = 1, body = 0;
    for (Operation &inner : *op.getBlock())
      body += countCycles(inner);
    for (int64_t size : op.getStaticLoopRanges())
      iterations *= ShapedType::isDynamic(size) ? 1 : size;
    cycles += iterations * body / lanes;
  }
  return cycles;
}

double tflc::estimateCycles(tflrt::KernelOp kernel, const Choice &choice) {
  return choice.cycles > 0 ? choice.cycles : countCycles(kernel, choice.strategy.lanes);
}

void KernelCosts::add(tflrt::KernelOp kernel, const Choice &choice) {
  total += estimateCycles(kernel, choice);
}

void KernelCosts::addPlain(tflrt::KernelOp kernel) {
  PlainKernel entry{kernel.getLoc(), "an access is not linear", countCycles(kernel, 1), false};
  for (auto op : kernel.getBody().front().getOps<linalg::LinalgOp>()) {
    entry.isContraction |= op.getNumReductionLoops() > 0 && op.getNumDpsInits() == 1 &&
                           matchProductSum(op.getBlock()).has_value();
    if (op.hasDynamicShape())
      entry.reason = "a shape is known only when the model runs";
  }
  total += entry.cycles;
  plain.push_back(entry);
}

void KernelCosts::warn() const {
  llvm::MapVector<StringRef, SmallVector<const PlainKernel *>> byReason;
  for (const PlainKernel &kernel : plain)
    if (kernel.isContraction || kernel.cycles >= std::max(leastCycles, total / 100))
      byReason[kernel.reason].push_back(&kernel);
  for (auto &[reason, kernels] : byReason) {
    const PlainKernel *slowest = *llvm::max_element(
        kernels, [](const PlainKernel *a, const PlainKernel *b) { return a->cycles < b->cycles; });
    InFlightDiagnostic warning = emitWarning(slowest->location)
                                 << "runs as plain loops without vectors: " << reason;
    if (kernels.size() > 1)
      warning.attachNote() << "so do " << kernels.size() - 1 << " other steps";
  }
}
