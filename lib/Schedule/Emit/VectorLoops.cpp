//===- VectorLoops.cpp - vectors along a parallel loop --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Elementwise kernels, and reductions whose results are neighbours in memory: each lane has a
// result of its own, and the loops of a reduction are loops around vectors. KernelEmitter says how;
// nothing is left to say.
//
//===----------------------------------------------------------------------===//

#include "Forms.h"

using namespace mlir;
using namespace tflc;

namespace {
class VectorLoopsEmitter final : public KernelEmitter {
public:
  explicit VectorLoopsEmitter(const KernelTask &task) : KernelEmitter(task) {}
};
} // namespace

std::unique_ptr<KernelEmitter> tflc::makeVectorLoops(const KernelTask &task) {
  return std::make_unique<VectorLoopsEmitter>(task);
}
