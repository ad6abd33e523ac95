//===- LiveBytes.cpp - memory that is in use in each step -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LiveBytes.h"

#include "ArenaBuffers.h"
#include "InPlace.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace tflc;

/// Whether a reduction in `step` touches `buffer`.
static bool isInWindow(Operation *step, Value buffer) {
  bool found = false;
  step->walk([&](linalg::LinalgOp op) {
    found |= op.getNumReductionLoops() > 0 && llvm::any_of(op->getOperands(), [&](Value operand) {
               return isa<MemRefType>(operand.getType()) && findBaseBuffer(operand) == buffer;
             });
  });
  return found;
}

LiveBytes::LiveBytes(FunctionOpInterface function) : tree(function.getFunctionBody().front()) {
  int64_t numSteps = tree.steps().size();
  SmallVector<int64_t> begins(numSteps, 0), ends(numSteps, 0), overwritable(numSteps, 0);
  for (Block *block : tree.blocks())
    for (auto alloc : block->getOps<memref::AllocOp>()) {
      StepRange life = tree.lifetimeOf(alloc);
      if (!alloc.getType().hasStaticShape() || life.isEmpty())
        continue;
      int64_t size = sizeInBytes(alloc.getType());
      begins[life.first] += size;
      ends[life.last] += size;
      Operation *last = tree.steps()[life.last];
      if (!isInWindow(last, alloc) && !tree.isRepeatedSince(last, alloc))
        overwritable[life.last] += size;
    }
  int64_t sum = 0;
  for (auto [i, step] : llvm::enumerate(tree.steps())) {
    sum += begins[i];
    bytes.push_back(sum);
    if (isa<tflrt::KernelOp>(step))
      bytes.back() -= std::min(begins[i], overwritable[i]);
    largest = std::max(largest, bytes.back());
    sum -= ends[i];
  }
}
