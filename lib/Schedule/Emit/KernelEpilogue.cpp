//===- KernelEpilogue.cpp - what comes behind the sums of a tile ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

void KernelEmitter::finishTile(const Position &position, ArrayRef<Point> points,
                               ArrayRef<Value> sums) {
  const LinearAccess &output = nest.last().output;
  if (!nest.epilogue) {
    for (auto [point, sum] : llvm::zip_equal(points, sums))
      store(sum, output, position, point);
    return;
  }
  // All loads before the first store: the code generator need not prove that they do not overlap.
  SmallVector<Run> runs = evaluateEpilogue(position, points, sums);
  for (const Run &run : runs)
    store(run.value, output, position, run.point);
}

//===----------------------------------------------------------------------===//
// Several vectors at once
//===----------------------------------------------------------------------===//

/// The epilogue of several points. What does not depend on a rescaled value is evaluated point by
/// point: constants of a channel are then kept once for all rows. Behind it vectors are joined, so
/// that they are clamped, narrowed and looked up with all lanes of the narrow type.
class KernelEmitter::EpilogueParts {
public:
  EpilogueParts(KernelEmitter &emitter, const Position &position, ArrayRef<Point> points,
                ArrayRef<Value> sums);

  /// The results of all points in one vector.
  Value evaluate();

private:
  void evaluate(Operation &op);
  void evaluateConstant(Operation &op);
  void evaluateTogether(Operation &op);
  bool lookUpTogether(memref::LoadOp load);
  void evaluateApart(Operation &op, bool isBehind, bool isRescale);
  Value joined(Value value);
  Value loadJoined(Value value);
  void takeApart(Value value, unsigned point);

  KernelEmitter &emitter;
  ImplicitLocOpBuilder &b;
  const Stage &stage;
  const Position &position;
  ArrayRef<Point> points;
  unsigned lanes, total;
  bool isRun = true; ///< all points are one piece of memory
  SmallVector<IRMapping> apart;
  IRMapping together; ///< values that depend on a rescaled one
};

KernelEmitter::EpilogueParts::EpilogueParts(KernelEmitter &emitter, const Position &position,
                                            ArrayRef<Point> points, ArrayRef<Value> sums)
    : emitter(emitter), b(emitter.b), stage(*emitter.nest.epilogue), position(position),
      points(points), lanes(points[0].piece.lanes), total(lanes * points.size()),
      apart(points.size()) {
  for (auto [p, mapping] : llvm::enumerate(apart))
    for (auto [i, argument] : llvm::enumerate(stage.body()->getArguments())) {
      if (argument.use_empty())
        continue;
      bool isOutput = i == stage.inputs.size();
      mapping.map(argument, !isOutput && stage.readsAccumulator[i]
                                ? sums[p]
                                : emitter.load(isOutput ? stage.output : stage.inputs[i], position,
                                               points[p]));
    }
  for (size_t p = 1; p < points.size(); ++p)
    isRun &= emitter.follows(points[p - 1], points[p]);
}

Value KernelEmitter::EpilogueParts::evaluate() {
  for (Operation &op : stage.body()->without_terminator())
    evaluate(op);
  return emitter.vectorize(joined(stage.body()->getTerminator()->getOperand(0)), total);
}

void KernelEmitter::EpilogueParts::evaluate(Operation &op) {
  if (isa<arith::ConstantOp>(op))
    return evaluateConstant(op);
  bool isBehind =
      llvm::any_of(op.getOperands(), [&](Value operand) { return together.contains(operand); });
  // QUANTIZE makes integers of floats by a plain conversion. What is converted behind the first
  // rescaling needs no constants of a channel any more.
  bool isRescale = isa<tflrt::RescaleOp>(op) ||
                   (isa<tflrt::RescaleOpInterface, arith::FPToSIOp>(op) && !isBehind);
  // One instruction clamps two vectors of words and packs them into one of bytes.
  bool packsWords = isa<arith::MaxSIOp, arith::MinSIOp, arith::TruncIOp>(op) &&
                    op.getOperand(0).getType().isInteger(16);
  if ((isBehind && !isRescale) || packsWords)
    return evaluateTogether(op);
  if (auto load = dyn_cast<memref::LoadOp>(op); load && lookUpTogether(load))
    return;
  evaluateApart(op, isBehind, isRescale);
}

void KernelEmitter::EpilogueParts::evaluateConstant(Operation &op) {
  Operation *constant = b.clone(op);
  for (IRMapping &mapping : apart)
    mapping.map(op.getResult(0), constant->getResult(0));
}

void KernelEmitter::EpilogueParts::evaluateTogether(Operation &op) {
  IRMapping mapping;
  for (Value operand : op.getOperands())
    mapping.map(operand, joined(operand));
  // A table's index is read through its cast.
  if (auto load = dyn_cast<memref::LoadOp>(op)) {
    if (ByteLookup bytes = matchByteLookup(load); bytes.table)
      mapping.map(bytes.index, joined(bytes.index));
    together.map(load.getResult(), emitter.lookUp(load, mapping, total));
    return;
  }
  emitter.cloneForLanes(op, mapping, total);
  for (Value result : op.getResults())
    together.map(result, mapping.lookup(result));
}

/// Bytes are looked up with all lanes, wherever they come from.
bool KernelEmitter::EpilogueParts::lookUpTogether(memref::LoadOp load) {
  constexpr unsigned worthwhile = 16;
  ByteLookup bytes = matchByteLookup(load);
  if (!bytes.table || total < worthwhile)
    return false;
  IRMapping mapping;
  for (Value operand : {bytes.index, load.getIndices()[0]})
    mapping.map(operand, joined(operand));
  Value all = emitter.vectorize(emitter.lookUp(load, mapping, total), total);
  for (auto [p, map] : llvm::enumerate(apart))
    map.map(load.getResult(), emitter.slice(all, p * lanes, lanes));
  return true;
}

void KernelEmitter::EpilogueParts::evaluateApart(Operation &op, bool isBehind, bool isRescale) {
  SmallVector<Value> results;
  for (auto [p, mapping] : llvm::enumerate(apart)) {
    if (isBehind)
      for (Value operand : op.getOperands())
        takeApart(operand, p);
    if (auto load = dyn_cast<memref::LoadOp>(op))
      mapping.map(load.getResult(), emitter.lookUp(load, mapping, lanes));
    else
      emitter.cloneForLanes(op, mapping, lanes);
    if (isRescale)
      results.push_back(emitter.vectorize(mapping.lookup(op.getResult(0)), lanes));
  }
  if (isRescale)
    together.map(op.getResult(0), emitter.join(results));
}

void KernelEmitter::EpilogueParts::takeApart(Value value, unsigned point) {
  if (Value all = together.lookupOrNull(value))
    apart[point].map(value, emitter.slice(all, point * lanes, lanes));
}

/// The value of all points in one vector, or a scalar that they share.
Value KernelEmitter::EpilogueParts::joined(Value value) {
  if (Value known = together.lookupOrNull(value))
    return known;
  if (Value loaded = loadJoined(value))
    return loaded;
  SmallVector<Value> parts;
  for (IRMapping &mapping : apart)
    parts.push_back(mapping.lookupOrDefault(value));
  if (!isa<VectorType>(parts[0].getType()) && llvm::all_equal(parts))
    return parts[0];
  for (Value &part : parts)
    part = emitter.vectorize(part, lanes);
  return emitter.join(parts);
}

/// An input that is one run of memory for all points; null for other values.
Value KernelEmitter::EpilogueParts::loadJoined(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!isRun || !argument || argument.getOwner() != stage.body() ||
      argument.getArgNumber() >= stage.inputs.size())
    return nullptr;
  const LinearAccess &access = stage.inputs[argument.getArgNumber()];
  if (access.scalar || access.coefficients[emitter.strategy.vectorDim] != 1 ||
      stage.readsAccumulator[argument.getArgNumber()])
    return nullptr;
  Point all = points[0];
  all.piece = {points[0].piece.offset, total, total - lanes + points.back().piece.valid};
  return emitter.load(access, position, all);
}

//===----------------------------------------------------------------------===//
// All vectors of a tile
//===----------------------------------------------------------------------===//

SmallVector<KernelEmitter::Run> KernelEmitter::evaluateEpilogue(const Position &position,
                                                                ArrayRef<Point> points,
                                                                ArrayRef<Value> sums) {
  SmallVector<Run> runs;
  while (!points.empty()) {
    size_t count = countTogether(points);
    unsigned lanes = points[0].piece.lanes;
    if (count == 1) {
      Value result =
          evaluate(*nest.epilogue, position, points[0], sums.empty() ? Value() : sums[0]);
      runs.push_back({points[0], inMemoryOrder(result, lanes)});
    } else {
      ArrayRef<Value> some = sums.empty() ? sums : sums.take_front(count);
      Value all = EpilogueParts(*this, position, points.take_front(count), some).evaluate();
      cutIntoRuns(inMemoryOrder(all, lanes), points.take_front(count), runs);
    }
    points = points.drop_front(count);
    if (!sums.empty())
      sums = sums.drop_front(count);
  }
  return runs;
}

/// How many of the first points, alike, fill a vector of bytes.
size_t KernelEmitter::countTogether(ArrayRef<Point> points) const {
  unsigned lanes = points[0].piece.lanes, full = target.vectorBits / 8;
  // Machines that shuffle bytes narrow full vectors; others (MVE) do so as they store.
  if (lanes == 1 || !nest.epilogue->output.elementType.isInteger(8) || full <= lanes ||
      nest.usesIndices || !target.instructions.looksUp())
    return 1;
  auto isOther = [&](const Point &point) { return point.piece.lanes != lanes; };
  size_t alike = llvm::find_if(points, isOther) - points.begin();
  return llvm::bit_floor(std::min<size_t>(alike, full / lanes));
}

/// Cuts the results of all points into runs of memory.
void KernelEmitter::cutIntoRuns(Value all, ArrayRef<Point> points, SmallVectorImpl<Run> &runs) {
  unsigned lanes = points[0].piece.lanes;
  for (size_t first = 0; first < points.size();) {
    Run run{points[first], nullptr};
    size_t last = first + 1;
    while (last < points.size() && follows(points[last - 1], points[last])) {
      run.point.piece.lanes += lanes;
      run.point.piece.valid += points[last++].piece.valid;
    }
    bool isAll = last - first == points.size();
    run.value = isAll ? all : slice(all, first * lanes, run.point.piece.lanes);
    runs.push_back(std::move(run));
    first = last;
  }
}

/// Whether `next` begins where `point`, a full vector, ends.
bool KernelEmitter::follows(const Point &point, const Point &next) const {
  SmallVector<int64_t> delta(point.delta);
  delta[strategy.vectorDim] += point.piece.lanes;
  return point.piece.valid == point.piece.lanes && ArrayRef(delta) == ArrayRef(next.delta);
}
