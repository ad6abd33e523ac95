//===- TileRegisters.cpp - what AMX's tile registers hold -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TileRegisters.h"

#include "RegisterTile.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

RegisterLoops tflc::findRegisterLoops(const LoopNest &nest, const Strategy &strategy) {
  RegisterLoops loops;
  SmallVector<unsigned> dims = findRowLoops(nest, strategy);
  if (dims.empty())
    return loops;
  loops.row = dims[0];
  if (dims.size() == 1)
    return loops;
  const LinearAccess &rows = nest.reduction->inputs[1 - strategy.columns()->weightsInput];
  int64_t step = rows.coefficients[dims[0]], line = rows.coefficients[dims[1]];
  if (step > 0 && line > 0 && line % step == 0) {
    loops.line = dims[1];
    loops.pitch = line / step;
  }
  return loops;
}

int64_t tflc::choosePartBytes(int64_t run) {
  for (int64_t count = 1;; ++count) {
    int64_t bytes = llvm::alignTo(llvm::divideCeil(run, count), 4);
    if (bytes <= std::min(run, registerBytes))
      return bytes;
  }
}
