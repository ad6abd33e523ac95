//===- RowChain.cpp - kernels that run row by row -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RowChain.h"

#include "Schedule/Memory/InPlace.h"

using namespace mlir;
using namespace tflc;

const RowKernel *RowChainPlanner::rowsOf(Operation *op) {
  auto kernel = dyn_cast<tflrt::KernelOp>(op);
  if (!kernel)
    return nullptr;
  auto [entry, isNew] = kernels.try_emplace(op);
  if (isNew) {
    auto rows = analyzeCollector(kernel);
    if (!rows)
      rows = analyzeRows(kernel);
    if (rows)
      entry->second = std::make_unique<RowKernel>(std::move(*rows));
  }
  return entry->second.get();
}

/// The stripes are those of the last member. Where collectors alone follow the last kernel that is
/// none, and need no rows of it, it may come behind them.
static void moveLeaderBack(RowChain &chain) {
  auto leader = llvm::find_if(llvm::reverse(chain.members), [](const ChainMember &member) {
                  return !member.rows->isCollector();
                }).base();
  if (leader == chain.members.begin())
    return;
  Value output = findBaseBuffer(std::prev(leader)->rows->output);
  bool isRead = std::any_of(leader, chain.members.end(), [&](const ChainMember &member) {
    return findBaseBuffer(member.rows->reads[0].buffer) == output;
  });
  if (!isRead)
    std::rotate(std::prev(leader), leader, chain.members.end());
}

std::optional<RowChain> RowChainPlanner::findChain(ArrayRef<Operation *> steps) {
  RowChain chain;
  DenseSet<Operation *> inside;
  SmallVector<linalg::FillOp> fills;
  for (Operation *op : steps) {
    inside.insert(op);
    if (linalg::FillOp fill = getSingleFill(op)) {
      fills.push_back(fill);
      continue;
    }
    const RowKernel *rows = rowsOf(op);
    if (!rows)
      return std::nullopt;
    ChainMember member;
    member.kernel = cast<tflrt::KernelOp>(op);
    member.rows = rows;
    chain.members.push_back(member);
  }
  if (chain.members.size() < 2 || getSingleFill(steps.back()))
    return std::nullopt;
  chain.place = steps.back();
  moveLeaderBack(chain);

  // What all but the last kernel write lives within the chain only. What collectors write is there
  // behind the chain.
  DenseMap<Value, unsigned> producers;
  DenseSet<Value> results;
  for (auto [number, member] : llvm::enumerate(chain.members)) {
    if (member.rows->isCollector() || number + 1 == chain.members.size()) {
      if (!results.insert(findBaseBuffer(member.rows->output)).second)
        return std::nullopt;
      continue;
    }
    auto view = findPlainView(member.rows->output);
    if (!view)
      return std::nullopt;
    member.buffer = view->base;
    if (!member.buffer.getDefiningOp<memref::AllocOp>() ||
        !producers.try_emplace(view->base, number).second || !isTouchedByOnly(view->base, inside))
      return std::nullopt;
    member.above = view->offsets[rowDim];
    member.below = cast<MemRefType>(member.buffer.getType()).getDimSize(rowDim) - member.above -
                   view->sizes[rowDim];
  }
  for (Value result : results)
    if (producers.contains(result))
      return std::nullopt;
  for (auto [number, member] : llvm::enumerate(chain.members)) {
    for (Value buffer : member.rows->wholes)
      if (Value base = findBaseBuffer(buffer); producers.contains(base) || results.contains(base))
        return std::nullopt;
    for (const RowRead &read : member.rows->reads) {
      Value base = findBaseBuffer(read.buffer);
      if (results.contains(base))
        return std::nullopt;
      auto producer = producers.find(base);
      if (producer == producers.end()) {
        if (member.rows->isCollector())
          return std::nullopt; // the buffer is there anyway
        continue;
      }
      auto view = findPlainView(read.buffer);
      if (producer->second >= number || !view)
        return std::nullopt;
      if (!member.rows->isCollector())
        continue;
      // All rows that the producer computes, and no padding.
      const ChainMember &writer = chain.members[producer->second];
      if (view->offsets[rowDim] != writer.above || member.rows->rows != writer.rows->rows)
        return std::nullopt;
      member.producer = producer->second;
    }
  }
  for (linalg::FillOp fill : fills) {
    auto kernel = cast<tflrt::KernelOp>(fill->getParentOp());
    Value base = findBaseBuffer(fill.getOutputs()[0]);
    auto producer = producers.find(base);
    if (producer != producers.end()) {
      Value &padding = chain.members[producer->second].padding;
      if (padding && padding != fill.getInputs()[0])
        return std::nullopt;
      padding = fill.getInputs()[0];
      chain.fills.push_back(kernel);
      continue;
    }
    // It stays in front of the loop, and so must not have waited for a kernel in the loop.
    for (ChainMember &member : chain.members) {
      if (kernel->isBeforeInBlock(member.kernel))
        continue;
      auto touches = [&](Value buffer) { return findBaseBuffer(buffer) == base; };
      if (touches(member.rows->output) || llvm::any_of(member.rows->wholes, touches) ||
          llvm::any_of(member.rows->reads,
                       [&](const RowRead &read) { return touches(read.buffer); }))
        return std::nullopt;
    }
  }
  return chain;
}
