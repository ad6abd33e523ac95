//===- RowChain.cpp - kernels that run row by row -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RowChain.h"

#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Memory/InPlace.h"
#include "Schedule/Nest/LoopNest.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

#include <map>
#include <numeric>

using namespace mlir;
using namespace tflc;

/// The dimension of buffers that is cut.
static constexpr unsigned rowDim = 1;

std::optional<PlainView> tflc::findPlainView(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  if (!type.hasStaticShape())
    return std::nullopt;
  PlainView result;
  result.sizes.assign(type.getShape().begin(), type.getShape().end());
  result.offsets.assign(type.getRank(), 0);
  auto isStatic = [](ArrayRef<int64_t> values) {
    return llvm::none_of(values, ShapedType::isDynamic);
  };
  while (Operation *op = buffer.getDefiningOp()) {
    auto subview = dyn_cast<memref::SubViewOp>(op);
    if (!subview) {
      if (isa<ViewLikeOpInterface>(op))
        return std::nullopt;
      break;
    }
    if (subview.getType().getRank() != subview.getSourceType().getRank() ||
        !isStatic(subview.getStaticOffsets()) || !isStatic(subview.getStaticSizes()) ||
        llvm::any_of(subview.getStaticStrides(), [](int64_t stride) { return stride != 1; }))
      return std::nullopt;
    for (auto [offset, more] : llvm::zip_equal(result.offsets, subview.getStaticOffsets()))
      offset += more;
    buffer = subview.getSource();
  }
  result.base = buffer;
  return result;
}

SmallVector<linalg::LinalgOp> tflc::linalgOpsOf(tflrt::KernelOp kernel) {
  return llvm::to_vector(kernel.getBody().front().getOps<linalg::LinalgOp>());
}

linalg::FillOp tflc::getSingleFill(Operation *op) {
  auto kernel = dyn_cast<tflrt::KernelOp>(op);
  if (!kernel)
    return nullptr;
  SmallVector<linalg::LinalgOp> ops = linalgOpsOf(kernel);
  return ops.size() == 1 ? dyn_cast<linalg::FillOp>(ops.front().getOperation()) : nullptr;
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// Reads `expr`, an index of rows, as scale * `row` + a sum of reduction loops; false where it has
/// another form.
static bool readRowIndex(AffineExpr expr, unsigned row, ArrayRef<int64_t> ranges,
                         ArrayRef<utils::IteratorType> iterators, int64_t factor, RowRead &read) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    read.lowest += factor * constant.getValue();
    read.highest += factor * constant.getValue();
    return true;
  }
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    unsigned position = dim.getPosition();
    if (position == row) {
      read.scale += factor;
      return true;
    }
    int64_t last = factor * (ranges[position] - 1);
    read.lowest += std::min<int64_t>(last, 0);
    read.highest += std::max<int64_t>(last, 0);
    return iterators[position] == utils::IteratorType::reduction;
  }
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return false;
  if (binary.getKind() == AffineExprKind::Add)
    return readRowIndex(binary.getLHS(), row, ranges, iterators, factor, read) &&
           readRowIndex(binary.getRHS(), row, ranges, iterators, factor, read);
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  return binary.getKind() == AffineExprKind::Mul && constant &&
         readRowIndex(binary.getLHS(), row, ranges, iterators, factor * constant.getValue(), read);
}

/// Whether rows of the type can be taken one by one.
static bool hasRows(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  return memref && memref.hasStaticShape() && memref.getRank() > int64_t(rowDim) + 1 &&
         memref.getDimSize(0) == 1 && memref.getElementType().isIntOrFloat();
}

/// Whether nothing but tables of constants and the operands decide what the body gives.
static bool hasPureBody(linalg::LinalgOp op) {
  return llvm::all_of(op.getBlock()->without_terminator(), [](Operation &inner) {
    if (auto load = dyn_cast<memref::LoadOp>(inner))
      return getConstantValues(load.getMemRef()) != nullptr;
    return isPure(&inner) && !isa<linalg::IndexOp>(inner);
  });
}

static int64_t countIterations(linalg::LinalgOp op) {
  int64_t count = 1;
  for (int64_t range : op.getStaticLoopRanges())
    count *= range;
  return count;
}

static void addWhole(RowKernel &kernel, Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  kernel.wholes.push_back(buffer);
  if (type.getElementType().isIntOrFloat())
    kernel.wholeBytes += sizeInBytes(type);
}

std::optional<RowKernel> tflc::analyzeRows(tflrt::KernelOp kernel) {
  SmallVector<linalg::LinalgOp> ops = linalgOpsOf(kernel);
  if (ops.empty() || getSingleFill(kernel))
    return std::nullopt;
  RowKernel result;
  if (ops.back().getNumDpsInits() != 1)
    return std::nullopt;
  result.output = ops.back().getDpsInits()[0];
  if (!hasRows(result.output.getType()))
    return std::nullopt;
  result.rows = cast<MemRefType>(result.output.getType()).getDimSize(rowDim);

  SmallVector<Value> initialized; // what an op of the kernel has written as a whole
  for (auto [number, op] : llvm::enumerate(ops)) {
    if (op.getNumDpsInits() != 1 || op.hasDynamicShape())
      return std::nullopt;
    Value written = op.getDpsInits()[0];
    auto local = written.getDefiningOp<memref::AllocOp>();
    bool isLocal = local && local->getParentOp() == kernel;
    if (!(isLocal || written == result.output) || !hasRows(written.getType()) ||
        cast<MemRefType>(written.getType()).getDimSize(rowDim) != result.rows)
      return std::nullopt;
    if (!hasPureBody(op))
      return std::nullopt;
    OpOperand *init = op.getDpsInitOperand(0);
    AffineMap outputMap = op.getMatchingIndexingMap(init);
    auto row = dyn_cast<AffineDimExpr>(outputMap.getResult(rowDim));
    SmallVector<int64_t> ranges = op.getStaticLoopRanges();
    SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
    if (!row || !outputMap.isProjectedPermutation() ||
        iterators[row.getPosition()] != utils::IteratorType::parallel)
      return std::nullopt;
    // A part of the output that an op needs must come from this kernel.
    if (op.payloadUsesValueFromOperand(init) && !llvm::is_contained(initialized, written))
      return std::nullopt;
    initialized.push_back(written);

    result.work += countIterations(op) / result.rows;
    for (OpOperand *operand : op.getDpsInputOperands()) {
      auto type = dyn_cast<MemRefType>(operand->get().getType());
      if (!type)
        continue;
      AffineMap map = op.getMatchingIndexingMap(operand);
      bool depends = map.isFunctionOfDim(row.getPosition());
      if (!depends) {
        if (llvm::is_contained(initialized, operand->get()))
          return std::nullopt;
        addWhole(result, operand->get());
        continue;
      }
      for (auto [dim, index] : llvm::enumerate(map.getResults()))
        if (dim != rowDim && index.isFunctionOfDim(row.getPosition()))
          return std::nullopt;
      RowRead read{unsigned(number), operand->getOperandNumber(), operand->get(), 0, 0, 0};
      if (!hasRows(type) ||
          !readRowIndex(map.getResult(rowDim), row.getPosition(), ranges, iterators, 1, read) ||
          read.scale < 1)
        return std::nullopt;
      if (llvm::is_contained(initialized, operand->get())) {
        if (read.scale != 1 || read.lowest != 0 || read.highest != 0)
          return std::nullopt;
        continue;
      }
      result.reads.push_back(read);
    }
  }
  return result;
}

/// The loop of a reduction that walks the rows of `operand`, all of them; none where there is no
/// such loop. Loops of one iteration do not move anything.
static std::optional<unsigned> findCollectedRows(linalg::LinalgOp op, OpOperand *operand) {
  if (!hasRows(operand->get().getType()))
    return std::nullopt;
  SmallVector<int64_t> ranges = op.getStaticLoopRanges();
  SmallVector<utils::IteratorType> iterators = op.getIteratorTypesArray();
  AffineExpr index = op.getMatchingIndexingMap(operand).getResult(rowDim);
  for (auto [dim, range] : llvm::enumerate(ranges))
    if (range == 1)
      index = index.replace(getAffineDimExpr(dim, op.getContext()),
                            getAffineConstantExpr(0, op.getContext()));
  auto rows = dyn_cast<AffineDimExpr>(index);
  if (!rows || iterators[rows.getPosition()] != utils::IteratorType::reduction ||
      ranges[rows.getPosition()] != cast<MemRefType>(operand->get().getType()).getDimSize(rowDim))
    return std::nullopt;
  return rows.getPosition();
}

bool tflc::isShapeOnly(linalg::LinalgOp op, OpOperand &operand, unsigned loop) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  return op.isDpsInput(&operand) && isa<MemRefType>(operand.get().getType()) &&
         op.getMatchingBlockArgument(&operand).use_empty() && map.isFunctionOfDim(loop) &&
         map.isProjectedPermutation();
}

std::optional<RowKernel> tflc::analyzeCollector(tflrt::KernelOp kernel) {
  SmallVector<linalg::LinalgOp> ops = linalgOpsOf(kernel);
  auto isReduction = [](linalg::LinalgOp op) { return op.getNumReductionLoops() > 0; };
  if (ops.size() < 2 || ops.size() > 3 || !isReduction(ops[1]) ||
      llvm::count_if(ops, isReduction) != 1)
    return std::nullopt;
  RowKernel result;
  std::optional<unsigned> rows;
  for (linalg::LinalgOp op : ops)
    if (op.getNumDpsInits() != 1 || op.hasDynamicShape() || !hasPureBody(op))
      return std::nullopt;
  result.sums = ops[1].getDpsInits()[0];
  result.output = ops.back().getDpsInits()[0];
  // The sums are filled without a look at what they were.
  if (ops[0].getDpsInits()[0] != result.sums ||
      ops[0].payloadUsesValueFromOperand(ops[0].getDpsInitOperand(0)))
    return std::nullopt;
  auto local = result.sums.getDefiningOp<memref::AllocOp>();
  bool isLocal = local && local->getParentOp() == kernel;
  if (isLocal != (ops.size() == 3) ||
      llvm::range_size(kernel.getBody().front()) != ops.size() + (isLocal ? 1 : 0) ||
      (isLocal && ops[2].payloadUsesValueFromOperand(ops[2].getDpsInitOperand(0))))
    return std::nullopt;

  for (OpOperand *operand : ops[1].getDpsInputOperands())
    if (auto found = findCollectedRows(ops[1], operand)) {
      if (rows)
        return std::nullopt; // of two buffers, whose rows need not be there at the same time
      rows = found;
      result.reads.push_back({1, operand->getOperandNumber(), operand->get(), 1, 0, 0});
    }
  if (!rows)
    return std::nullopt;
  for (linalg::LinalgOp op : ops)
    for (OpOperand &operand : op->getOpOperands()) {
      AffineMap map = op.getMatchingIndexingMap(&operand);
      if (op == ops[1] && operand.getOperandNumber() == result.reads[0].operand) {
        for (auto [dim, index] : llvm::enumerate(map.getResults()))
          if (dim != rowDim && index.isFunctionOfDim(*rows))
            return std::nullopt;
      } else if (op == ops[1] && map.isFunctionOfDim(*rows)) {
        if (!isShapeOnly(op, operand, *rows))
          return std::nullopt;
      } else if (op.isDpsInput(&operand) && isa<MemRefType>(operand.get().getType()) &&
                 !(isLocal && operand.get() == result.sums)) {
        addWhole(result, operand.get());
      }
    }
  result.rowLoop = *rows;
  result.rows = ops[1].getStaticLoopRanges()[*rows];
  result.work = countIterations(ops[1]) / result.rows;
  return result;
}

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

static int64_t bytesOfRow(Value buffer) {
  auto type = cast<MemRefType>(buffer.getType());
  return sizeInBytes(type) / type.getDimSize(rowDim);
}

int64_t ChainMember::ringBytes() const { return bytesOfRow(buffer) * ringRows(); }

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

/// Whether only ops of `allowed` touch `buffer`, directly or through views.
static bool isTouchedByOnly(Value buffer, const DenseSet<Operation *> &allowed) {
  for (Operation *user : buffer.getUsers()) {
    if (isa<ViewLikeOpInterface>(user)) {
      for (Value result : user->getResults())
        if (!isTouchedByOnly(result, allowed))
          return false;
      continue;
    }
    auto kernel = user->getParentOfType<tflrt::KernelOp>();
    if (!kernel || !allowed.contains(kernel))
      return false;
  }
  return true;
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
