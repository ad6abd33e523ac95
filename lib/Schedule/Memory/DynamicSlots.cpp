//===- DynamicSlots.cpp - room that buffers of unknown size share ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DynamicSlots.h"

#include "StepTree.h"
#include "tflc/Support/ElementSize.h"

using namespace mlir;
using namespace tflc;

int64_t tflc::getKnownBytes(MemRefType type) {
  int64_t bytes = getElementBytes(type.getElementType());
  for (int64_t size : type.getShape())
    bytes *= ShapedType::isDynamic(size) ? 1 : size;
  return bytes;
}

SmallVector<DynamicSlot> tflc::assignSlots(Block &body) {
  StepTree tree(body);
  SmallVector<std::pair<memref::AllocOp, StepRange>> allocs;
  for (Block *block : tree.blocks())
    for (auto alloc : block->getOps<memref::AllocOp>())
      allocs.emplace_back(alloc, tree.lifetimeOf(alloc));
  llvm::stable_sort(allocs, [&](const auto &a, const auto &b) {
    return tree.numberOf(a.first) < tree.numberOf(b.first);
  });
  SmallVector<DynamicSlot> slots;
  for (auto [alloc, life] : allocs) {
    SmallVector<Value> factors(alloc.getDynamicSizes());
    DynamicSlot *slot =
        llvm::find_if(slots, [&, first = tree.numberOf(alloc)](DynamicSlot &candidate) {
          return candidate.busyUntil < first && candidate.factors == factors;
        });
    if (slot == slots.end()) {
      slot = &slots.emplace_back();
      slot->factors = factors;
    }
    slot->bytes = std::max(slot->bytes, getKnownBytes(alloc.getType()));
    slot->busyUntil = std::max(slot->busyUntil, life.last);
    slot->buffers.push_back(alloc);
  }
  return slots;
}
