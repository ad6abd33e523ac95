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

namespace {

/// Another buffer that is alive together with the one in question.
struct Neighbour {
  unsigned index;
  const ArenaOverlap *overlap = nullptr; // where the two may overlap
};

class Planner {
public:
  Planner(ArrayRef<ArenaBuffer> buffers, ArrayRef<ArenaOverlap> overlaps);
  int64_t lowerBound() const;
  /// Pairs of buffers that are alive together: what placing all of them once costs.
  size_t countPairs() const {
    size_t pairs = 0;
    for (const SmallVector<Neighbour> &others : neighbours)
      pairs += others.size() + 1;
    return pairs;
  }
  /// Places the buffers in the given order; returns the arena's size.
  int64_t place(ArrayRef<unsigned> order, SmallVectorImpl<int64_t> &offsets) const;

private:
  int64_t lowestOffset(unsigned index, ArrayRef<int64_t> offsets, const BitVector &placed) const;
  bool fits(unsigned index, int64_t offset, const Neighbour &other, int64_t otherOffset) const;

  ArrayRef<ArenaBuffer> buffers;
  ArrayRef<ArenaOverlap> overlaps;
  std::vector<SmallVector<Neighbour>> neighbours; // of each buffer
};

} // namespace

Planner::Planner(ArrayRef<ArenaBuffer> buffers, ArrayRef<ArenaOverlap> overlaps)
    : buffers(buffers), overlaps(overlaps), neighbours(buffers.size()) {
  for (unsigned i = 0; i < buffers.size(); ++i)
    for (unsigned j = 0; j < i; ++j)
      if (buffers[i].first <= buffers[j].last && buffers[j].first <= buffers[i].last &&
          buffers[i].size > 0 && buffers[j].size > 0) {
        neighbours[i].push_back({j});
        neighbours[j].push_back({i});
      }
  for (const ArenaOverlap &overlap : overlaps)
    for (auto [index, other] :
         {std::pair(overlap.writer, overlap.reader), std::pair(overlap.reader, overlap.writer)})
      for (Neighbour &neighbour : neighbours[index])
        if (neighbour.index == other)
          neighbour.overlap = &overlap;
}

int64_t Planner::lowerBound() const {
  // The maximum is reached where some buffer begins.
  DenseMap<int64_t, int64_t> live; // bytes, by the step
  for (unsigned at = 0; at < buffers.size(); ++at) {
    if (buffers[at].size == 0)
      continue;
    int64_t step = buffers[at].first;
    auto [entry, isNew] = live.try_emplace(step, buffers[at].size);
    if (!isNew)
      continue;
    for (const Neighbour &other : neighbours[at])
      if (buffers[other.index].first <= step && step <= buffers[other.index].last)
        entry->second += buffers[other.index].size;
  }
  // A writer that has to start in front of a reader covers less of it, and never more than itself.
  SmallDenseMap<unsigned, int64_t> covered;
  for (const ArenaOverlap &overlap : overlaps) {
    int64_t behind = buffers[overlap.writer].size + std::min<int64_t>(overlap.distance, 0);
    covered[overlap.writer] += std::clamp<int64_t>(behind, 0, buffers[overlap.reader].size);
  }
  for (auto [writer, bytes] : covered)
    live[buffers[writer].first] -= std::min(bytes, buffers[writer].size);
  int64_t bound = 0;
  for (auto [step, bytes] : live)
    bound = std::max(bound, bytes);
  return bound;
}

bool Planner::fits(unsigned index, int64_t offset, const Neighbour &other,
                   int64_t otherOffset) const {
  if (offset + buffers[index].size <= otherOffset ||
      otherOffset + buffers[other.index].size <= offset)
    return true;
  if (!other.overlap)
    return false;
  int64_t distance = other.overlap->writer == index ? offset - otherOffset : otherOffset - offset;
  return other.overlap->least <= distance && distance <= other.overlap->distance &&
         distance % other.overlap->multiple == 0;
}

int64_t Planner::lowestOffset(unsigned index, ArrayRef<int64_t> offsets,
                              const BitVector &placed) const {
  // The lowest place is at the beginning, behind a neighbour, or on one that it may cover.
  const ArenaBuffer &buffer = buffers[index];
  SmallVector<int64_t> candidates{0};
  SmallVector<std::pair<int64_t, int64_t>> taken; // [begin, end)
  SmallVector<const Neighbour *> shared;          // where the two may overlap
  auto consider = [&](int64_t offset) {
    if (offset >= 0 && offset % buffer.alignment == 0)
      candidates.push_back(offset);
  };
  for (const Neighbour &other : neighbours[index]) {
    if (!placed[other.index])
      continue;
    int64_t start = offsets[other.index], end = start + buffers[other.index].size;
    consider(alignTo(end, buffer.alignment));
    if (!other.overlap) {
      taken.push_back({start, end});
      continue;
    }
    shared.push_back(&other);
    int64_t unit = std::lcm(other.overlap->multiple, buffer.alignment);
    int64_t steps = divideFloorSigned(other.overlap->distance, unit);
    int64_t sign = other.overlap->writer == index ? 1 : -1;
    consider(start + sign * std::min<int64_t>(steps, 0) * unit);
    consider(start + sign * steps * unit);
  }
  llvm::sort(candidates);
  llvm::sort(taken);
  unsigned next = 0;
  int64_t free = 0; // the end of all that begins in front of the candidate's end
  for (int64_t offset : candidates) {
    for (; next < taken.size() && taken[next].first < offset + buffer.size; ++next)
      free = std::max(free, taken[next].second);
    if (free <= offset && llvm::all_of(shared, [&](const Neighbour *other) {
          return fits(index, offset, *other, offsets[other->index]);
        }))
      return offset;
  }
  llvm_unreachable("behind the last neighbour there is always room");
}

int64_t Planner::place(ArrayRef<unsigned> order, SmallVectorImpl<int64_t> &offsets) const {
  offsets.assign(buffers.size(), 0);
  BitVector placed(buffers.size());
  int64_t total = 0;
  for (unsigned index : order) {
    offsets[index] = lowestOffset(index, offsets, placed);
    placed.set(index);
    total = std::max(total, offsets[index] + buffers[index].size);
  }
  return total;
}

ArenaPlan tflc::planArena(ArrayRef<ArenaBuffer> buffers, ArrayRef<ArenaOverlap> overlaps,
                          unsigned searchSteps) {
  Planner planner(buffers, overlaps);
  ArenaPlan plan;
  if (buffers.empty())
    return plan;
  plan.lowerBound = planner.lowerBound();
  SmallVector<unsigned> order(buffers.size());
  std::iota(order.begin(), order.end(), 0);

  SmallVector<unsigned> bestOrder;
  SmallVector<int64_t> offsets;
  auto attempt = [&](ArrayRef<unsigned> candidate) {
    int64_t size = planner.place(candidate, offsets);
    if (!bestOrder.empty() && size >= plan.size)
      return;
    plan.size = size;
    plan.offsets = offsets;
    bestOrder.assign(candidate.begin(), candidate.end());
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
  // Backwards in time: a buffer that has to begin in front of one that it overwrites is placed
  // before that one.
  attemptBy([&](unsigned i) { return buffers[i].first; });
  attemptBy(size);
  attemptBy(lifetime);
  attemptBy(area);

  // Of a model with very many buffers fewer orders are tried.
  constexpr size_t mostPairs = 20'000'000;
  searchSteps = std::min<size_t>(searchSteps, mostPairs / planner.countPairs());

  // Local search: what reaches the top was placed too late; try it earlier. Positions come from a
  // fixed linear congruential generator, so the plan is the same on every run.
  uint32_t state = 1;
  auto next = [&](size_t bound) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % bound;
  };
  // Alignment alone may keep the last bytes out of reach.
  int64_t goodEnough = plan.lowerBound + plan.lowerBound / 200;
  for (unsigned step = 0; step < searchSteps && plan.size > goodEnough; ++step) {
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
    int64_t size = planner.place(candidate, offsets);
    if (size <= plan.size) { // sideways moves leave plateaus
      plan.size = size;
      plan.offsets = offsets;
      bestOrder = candidate;
    }
  }
  return plan;
}
