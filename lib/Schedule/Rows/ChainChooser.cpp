//===- ChainChooser.cpp - which kernels become chains ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ChainChooser.h"

#include "Schedule/Memory/InPlace.h"

using namespace mlir;
using namespace tflc;

/// Bytes by which the writer may cover the reader, as the planner's bound counts them.
static int64_t coveredBytes(int64_t writer, int64_t reader, int64_t distance) {
  return std::clamp<int64_t>(writer + std::min<int64_t>(distance, 0), 0, reader);
}

SmallVector<int64_t> ChainChooser::peaksOfSteps() const {
  SmallVector<int64_t> peaks(arena.steps.size(), 0);
  for (const ArenaBuffer &buffer : arena.buffers)
    for (int64_t step = buffer.first; step <= buffer.last; ++step)
      peaks[step] += buffer.size;
  SmallVector<int64_t> covered(arena.buffers.size(), 0);
  for (const ArenaOverlap &overlap : arena.overlaps)
    covered[overlap.writer] += coveredBytes(arena.buffers[overlap.writer].size,
                                            arena.buffers[overlap.reader].size, overlap.distance);
  for (auto [buffer, bytes] : llvm::zip_equal(arena.buffers, covered))
    peaks[buffer.first] -= std::min(bytes, buffer.size);
  return peaks;
}

int64_t ChainChooser::peakOf(const RowChain &chain, unsigned begin, unsigned end) const {
  DenseSet<Value> elsewhere; // buffers of which rings are a part, and what is made behind the loop
  int64_t peak = 0;
  for (const ChainMember &member : chain.members) {
    if (member.buffer) {
      elsewhere.insert(member.buffer);
      peak += member.ringBytes();
    } else if (member.rows->isOutputLast()) {
      elsewhere.insert(findBaseBuffer(member.rows->output));
      peak += sizeInBytes(cast<MemRefType>(member.rows->sums.getType()));
    }
  }
  Value output = findBaseBuffer(chain.members.back().rows->output);
  int64_t outputBytes = 0, covered = 0;
  for (auto [alloc, buffer] : llvm::zip_equal(arena.allocs, arena.buffers))
    if (alloc == output && buffer.first == end)
      outputBytes = buffer.size;
  for (auto [alloc, buffer] : llvm::zip_equal(arena.allocs, arena.buffers)) {
    if (buffer.first > end || buffer.last < begin ||
        (elsewhere.contains(alloc) && buffer.first >= begin))
      continue;
    if (buffer.first >= begin && buffer.last <= end && alloc != output)
      continue; // memory of one kernel's own
    peak += buffer.size;
    if (buffer.last <= end)
      for (const ChainOverwrite &overwrite : chain.overwrites)
        if (overwrite.input == alloc)
          covered += coveredBytes(outputBytes, buffer.size, overwrite.distance);
  }
  return peak - std::min(covered, outputBytes);
}

void ChainChooser::addCandidates(unsigned begin, unsigned end) {
  auto chain = planner.findChain(ArrayRef(arena.steps).slice(begin, end - begin + 1));
  if (!chain)
    return;
  for (int64_t stripe : {1, 2, 3, 4, 6, 8, 12, 16, 24, 32}) {
    RowChain scheduled = *chain;
    if (!planner.schedule(scheduled, stripe))
      continue;
    int64_t peak = peakOf(scheduled, begin, end);
    candidates.push_back({begin, end, peak, std::move(scheduled)});
  }
}

void ChainChooser::findCandidates() {
  constexpr unsigned mostKernels = 16;
  for (unsigned end = 1; end < arena.steps.size(); ++end) {
    if (!planner.isMember(arena.steps[end]))
      continue;
    unsigned kernels = 1;
    for (unsigned begin = end; begin-- > 0 && kernels < mostKernels;) {
      if (arena.steps[begin]->getBlock() != arena.steps[end]->getBlock())
        break; // a loop or branch between them
      if (getSingleFill(arena.steps[begin]))
        continue; // a chain begins with what it computes
      if (!planner.isMember(arena.steps[begin]))
        break;
      ++kernels;
      addCandidates(begin, end);
    }
  }
}

/// What the planner makes of the function when these chains are loops.
int64_t ChainChooser::plannedSize(ArrayRef<const Candidate *> chosen) const {
  SmallVector<int64_t> newStep;
  for (unsigned step = 0; step < arena.steps.size(); ++step)
    newStep.push_back(step);
  DenseSet<Value> gone;
  SmallVector<ArenaBuffer> buffers;
  for (const Candidate *candidate : chosen) {
    for (unsigned step = candidate->begin; step <= candidate->end; ++step)
      newStep[step] = candidate->end;
    for (const ChainMember &member : candidate->chain.members) {
      int64_t bytes = 0;
      if (member.buffer) {
        gone.insert(member.buffer);
        bytes = member.ringBytes();
      } else if (member.rows->isOutputLast()) {
        bytes = sizeInBytes(cast<MemRefType>(member.rows->sums.getType()));
      } else {
        continue;
      }
      buffers.push_back({bytes, arenaAlignmentFor(bytes), candidate->end, candidate->end});
    }
  }
  DenseMap<unsigned, unsigned> numbers;
  DenseMap<Value, unsigned> byValue;
  for (auto [i, buffer] : llvm::enumerate(arena.buffers)) {
    if (gone.contains(arena.allocs[i]))
      continue;
    numbers[i] = byValue[arena.allocs[i]] = buffers.size();
    buffers.push_back({buffer.size, buffer.alignment, newStep[buffer.first], newStep[buffer.last]});
  }
  SmallVector<ArenaOverlap> overlaps;
  auto isInside = [&](int64_t step) {
    return llvm::any_of(chosen, [&](const Candidate *candidate) {
      return candidate->begin <= step && step <= candidate->end;
    });
  };
  for (ArenaOverlap overlap : arena.overlaps) {
    if (isInside(arena.buffers[overlap.writer].first))
      continue;
    overlap.writer = numbers[overlap.writer];
    overlap.reader = numbers[overlap.reader];
    overlaps.push_back(overlap);
  }
  for (const Candidate *candidate : chosen) {
    auto writer = byValue.find(findBaseBuffer(candidate->chain.members.back().rows->output));
    if (writer == byValue.end() || buffers[writer->second].first != candidate->end)
      continue;
    for (const ChainOverwrite &overwrite : candidate->chain.overwrites) {
      auto reader = byValue.find(overwrite.input);
      if (reader != byValue.end() && buffers[reader->second].last == candidate->end)
        overlaps.push_back({writer->second, reader->second, overwrite.distance, 1});
    }
  }
  return planArena(buffers, overlaps).size;
}

std::vector<RowChain> ChainChooser::choose() {
  findCandidates();
  if (candidates.empty())
    return {};
  SmallVector<int64_t> stepPeaks = peaksOfSteps();
  unsigned count = arena.steps.size();
  SmallVector<SmallVector<const Candidate *>> byEnd(count);
  for (const Candidate &candidate : candidates)
    byEnd[candidate.end].push_back(&candidate);

  // The least peak that any choice of chains reaches.
  constexpr int64_t unreachable = std::numeric_limits<int64_t>::max();
  SmallVector<int64_t> least(count + 1, 0);
  for (unsigned step = 0; step < count; ++step) {
    least[step + 1] = std::max(least[step], stepPeaks[step]);
    for (const Candidate *candidate : byEnd[step])
      least[step + 1] =
          std::min(least[step + 1], std::max(least[candidate->begin], candidate->peak));
  }
  int64_t before = *llvm::max_element(stepPeaks);
  if (least[count] >= before)
    return {};

  // Of all choices that come that low, to a hundredth, the one with the least work.
  int64_t limit = least[count] + least[count] / 100;
  SmallVector<int64_t> work(count + 1, 0);
  SmallVector<const Candidate *> best(count + 1, nullptr);
  for (unsigned step = 0; step < count; ++step) {
    work[step + 1] = stepPeaks[step] <= limit ? work[step] : unreachable;
    for (const Candidate *candidate : byEnd[step]) {
      if (candidate->peak > limit || work[candidate->begin] == unreachable)
        continue;
      int64_t total = work[candidate->begin] + candidate->chain.overhead;
      if (total < work[step + 1]) {
        work[step + 1] = total;
        best[step + 1] = candidate;
      }
    }
  }
  SmallVector<const Candidate *> chosen;
  for (unsigned step = count; step > 0;) {
    if (best[step])
      chosen.push_back(best[step]);
    step = best[step] ? best[step]->begin : step - 1;
  }
  std::reverse(chosen.begin(), chosen.end());
  // The bound is one thing, places for the buffers another.
  if (plannedSize(chosen) >= planArena(arena.buffers, arena.overlaps).size)
    return {};
  std::vector<RowChain> result;
  for (const Candidate *candidate : chosen)
    result.push_back(candidate->chain);
  return result;
}
