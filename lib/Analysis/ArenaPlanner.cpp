//===- ArenaPlanner.cpp - offsets for buffers with known lifetimes --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Analysis/ArenaPlanner.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace llvm;
using namespace tflc;

static bool liveTogether(const ArenaBuffer &a, const ArenaBuffer &b) {
  return a.first <= b.last && b.first <= a.last;
}

/// Places the buffers in the given order; returns the arena's size.
static int64_t place(ArrayRef<ArenaBuffer> buffers, ArrayRef<unsigned> order,
                     SmallVectorImpl<int64_t> &offsets) {
  offsets.assign(buffers.size(), 0);
  int64_t total = 0;
  SmallVector<std::pair<int64_t, int64_t>> taken; // [begin, end) of placed neighbours in time
  for (auto [position, index] : enumerate(order)) {
    const ArenaBuffer &buffer = buffers[index];
    taken.clear();
    for (unsigned other : order.take_front(position))
      if (liveTogether(buffer, buffers[other]) && buffers[other].size > 0)
        taken.push_back({offsets[other], offsets[other] + buffers[other].size});
    llvm::sort(taken);
    int64_t offset = 0;
    for (auto [begin, end] : taken) {
      if (offset + buffer.size <= begin)
        break;
      offset = std::max(offset, static_cast<int64_t>(alignTo(end, buffer.alignment)));
    }
    offsets[index] = offset;
    total = std::max(total, offset + buffer.size);
  }
  return total;
}

static int64_t largestLiveSet(ArrayRef<ArenaBuffer> buffers) {
  int64_t bound = 0;
  // The maximum is reached where some buffer begins.
  for (const ArenaBuffer &at : buffers) {
    int64_t live = 0;
    for (const ArenaBuffer &buffer : buffers)
      if (buffer.first <= at.first && at.first <= buffer.last)
        live += buffer.size;
    bound = std::max(bound, live);
  }
  return bound;
}

ArenaPlan tflc::planArena(ArrayRef<ArenaBuffer> buffers, unsigned searchSteps) {
  ArenaPlan plan;
  plan.lowerBound = largestLiveSet(buffers);
  SmallVector<unsigned> order(buffers.size());
  std::iota(order.begin(), order.end(), 0);

  SmallVector<unsigned> bestOrder;
  SmallVector<int64_t> offsets;
  auto attempt = [&](ArrayRef<unsigned> candidate) {
    int64_t size = place(buffers, candidate, offsets);
    if (!bestOrder.empty() && size >= plan.size)
      return false;
    plan.size = size;
    plan.offsets = offsets;
    bestOrder.assign(candidate.begin(), candidate.end());
    return true;
  };

  auto lifetime = [&](unsigned i) { return buffers[i].last - buffers[i].first + 1; };
  auto area = [&](unsigned i) { return buffers[i].size * lifetime(i); };
  auto size = [&](unsigned i) { return buffers[i].size; };
  attempt(order); // in order of the program
  auto attemptBy = [&](auto key) {
    llvm::sort(order, [&](unsigned a, unsigned b) {
      return std::make_pair(-key(a), a) < std::make_pair(-key(b), b);
    });
    attempt(order);
  };
  attemptBy(size);
  attemptBy(lifetime);
  attemptBy(area);

  // Local search: what reaches the top was placed too late; try it earlier. Positions come from a
  // fixed linear congruential generator, so the plan is the same on every run.
  uint32_t state = 1;
  auto next = [&](size_t bound) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % bound;
  };
  for (unsigned step = 0; step < searchSteps && plan.size > plan.lowerBound; ++step) {
    SmallVector<unsigned> top;
    for (auto [position, index] : enumerate(bestOrder))
      if (plan.offsets[index] + buffers[index].size == plan.size)
        top.push_back(position);
    SmallVector<unsigned> candidate(bestOrder);
    unsigned from = step % 2 == 0 ? top[next(top.size())] : next(candidate.size());
    unsigned to = next(candidate.size());
    unsigned moved = candidate[from];
    candidate.erase(candidate.begin() + from);
    candidate.insert(candidate.begin() + to, moved);
    int64_t size = place(buffers, candidate, offsets);
    if (size <= plan.size) { // sideways moves leave plateaus
      plan.size = size;
      plan.offsets = offsets;
      bestOrder = candidate;
    }
  }
  return plan;
}
