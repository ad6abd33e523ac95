//===- ScheduleChain.cpp - which rows exist in each iteration -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RowChain.h"

#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Memory/InPlace.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

#include <map>
#include <numeric>

using namespace mlir;
using namespace tflc;

static int64_t bytesOfRow(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  return sizeInBytes(type) / type.getDimSize(rowDim);
}

int64_t ChainMember::ringBytes() const { return bytesOfRow(buffer) * ringRows(); }

/// Completes the member that writes a ring, whose readers are complete. The rows that these need
/// decide which rows exist in each iteration.
static bool scheduleProducer(RowChain &chain, unsigned number) {
  ChainMember &member = chain.members[number];
  struct Need {
    int64_t low, high; // rows of the image, those in the padding included; high is inclusive
  };
  std::map<int64_t, Need> needs; // by iteration
  int64_t step = 0;
  for (const ChainMember &reader : ArrayRef(chain.members).drop_front(number + 1)) {
    if (reader.rows->isCollector() && &reader != &chain.members.back())
      continue; // takes what others ask for
    for (const RowRead &read : reader.rows->reads) {
      auto view = findPlainView(read.buffer);
      if (!view || view->base != member.buffer)
        continue;
      int64_t shift = view->offsets[rowDim] - member.above;
      int64_t thisStep = reader.step * read.scale;
      if (step != 0 && thisStep != step)
        return false; // the rows of one reader run ahead of those of the other
      step = thisStep;
      for (int64_t i = reader.first; i < chain.end; ++i) {
        int64_t row = reader.start.at(i);
        Need need{row * read.scale + read.lowest + shift,
                  (row + reader.count - 1) * read.scale + read.highest + shift};
        auto [entry, isNew] = needs.try_emplace(i, need);
        entry->second.low = std::min(entry->second.low, need.low);
        entry->second.high = std::max(entry->second.high, need.high);
      }
    }
  }
  if (needs.empty())
    return false;
  // A row that is needed later must not leave the window before.
  int64_t later = std::numeric_limits<int64_t>::max(), window = 1, rows = member.rows->rows;
  for (auto &[i, need] : llvm::reverse(needs)) {
    need.low = later = std::min(need.low, later);
    window = std::max(window, need.high - need.low + 1);
  }
  window = std::min(window, rows);
  member.window = window;
  member.step = step;
  member.count = std::min(step, window);
  int64_t full = needs.begin()->first, carried = member.carried();
  SmallVector<int64_t> &starts = member.start.rows;
  for (auto &[i, need] : needs)
    starts.push_back(std::clamp<int64_t>(need.low, 0, rows - window) + carried);
  // Before the window is needed for the first time its carried rows must have been computed.
  int64_t firstNeeded = starts.front() - carried;
  member.first = full;
  for (; starts.front() > firstNeeded; --member.first)
    starts.insert(starts.begin(), std::max<int64_t>(starts.front() - member.count, 0));
  member.start.first = member.first;
  // All that is needed must be there.
  int64_t before = 0;
  for (int64_t i = member.first; i < chain.end; ++i) {
    int64_t at = member.windowStart(i);
    if (i > member.first && (at < before || (carried > 0 && at - before > member.count)))
      return false;
    before = at;
    if (i < full)
      continue;
    const Need &need = needs[i];
    if (at > std::max<int64_t>(need.low, 0) || at + window <= std::min(need.high, rows - 1) ||
        (need.low < 0 && at != 0) || (need.high >= rows && at != rows - window) ||
        need.low < -member.above || need.high >= rows + member.below)
      return false;
  }
  member.last = chain.end - 1;
  while (member.last > full && member.start.at(member.last - 1) == starts.back())
    --member.last;
  chain.first = std::min(chain.first, member.first);
  return true;
}

/// Where the output may lie over a buffer whose rows the chain reads: what an iteration writes must
/// be in front of all that later ones read, and so must what the last kernel itself reads.
static void findOverwrites(RowChain &chain) {
  const ChainMember &last = chain.members.back();
  if (last.rows->isCollector())
    return; // nothing is written while rows are read
  auto output = findPlainView(last.rows->output);
  if (!output || !output->base.getDefiningOp<memref::AllocOp>() || !hasRows(output->base.getType()))
    return;
  struct Input {
    SmallVector<std::pair<const ChainMember *, const RowRead *>> reads;
    bool known = true;
  };
  llvm::MapVector<Value, Input> inputs;
  for (const ChainMember &member : chain.members) {
    for (const RowRead &read : member.rows->reads) {
      Input &input = inputs[findBaseBuffer(read.buffer)];
      auto view = findPlainView(read.buffer);
      input.known &= view && hasRows(view->base.getType());
      input.reads.push_back({&member, &read});
    }
    for (Value whole : member.rows->wholes)
      inputs[findBaseBuffer(whole)].known = false;
  }
  for (auto &entry : inputs) {
    Value base = entry.first;
    Input &input = entry.second;
    if (!input.known || !base.getDefiningOp<memref::AllocOp>() ||
        llvm::any_of(chain.members, [&](ChainMember &m) { return m.buffer && m.buffer == base; }))
      continue;
    constexpr int64_t unbounded = std::numeric_limits<int64_t>::max();
    int64_t distance = unbounded, laterRead = unbounded;
    auto readIn = [&](int64_t i, bool byLast) {
      int64_t first = unbounded;
      for (auto [member, read] : input.reads)
        if (i >= member->first && (member == &last) == byLast)
          first = std::min(first, (member->start.at(i) * read->scale + read->lowest +
                                   findPlainView(read->buffer)->offsets[rowDim]) *
                                      bytesOfRow(base));
      return first;
    };
    for (int64_t i = chain.end; i-- > 0;) {
      laterRead = std::min(laterRead, readIn(i, /*byLast=*/true));
      int64_t end =
          (last.start.at(i) + last.count + output->offsets[rowDim]) * bytesOfRow(output->base);
      if (laterRead != unbounded)
        distance = std::min(distance, laterRead - end);
      laterRead = std::min(laterRead, readIn(i, /*byLast=*/false));
    }
    if (distance != unbounded)
      chain.overwrites.push_back({base, distance});
  }
}

/// Completes a collector, whose producer is complete; false where that leaves out rows.
static bool scheduleCollector(RowChain &chain, ChainMember &member) {
  const ChainMember &producer = chain.members[member.producer];
  member.count = producer.count;
  member.step = producer.step;
  member.first = producer.first;
  member.last = producer.last;
  member.start = producer.start;
  if (member.start.at(member.first) != 0 ||
      member.start.at(member.last) + member.count != member.rows->rows)
    return false;
  // Rows come in batches of which every iteration adds a whole number.
  member.batch = member.count;
  for (int64_t i = member.first + 1; i <= member.last; ++i) {
    if (member.newRows(i) > member.count)
      return false;
    member.batch = std::gcd(member.batch, member.newRows(i));
  }
  return true;
}

/// Starting a kernel and reading its weights, computing rows twice, and carrying rows on.
static int64_t estimateOverhead(const ChainMember &member) {
  constexpr int64_t startOfKernel = 256;
  int64_t runs = member.last - member.first + 1;
  if (member.rows->isCollector())
    return member.rows->rows / member.batch *
           (startOfKernel + sizeInBytes(cast<MemRefType>(member.rows->sums.getType())));
  int64_t overhead = runs * (startOfKernel + member.rows->wholeBytes) +
                     (runs * member.count - member.rows->rows) * member.rows->work;
  if (member.buffer)
    overhead += runs * member.carried() * bytesOfRow(member.buffer);
  return overhead;
}

bool RowChainPlanner::schedule(RowChain &chain, int64_t stripe) const {
  ChainMember &last = chain.members.back();
  if (stripe >= last.rows->rows)
    return false;
  chain.stripe = last.count = stripe;
  chain.first = last.first = 0;
  chain.end = llvm::divideCeil(last.rows->rows, stripe);
  last.last = chain.end - 1;
  last.step = stripe;
  last.start = {};
  for (int64_t i = 0; i < chain.end; ++i)
    last.start.rows.push_back(std::min(i * stripe, last.rows->rows - stripe));
  for (unsigned number = chain.members.size() - 1; number-- > 0;)
    if (!chain.members[number].rows->isCollector() && !scheduleProducer(chain, number))
      return false;
  for (ChainMember &member : chain.members)
    if (member.rows->isCollector() && !scheduleCollector(chain, member))
      return false;

  chain.overwrites.clear();
  findOverwrites(chain);
  chain.overhead = 0;
  for (const ChainMember &member : chain.members)
    chain.overhead += estimateOverhead(member);
  return true;
}
