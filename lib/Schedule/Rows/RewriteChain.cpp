//===- RewriteChain.cpp - a chain of kernels as a loop --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "RewriteChain.h"

#include "Schedule/Memory/ArenaBuffers.h"
#include "Schedule/Memory/InPlace.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace tflc;

namespace {

/// Replaces the kernels of a chain by a loop.
class ChainRewriter {
public:
  ChainRewriter(const RowChain &chain, ConstantPool &pool)
      : chain(chain), pool(pool), b(chain.place->getLoc(), chain.place->getContext()) {}
  void rewrite();

private:
  void makeRing(const ChainMember &member);
  void beginCollector(const ChainMember &member);
  void emitCollector(const ChainMember &member);
  void endCollector(const ChainMember &member);
  Operation *cloneAlone(linalg::LinalgOp op);
  void emitMember(const ChainMember &member);
  void carryRows(const ChainMember &member, Value ring);
  void cloneKernel(const ChainMember &member);
  Value emitStart(const ChainMember &member, bool before = false);
  Value emitTable(function_ref<int64_t(int64_t)> valueAt, int64_t begin, int64_t shift);
  Value emitIndex(Value value, int64_t factor, int64_t offset);
  Value takeRows(Value buffer, ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes,
                 OpFoldResult first, int64_t count);

  const RowChain &chain;
  ConstantPool &pool;
  ImplicitLocOpBuilder b;
  Value iteration;
  /// The rings by the buffers that they replace, and who writes them.
  DenseMap<Value, std::pair<Value, const ChainMember *>> rings;
  IRMapping collected;                 ///< the sums of collectors
  DenseMap<OpOperand *, Value> shapes; ///< what takes the place of operands that are a shape only
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
  return emitTable([&](int64_t i) { return start.at(i); }, chain.first - 1, before ? -1 : 0);
}

/// A value that each iteration from `begin` on has, of the one that is `shift` ahead of this one.
Value ChainRewriter::emitTable(function_ref<int64_t(int64_t)> valueAt, int64_t begin,
                               int64_t shift) {
  SmallVector<int64_t> values;
  for (int64_t i = begin; i < chain.end; ++i)
    values.push_back(valueAt(i));
  bool areBytes = *llvm::max_element(values) < 256;
  std::string bytes;
  for (int64_t value : values)
    for (unsigned byte = 0; byte < (areBytes ? 1u : 4u); ++byte)
      bytes.push_back(static_cast<char>(value >> (8 * byte)));
  Value table = pool.get(b, b.getLoc(), b.getIntegerType(areBytes ? 8 : 32), bytes);
  Value value = memref::LoadOp::create(b, table, emitIndex(iteration, 1, shift - begin));
  return arith::IndexCastUIOp::create(b, b.getIndexType(), value);
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
  auto kernel = tflrt::KernelOp::create(b, tflrt::StrategyAttr(), Value());
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
  auto kernel = tflrt::KernelOp::create(b, tflrt::StrategyAttr(), Value());
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
  auto kernel = tflrt::KernelOp::create(b, original.getLoc(), tflrt::StrategyAttr(), Value());
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

/// A kernel of one op of a collector.
Operation *ChainRewriter::cloneAlone(linalg::LinalgOp op) {
  auto kernel = tflrt::KernelOp::create(b, op.getLoc(), tflrt::StrategyAttr(), Value());
  OpBuilder::InsertionGuard guard(b);
  b.createBlock(&kernel.getBody());
  return b.clone(*op, collected);
}

/// The sums become a buffer of the function, since they live from one iteration to the next.
void ChainRewriter::beginCollector(const ChainMember &member) {
  Value sums = member.rows->sums;
  if (member.rows->isOutputLast())
    collected.map(
        sums,
        memref::AllocOp::create(b, sums.getLoc(), cast<MemRefType>(sums.getType())).getMemref());
  linalg::LinalgOp reduction = linalgOpsOf(member.kernel)[1];
  for (OpOperand &operand : reduction->getOpOperands()) {
    if (!isShapeOnly(reduction, operand, member.rows->rowLoop))
      continue;
    auto type = cast<MemRefType>(operand.get().getType());
    SmallVector<int64_t> shape(type.getShape());
    AffineMap map = reduction.getMatchingIndexingMap(&operand);
    for (auto [size, index] : llvm::zip_equal(shape, map.getResults()))
      if (index.isFunctionOfDim(member.rows->rowLoop))
        size = member.batch;
    shapes[&operand] = memref::AllocOp::create(b, operand.get().getLoc(),
                                               MemRefType::get(shape, type.getElementType()));
  }
  cloneAlone(linalgOpsOf(member.kernel)[0]);
}

/// Adds the rows that the producer has computed for the first time.
void ChainRewriter::emitCollector(const ChainMember &member) {
  const ChainMember &producer = chain.members[member.producer];
  auto addBatch = [&](OpFoldResult row) {
    const RowRead &read = member.rows->reads[0];
    auto view = findPlainView(read.buffer);
    Value ring = rings[producer.buffer].first;
    Value rows = takeRows(ring, view->offsets, view->sizes, row, member.batch);
    linalg::LinalgOp reduction = linalgOpsOf(member.kernel)[1];
    Operation *clone = cloneAlone(reduction);
    clone->setOperand(read.operand, rows);
    for (OpOperand &operand : reduction->getOpOperands())
      if (Value shape = shapes.lookup(&operand))
        clone->setOperand(operand.getOperandNumber(), shape);
  };
  int64_t front = producer.above + producer.carried();
  bool areAllNew = member.batch == member.count;
  for (int64_t i = member.first; i <= member.last; ++i)
    areAllNew &= member.newRows(i) == member.count;
  if (areAllNew)
    return addBatch(b.getIndexAttr(front));
  // Of a stripe that begins earlier the last rows are new.
  Value first =
      emitTable([&](int64_t i) { return member.count - member.newRows(std::min(i, member.last)); },
                member.first, 0);
  Value end = arith::ConstantIndexOp::create(b, member.count);
  Value step = arith::ConstantIndexOp::create(b, member.batch);
  auto loop = scf::ForOp::create(b, first, end, step);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  addBatch(emitIndex(loop.getInductionVar(), 1, front));
}

void ChainRewriter::endCollector(const ChainMember &member) {
  if (member.rows->isOutputLast())
    cloneAlone(linalgOpsOf(member.kernel)[2]);
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
  if (member.rows->isCollector())
    return emitCollector(member);
  if (member.buffer && member.carried() > 0)
    carryRows(member, rings[member.buffer].first);
  cloneKernel(member);
}

void ChainRewriter::rewrite() {
  b.setInsertionPoint(chain.place);
  for (const ChainMember &member : chain.members)
    if (member.buffer)
      makeRing(member);
    else if (member.rows->isCollector())
      beginCollector(member);
  b.setLoc(chain.place->getLoc());
  Value first = arith::ConstantIndexOp::create(b, chain.first);
  Value end = arith::ConstantIndexOp::create(b, chain.end);
  Value one = arith::ConstantIndexOp::create(b, 1);
  auto loop = scf::ForOp::create(b, first, end, one);
  SmallVector<NamedAttribute> facts{b.getNamedAttr(kStripeName, b.getI64IntegerAttr(chain.stripe))};
  if (int64_t collectors = llvm::count_if(
          chain.members, [](const ChainMember &member) { return member.rows->isCollector(); }))
    facts.push_back(b.getNamedAttr(kCollectorsName, b.getI64IntegerAttr(collectors)));
  loop->setAttr(kRowChainAttrName, b.getDictionaryAttr(facts));
  iteration = loop.getInductionVar();
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    for (const ChainMember &member : chain.members)
      emitMember(member);
  }
  for (const ChainMember &member : chain.members)
    if (member.rows->isCollector())
      endCollector(member);
  for (Operation *fill : chain.fills)
    fill->erase();
  for (const ChainMember &member : chain.members) {
    tflrt::KernelOp kernel = member.kernel;
    kernel.erase();
  }
}

void tflc::rewriteChain(const RowChain &chain, ConstantPool &pool) {
  ChainRewriter(chain, pool).rewrite();
}
