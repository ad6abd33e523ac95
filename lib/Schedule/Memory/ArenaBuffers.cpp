//===- ArenaBuffers.cpp - what the arena of a function holds --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ArenaBuffers.h"

#include "InPlace.h"
#include "SizeBounds.h"
#include "StepTree.h"

#include "tflc/Support/ElementSize.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

int64_t tflc::sizeInBytes(MemRefType type) {
  return type.getNumElements() * getElementBytes(type.getElementType());
}

int64_t tflc::arenaAlignmentFor(int64_t size) {
  return std::min<int64_t>(arenaAlignment, std::max<int64_t>(8, llvm::PowerOf2Ceil(size)));
}

/// How far the output of `loop`, a chain of kernels, may lie behind `buffer`; none where it must
/// not lie over it. `least` is what is known so far.
static std::optional<int64_t> findChainDistance(Value buffer, scf::ForOp loop, int64_t least) {
  for (Operation *user : buffer.getUsers()) {
    if (loop->isProperAncestor(user)) {
      auto distance = user->getAttrOfType<IntegerAttr>(kOverwriteAttrName);
      if (!distance)
        return std::nullopt;
      least = std::min(least, distance.getInt());
      continue;
    }
    if (!isa<ViewLikeOpInterface>(user))
      continue; // at another time
    for (Value result : user->getResults()) {
      auto distance = findChainDistance(result, loop, least);
      if (!distance)
        return std::nullopt;
      least = *distance;
    }
  }
  return least;
}

/// Where kernels may write over what they read for the last time.
static SmallVector<ArenaOverlap> findOverlaps(const ArenaBuffers &arena, const StepTree &tree) {
  // Buffers by the steps in which they begin and end.
  SmallVector<SmallVector<unsigned>> begin(tree.steps().size()), end(tree.steps().size());
  for (auto [i, buffer] : llvm::enumerate(arena.buffers)) {
    begin[buffer.first].push_back(i);
    if (buffer.last != buffer.first)
      end[buffer.last].push_back(i);
  }
  SmallVector<ArenaOverlap> overlaps;
  for (auto [step, op] : llvm::enumerate(tree.steps())) {
    // What a loop repeats, reads again what was there before the loop.
    auto isRepeated = [&, op = op](unsigned buffer) {
      return tree.isRepeatedSince(op, arena.allocs[buffer].getDefiningOp());
    };
    llvm::erase_if(begin[step], isRepeated);
    llvm::erase_if(end[step], isRepeated);
    if (begin[step].empty() || end[step].empty())
      continue;
    if (op->hasAttr(kRowChainAttrName)) {
      // The chain's only buffer that lives on is its output; the others are rows between kernels.
      constexpr int64_t unbounded = std::numeric_limits<int64_t>::max();
      for (unsigned writer : begin[step])
        for (unsigned reader : end[step]) {
          if (arena.buffers[writer].last == static_cast<int64_t>(step))
            continue;
          auto distance = findChainDistance(arena.allocs[reader], cast<scf::ForOp>(op), unbounded);
          if (distance && *distance != unbounded)
            overlaps.push_back({writer, reader, *distance});
        }
      continue;
    }
    auto kernel = dyn_cast<tflrt::KernelOp>(op);
    if (!kernel || !kernel.getStrategyAttr())
      continue;
    auto strategy = Strategy::fromAttr(kernel.getStrategyAttr());
    auto nest = analyzeKernel(kernel);
    if (!nest || !strategy.prepare(*nest))
      continue;
    for (unsigned writer : begin[step])
      for (unsigned reader : end[step]) {
        Value input = arena.allocs[reader], output = arena.allocs[writer];
        if (auto rule = findOverwriteRule(kernel, *nest, strategy, input, output))
          overlaps.push_back({writer, reader, rule->distance, rule->multiple, rule->least});
      }
  }
  return overlaps;
}

ArenaBuffers tflc::collectArenaBuffers(Block &body) {
  ArenaBuffers arena;
  StepTree tree(body);
  arena.steps.assign(tree.steps().begin(), tree.steps().end());
  for (Block *block : tree.blocks())
    for (auto alloc : block->getOps<memref::AllocOp>()) {
      std::optional<int64_t> bytes = getMaxBytes(alloc);
      if (!bytes)
        continue; // placed at run time
      StepRange life = tree.lifetimeOf(alloc);
      if (life.isEmpty())
        continue; // nothing touches it
      ArenaBuffer buffer;
      buffer.size = *bytes;
      buffer.alignment = arenaAlignmentFor(buffer.size);
      buffer.first = life.first;
      buffer.last = life.last;
      arena.allocs.push_back(alloc);
      arena.buffers.push_back(buffer);
    }
  arena.overlaps = findOverlaps(arena, tree);
  return arena;
}
