//===- Forms.cpp - one emitter for each form ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Forms.h"

using namespace mlir;
using namespace tflc;

namespace {
using Maker = std::unique_ptr<KernelEmitter> (*)(const KernelTask &);

struct MakerOf {
  Maker operator()(const VectorLoops &) const { return makeVectorLoops; }
  Maker operator()(const NarrowLoops &) const { return makeNarrowLoops; }
  Maker operator()(const TapQuads &) const { return makeTapQuads; }
  Maker operator()(const Taps &) const { return makeTaps; }
  Maker operator()(const Reduction &) const { return makeReduction; }
  Maker operator()(const Broadcast &) const { return makeBroadcast; }
  Maker operator()(const RowLanes &) const { return makeRowLanes; }
  Maker operator()(const AcrossLanes &) const { return makeAcrossLanes; }
  Maker operator()(const RowPairs &) const { return makeRowPairs; }
  Maker operator()(const TileRegisters &) const { return makeTileRegisters; }
  Maker operator()(const QuadRuns &) const { return makeQuadRuns; }
  Maker operator()(const BytePairs &) const { return makeBytePairs; }
  Maker operator()(const Winograd &) const { return makeWinograd; }
};
} // namespace

std::unique_ptr<KernelEmitter> tflc::makeEmitter(const KernelTask &task) {
  return std::visit(MakerOf(), task.strategy.form)(task);
}
