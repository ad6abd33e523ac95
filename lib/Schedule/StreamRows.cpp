//===- StreamRows.cpp - chains of kernels run row by row ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ArenaBuffers.h"
#include "InPlace.h"
#include "KernelEmitter.h"
#include "RowChain.h"

#include "tflc/Schedule/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace tflc {
#define GEN_PASS_DEF_TFLCSTREAMROWSPASS
#include "SchedulePasses.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Choice
//===----------------------------------------------------------------------===//

namespace {

/// A chain that may replace the steps from `begin` to `end`, inclusive.
struct Candidate {
  unsigned begin = 0, end = 0;
  int64_t peak = 0; ///< bytes alive while it runs
  RowChain chain;
};

/// Finds the chains with which the arena becomes smallest.
class ChainChooser {
public:
  explicit ChainChooser(const ArenaBuffers &arena) : arena(arena) {}
  /// In the order of the program; empty where none makes the arena smaller.
  std::vector<RowChain> choose();

private:
  void findCandidates();
  void addCandidates(unsigned begin, unsigned end);
  SmallVector<int64_t> peaksOfSteps() const;
  int64_t peakOf(const RowChain &chain, unsigned begin, unsigned end) const;
  int64_t plannedSize(ArrayRef<const Candidate *> chosen) const;

  const ArenaBuffers &arena;
  RowChainPlanner planner;
  std::vector<Candidate> candidates; ///< by `end`
};

} // namespace

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
  DenseSet<Value> rings;
  int64_t peak = 0;
  for (const ChainMember &member : chain.members) {
    if (!member.buffer)
      continue;
    rings.insert(member.buffer);
    peak += member.ringBytes();
  }
  Value output = findBaseBuffer(chain.members.back().rows->output);
  int64_t outputBytes = 0, covered = 0;
  for (auto [alloc, buffer] : llvm::zip_equal(arena.allocs, arena.buffers))
    if (alloc == output && buffer.first == end)
      outputBytes = buffer.size;
  for (auto [alloc, buffer] : llvm::zip_equal(arena.allocs, arena.buffers)) {
    if (buffer.first > end || buffer.last < begin || rings.contains(alloc))
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
      if (!member.buffer)
        continue;
      gone.insert(member.buffer);
      int64_t bytes = member.ringBytes();
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

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

namespace {

/// Replaces the kernels of a chain by a loop.
class ChainRewriter {
public:
  ChainRewriter(const RowChain &chain, ConstantPool &pool)
      : chain(chain), pool(pool), lastKernel(chain.members.back().kernel),
        b(lastKernel.getLoc(), lastKernel.getContext()) {}
  void rewrite();

private:
  void makeRing(const ChainMember &member);
  void emitMember(const ChainMember &member);
  void carryRows(const ChainMember &member, Value ring);
  void cloneKernel(const ChainMember &member);
  Value emitStart(const ChainMember &member, bool before = false);
  Value emitIndex(Value value, int64_t factor, int64_t offset);
  Value takeRows(Value buffer, ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes,
                 OpFoldResult first, int64_t count);

  const RowChain &chain;
  ConstantPool &pool;
  tflrt::KernelOp lastKernel;
  ImplicitLocOpBuilder b;
  Value iteration;
  /// The rings by the buffers that they replace, and who writes them.
  DenseMap<Value, std::pair<Value, const ChainMember *>> rings;
};

} // namespace

Value ChainRewriter::emitIndex(Value value, int64_t factor, int64_t offset) {
  if (factor != 1)
    value = arith::MulIOp::create(b, value, arith::ConstantIndexOp::create(b, factor));
  if (offset != 0)
    value = arith::AddIOp::create(b, value, arith::ConstantIndexOp::create(b, offset));
  return value;
}

/// The first row of the member in this iteration, or in the one before.
Value ChainRewriter::emitStart(const ChainMember &member, bool before) {
  const RowStarts &start = member.start;
  int64_t step = start.at(member.first + 1) - start.at(member.first);
  bool isLine = true;
  for (int64_t i = member.first + 1; i < chain.end; ++i)
    isLine &= start.at(i) - start.at(i - 1) == step;
  if (isLine)
    return emitIndex(iteration, step,
                     start.at(member.first) - (member.first + (before ? 1 : 0)) * step);
  // Borders bend the line: a table, from the iteration before the first one on.
  SmallVector<int64_t> rows;
  for (int64_t i = chain.first - 1; i < chain.end; ++i)
    rows.push_back(start.at(i));
  bool areBytes = rows.back() < 256;
  std::string bytes;
  for (int64_t row : rows)
    for (unsigned byte = 0; byte < (areBytes ? 1u : 4u); ++byte)
      bytes.push_back(static_cast<char>(row >> (8 * byte)));
  Value table = pool.get(b, b.getLoc(), b.getIntegerType(areBytes ? 8 : 32), bytes);
  Value row =
      memref::LoadOp::create(b, table, emitIndex(iteration, 1, (before ? 0 : 1) - chain.first));
  return arith::IndexCastUIOp::create(b, b.getIndexType(), row);
}

/// A box of `buffer` with `count` rows from row `first` on.
Value ChainRewriter::takeRows(Value buffer, ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes,
                              OpFoldResult first, int64_t count) {
  auto attrs = [&](ArrayRef<int64_t> values) {
    SmallVector<OpFoldResult> result;
    for (int64_t value : values)
      result.push_back(b.getIndexAttr(value));
    return result;
  };
  SmallVector<OpFoldResult> from = attrs(offsets), extent = attrs(sizes);
  from[1] = first;
  extent[1] = b.getIndexAttr(count);
  SmallVector<OpFoldResult> strides(offsets.size(), b.getIndexAttr(1));
  return memref::SubViewOp::create(b, buffer, from, extent, strides);
}

void ChainRewriter::makeRing(const ChainMember &member) {
  auto whole = cast<MemRefType>(member.buffer.getType());
  SmallVector<int64_t> shape(whole.getShape());
  shape[1] = member.ringRows();
  auto type = MemRefType::get(shape, whole.getElementType());
  Value ring = memref::AllocOp::create(b, member.buffer.getLoc(), type);
  ring.getDefiningOp()->setAttr(kRowsOfAttrName, b.getI64IntegerAttr(whole.getDimSize(1)));
  rings[member.buffer] = {ring, &member};
  if (!member.padding)
    return;
  auto kernel = tflrt::KernelOp::create(b, DictionaryAttr(), Value());
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&kernel.getBody());
  linalg::FillOp::create(b, member.padding, ring);
}

/// Rows that the stripe before has computed and this one needs, too, move to the window's front.
void ChainRewriter::carryRows(const ChainMember &member, Value ring) {
  SmallVector<int64_t> shape(cast<MemRefType>(ring.getType()).getShape());
  SmallVector<int64_t> zeros(shape.size(), 0);
  Value now = emitStart(member), before = emitStart(member, /*before=*/true);
  Value shift = arith::SubIOp::create(b, now, before);
  Value source = takeRows(ring, zeros, shape, emitIndex(shift, 1, member.above), member.carried());
  Value target = takeRows(ring, zeros, shape, b.getIndexAttr(member.above), member.carried());
  auto kernel = tflrt::KernelOp::create(b, DictionaryAttr(), Value());
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&kernel.getBody());
  AffineMap map = b.getMultiDimIdentityMap(shape.size());
  linalg::GenericOp::create(
      b, source, target, ArrayRef<AffineMap>{map, map},
      SmallVector<utils::IteratorType>(shape.size(), utils::IteratorType::parallel),
      [](OpBuilder &builder, Location loc, ValueRange args) {
        linalg::YieldOp::create(builder, loc, args[0]);
      });
}

/// The kernel for the rows of one iteration.
void ChainRewriter::cloneKernel(const ChainMember &member) {
  const RowKernel &rows = *member.rows;
  Value start = emitStart(member);
  SmallVector<Value> reads;
  for (const RowRead &read : rows.reads) {
    int64_t count = (member.count - 1) * read.scale + read.highest - read.lowest + 1;
    Value first = emitIndex(start, read.scale, read.lowest);
    auto view = findPlainView(read.buffer);
    auto ring = rings.find(findBaseBuffer(read.buffer));
    if (ring == rings.end()) {
      ArrayRef<int64_t> shape = cast<MemRefType>(read.buffer.getType()).getShape();
      SmallVector<int64_t> zeros(shape.size(), 0);
      reads.push_back(takeRows(read.buffer, zeros, shape, first, count));
      for (const ChainOverwrite &overwrite : chain.overwrites)
        if (overwrite.input == findBaseBuffer(read.buffer))
          reads.back().getDefiningOp()->setAttr(kOverwriteAttrName,
                                                b.getI64IntegerAttr(overwrite.distance));
      continue;
    }
    auto [buffer, writer] = ring->second;
    // Row r of the whole buffer is row r - windowStart of the ring.
    Value window = emitIndex(emitStart(*writer), 1, -writer->carried());
    Value row = arith::SubIOp::create(b, emitIndex(first, 1, view->offsets[1]), window);
    reads.push_back(takeRows(buffer, view->offsets, view->sizes, row, count));
  }
  Value output;
  if (member.buffer) {
    auto view = findPlainView(rows.output);
    output = takeRows(rings[member.buffer].first, view->offsets, view->sizes,
                      b.getIndexAttr(member.above + member.carried()), member.count);
  } else {
    ArrayRef<int64_t> shape = cast<MemRefType>(rows.output.getType()).getShape();
    output =
        takeRows(rows.output, SmallVector<int64_t>(shape.size(), 0), shape, start, member.count);
  }

  tflrt::KernelOp original = member.kernel;
  auto kernel = tflrt::KernelOp::create(b, original.getLoc(), DictionaryAttr(), Value());
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&kernel.getBody());
  IRMapping mapping;
  mapping.map(rows.output, output);
  unsigned number = 0;
  for (Operation &op : original.getBody().front()) {
    if (auto alloc = dyn_cast<memref::AllocOp>(op)) {
      SmallVector<int64_t> shape(alloc.getType().getShape());
      shape[1] = member.count;
      mapping.map(alloc.getResult(),
                  memref::AllocOp::create(b, alloc.getLoc(),
                                          MemRefType::get(shape, alloc.getType().getElementType()))
                      .getResult());
      continue;
    }
    Operation *clone = b.clone(op, mapping);
    if (!isa<linalg::LinalgOp>(op))
      continue;
    for (auto [read, rowsOfRead] : llvm::zip_equal(rows.reads, reads))
      if (read.op == number)
        clone->setOperand(read.operand, rowsOfRead);
    ++number;
  }
}

void ChainRewriter::emitMember(const ChainMember &member) {
  tflrt::KernelOp kernel = member.kernel;
  b.setLoc(kernel.getLoc());
  OpBuilder::InsertionGuard guard(b);
  if (member.first > chain.first || member.last + 1 < chain.end) {
    // first <= iteration <= last
    Value since = emitIndex(iteration, 1, -member.first);
    Value runs = arith::ConstantIndexOp::create(b, member.last - member.first + 1);
    Value isTurn = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, since, runs);
    auto turn = scf::IfOp::create(b, isTurn, /*withElseRegion=*/false);
    b.setInsertionPointToStart(turn.thenBlock());
  }
  if (member.buffer && member.carried() > 0)
    carryRows(member, rings[member.buffer].first);
  cloneKernel(member);
}

void ChainRewriter::rewrite() {
  b.setInsertionPoint(lastKernel);
  for (const ChainMember &member : chain.members)
    if (member.buffer)
      makeRing(member);
  b.setLoc(lastKernel.getLoc());
  Value first = arith::ConstantIndexOp::create(b, chain.first);
  Value end = arith::ConstantIndexOp::create(b, chain.end);
  Value one = arith::ConstantIndexOp::create(b, 1);
  auto loop = scf::ForOp::create(b, first, end, one);
  loop->setAttr(kRowChainAttrName, b.getDictionaryAttr(b.getNamedAttr(
                                       kStripeName, b.getI64IntegerAttr(chain.stripe))));
  iteration = loop.getInductionVar();
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    for (const ChainMember &member : chain.members)
      emitMember(member);
  }
  for (Operation *fill : chain.fills)
    fill->erase();
  for (const ChainMember &member : chain.members) {
    tflrt::KernelOp kernel = member.kernel;
    kernel.erase();
  }
}

namespace {
struct StreamRowsPass : tflc::impl::TFLCStreamRowsPassBase<StreamRowsPass> {
  void runOnOperation() override {
    ConstantPool pool(getOperation());
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func.isDeclaration())
        continue;
      ArenaBuffers arena = collectArenaBuffers(func.front());
      ChainChooser chooser(arena); // chains refer to what it knows of kernels
      for (const RowChain &chain : chooser.choose())
        ChainRewriter(chain, pool).rewrite();
      // Buffers that no kernel touches any longer, with their views.
      for (Value alloc : arena.allocs)
        eraseUnused(alloc.getDefiningOp());
    }
  }

private:
  static void eraseUnused(Operation *op) {
    for (Operation *user : llvm::make_early_inc_range(op->getUsers()))
      if (isa<ViewLikeOpInterface>(user))
        eraseUnused(user);
    if (op->use_empty())
      op->erase();
  }
};
} // namespace
