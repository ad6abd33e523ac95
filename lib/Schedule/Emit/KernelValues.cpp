//===- KernelValues.cpp - loads, stores and bodies of a kernel ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

/// The buffer as one row of elements that begins at its aligned pointer.
Value KernelEmitter::flat(const LinearAccess &access) {
  Value &result = flatBuffers[access.buffer];
  if (result)
    return result;
  auto type = cast<MemRefType>(access.buffer.getType());
  if (type.getRank() == 1 && type.getLayout().isIdentity())
    return result = access.buffer;
  SmallVector<int64_t> strides;
  int64_t offset = 0;
  (void)type.getStridesAndOffset(strides, offset); // linear accesses have them
  int64_t last = access.startsAtRunTime ? 0 : offset;
  for (auto [size, stride] : llvm::zip_equal(type.getShape(), strides))
    last += (size - 1) * stride;
  if (access.startsAtRunTime) {
    // The flat view begins with the buffer, as all others do: the start is part of every index.
    Value start = memref::ExtractStridedMetadataOp::create(b, access.buffer).getOffset();
    starts[access.buffer] = start;
    Value size = arith::AddIOp::create(b, start, arith::ConstantIndexOp::create(b, last + 1));
    return result = memref::ReinterpretCastOp::create(
               b, MemRefType::get({ShapedType::kDynamic}, type.getElementType()), access.buffer,
               OpFoldResult(b.getIndexAttr(0)), ArrayRef<OpFoldResult>{size},
               ArrayRef<OpFoldResult>{b.getIndexAttr(1)});
  }
  result = memref::ReinterpretCastOp::create(b, MemRefType::get({last + 1}, type.getElementType()),
                                             access.buffer, /*offset=*/0,
                                             ArrayRef<int64_t>{last + 1}, ArrayRef<int64_t>{1});
  return result;
}

Value KernelEmitter::baseIndex(const LinearAccess &access, const Position &position) {
  auto [entry, isNew] = baseIndices.try_emplace({&access, position.scope});
  if (!isNew)
    return entry->second;
  Value sum = access.startsAtRunTime ? starts.lookup(access.buffer) : Value();
  for (auto [coefficient, variable] : llvm::zip_equal(access.coefficients, position.variables)) {
    if (coefficient == 0 || !variable)
      continue;
    Value term = variable;
    if (coefficient != 1)
      term = arith::MulIOp::create(b, variable, arith::ConstantIndexOp::create(b, coefficient));
    sum = sum ? arith::AddIOp::create(b, sum, term).getResult() : term;
  }
  return baseIndices[{&access, position.scope}] = sum;
}

int64_t KernelEmitter::constantIndex(const LinearAccess &access, const Position &position,
                                     ArrayRef<int64_t> delta) const {
  int64_t sum = access.offset;
  for (auto [coefficient, constant, step] :
       llvm::zip_equal(access.coefficients, position.constants, delta))
    sum += coefficient * (constant + step);
  return sum;
}

Value KernelEmitter::index(Value base, int64_t constant) {
  if (!base)
    return arith::ConstantIndexOp::create(b, constant);
  if (constant == 0)
    return base;
  return arith::AddIOp::create(b, base, arith::ConstantIndexOp::create(b, constant));
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

Value KernelEmitter::zero(Type type) { return arith::ConstantOp::create(b, b.getZeroAttr(type)); }

Value KernelEmitter::vectorize(Value value, unsigned lanes) {
  if (lanes == 1 || isa<VectorType>(value.getType()))
    return value;
  return vector::BroadcastOp::create(b, VectorType::get(lanes, value.getType()), value);
}

Value KernelEmitter::validLanes(const Piece &piece) {
  SmallVector<bool> mask(piece.lanes, false);
  std::fill_n(mask.begin(), piece.valid, true);
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(VectorType::get(piece.lanes, b.getI1Type()), mask));
}

Value KernelEmitter::loadPieces(const LinearAccess &access, Value base, int64_t constant,
                                unsigned lanes, unsigned valid) {
  Value result = zero(VectorType::get(lanes, access.elementType));
  for (unsigned done = 0; done < valid;) {
    unsigned part = 1u << llvm::Log2_32(valid - done);
    Value piece = vector::LoadOp::create(b, VectorType::get(part, access.elementType), flat(access),
                                         index(base, constant + done));
    result = vector::InsertStridedSliceOp::create(b, piece, result, ArrayRef<int64_t>{done},
                                                  ArrayRef<int64_t>{1});
    done += part;
  }
  return result;
}

bool KernelEmitter::isColumnConstant(const LinearAccess &access, const Position &position) const {
  if (!(strategy.words || strategy.taps) || !access.constant || !columnBlock)
    return false;
  for (auto [dim, coefficient] : llvm::enumerate(access.coefficients))
    if (dim != strategy.vectorDim && coefficient != 0 &&
        !(nest.dims[dim].isReduction && !position.variables[dim]))
      return false;
  return true;
}

Value KernelEmitter::load(const LinearAccess &access, const Position &position,
                          const Point &point) {
  if (access.scalar)
    return access.scalar;
  if (access.constant && access.constant.isSplat())
    return arith::ConstantOp::create(b, access.constant.getSplatValue<TypedAttr>());
  unsigned lanes = point.piece.lanes, valid = point.piece.valid;
  int64_t stride = access.coefficients[strategy.vectorDim];
  if (stride == 0)
    lanes = valid = 1;
  if (isColumnConstant(access, position) && position.scope != columnScope) {
    // In front of the loops over rows: LLVM moves no load across the assembly of a run, and would
    // not know that it may read a table before the loop.
    OpBuilder::InsertionGuard guard(b);
    if (b.getInsertionBlock() != columnBlock)
      b.setInsertionPoint(
          columnBlock->findAncestorOpInBlock(*b.getInsertionBlock()->getParentOp()));
    Position outside = position;
    outside.scope = columnScope;
    return load(access, outside, point);
  }
  Value base = baseIndex(access, position);
  int64_t constant = constantIndex(access, position, point.delta);
  Value &result = loads[{&access, position.scope, constant, lanes}];
  if (result)
    return result;
  if (lanes == 1)
    return result = memref::LoadOp::create(b, flat(access), index(base, constant));
  auto type = VectorType::get(lanes, access.elementType);
  if (stride != 1) {
    SmallVector<Value> elements;
    for (unsigned lane = 0; lane < lanes; ++lane)
      elements.push_back(lane < valid ? memref::LoadOp::create(
                                            b, flat(access), index(base, constant + lane * stride))
                                            .getResult()
                                      : zero(access.elementType));
    return result = vector::FromElementsOp::create(b, type, elements);
  }
  if (valid == lanes)
    return result = vector::LoadOp::create(b, type, flat(access), index(base, constant));
  return result = loadPieces(access, base, constant, lanes, valid);
}

void KernelEmitter::store(Value value, const LinearAccess &access, const Position &position,
                          const Point &point) {
  Value base = baseIndex(access, position);
  int64_t constant = constantIndex(access, position, point.delta);
  unsigned lanes = point.piece.lanes, valid = point.piece.valid;
  if (lanes == 1) {
    memref::StoreOp::create(b, value, flat(access), index(base, constant));
    return;
  }
  value = vectorize(value, lanes);
  int64_t stride = access.coefficients[strategy.vectorDim];
  if (stride != 1) {
    for (unsigned lane = 0; lane < valid; ++lane)
      memref::StoreOp::create(b, vector::ExtractOp::create(b, value, lane).getResult(),
                              flat(access), index(base, constant + lane * stride));
    return;
  }
  for (unsigned done = 0; done < valid;) {
    unsigned part = std::min(lanes, 1u << llvm::Log2_32(valid - done));
    Value piece = value;
    if (part < lanes)
      piece = vector::ExtractStridedSliceOp::create(b, value, ArrayRef<int64_t>{done},
                                                    ArrayRef<int64_t>{part}, ArrayRef<int64_t>{1});
    vector::StoreOp::create(b, piece, flat(access), index(base, constant + done));
    done += part;
  }
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

Value KernelEmitter::evaluate(const Stage &stage, const Position &position, const Point &point,
                              Value accumulator) {
  linalg::LinalgOp op = stage.op;
  SmallVector<Value> arguments;
  for (auto [input, isAccumulator] : llvm::zip_equal(stage.inputs, stage.readsAccumulator))
    arguments.push_back(isAccumulator ? accumulator : load(input, position, point));
  // The element that the output held before.
  Value old;
  Block *body = op.getBlock();
  if (!body->getArguments().back().use_empty())
    old = op.getNumReductionLoops() > 0 ? accumulator : load(stage.output, position, point);
  arguments.push_back(old);
  // A product that joins a float sum is rounded once, where the target can.
  if (product && product->isFloat && target.hasFMA && point.piece.lanes > 1 &&
      op.getNumReductionLoops() > 0)
    return vector::FMAOp::create(b, vectorize(arguments[product->lhs.input], point.piece.lanes),
                                 vectorize(arguments[product->rhs.input], point.piece.lanes), old);
  return evaluateBody(body, arguments, point.piece.lanes, position, point);
}

Value KernelEmitter::loopVariable(unsigned dim, unsigned lanes, const Position &position,
                                  const Point &point) {
  Value variable = index(position.variables[dim], position.constants[dim] + point.delta[dim]);
  if (lanes == 1 || dim != strategy.vectorDim)
    return variable;
  SmallVector<Attribute> steps;
  for (unsigned lane = 0; lane < lanes; ++lane)
    steps.push_back(b.getIndexAttr(lane));
  auto type = VectorType::get(lanes, b.getIndexType());
  Value offsets = arith::ConstantOp::create(b, DenseElementsAttr::get(type, steps));
  return arith::AddIOp::create(b, vectorize(variable, lanes), offsets);
}

/// A look-up in a table: in registers where the target can, otherwise lane by lane.
Value KernelEmitter::lookUp(memref::LoadOp op, IRMapping &mapping, unsigned lanes) {
  // Fewer lanes than a row of the table has entries are looked up faster one by one.
  if (lanes >= 16 && target.instructions.looksUp()) {
    ByteLookup bytes = matchByteLookup(op);
    Value index = bytes.table ? mapping.lookupOrDefault(bytes.index) : Value();
    if (index && isa<VectorType>(index.getType()))
      return tflrt::LookupOp::create(
          b, index.getType(), index,
          b.getDenseI8ArrayAttr(llvm::to_vector(bytes.table.getValues<int8_t>())));
  }
  SmallVector<Value> indices;
  bool isVector = false;
  for (Value operand : op.getIndices()) {
    indices.push_back(mapping.lookupOrDefault(operand));
    isVector |= isa<VectorType>(indices.back().getType());
  }
  Value table = mapping.lookupOrDefault(op.getMemRef());
  if (!isVector)
    return memref::LoadOp::create(b, table, indices);
  SmallVector<Value> elements;
  for (unsigned lane = 0; lane < lanes; ++lane) {
    SmallVector<Value> at;
    for (Value value : indices)
      at.push_back(isa<VectorType>(value.getType())
                       ? vector::ExtractOp::create(b, value, lane).getResult()
                       : value);
    elements.push_back(memref::LoadOp::create(b, table, at));
  }
  return vector::FromElementsOp::create(b, VectorType::get(lanes, op.getType()), elements);
}

Value KernelEmitter::evaluateBody(Block *body, ArrayRef<Value> arguments, unsigned lanes,
                                  const Position &position, const Point &point) {
  IRMapping mapping;
  for (auto [argument, value] : llvm::zip_equal(body->getArguments(), arguments))
    if (value)
      mapping.map(argument, value);
  for (Operation &op : body->without_terminator()) {
    if (auto indexOp = dyn_cast<linalg::IndexOp>(op)) {
      mapping.map(indexOp.getResult(), loopVariable(indexOp.getDim(), lanes, position, point));
      continue;
    }
    if (auto loadOp = dyn_cast<memref::LoadOp>(op)) {
      mapping.map(loadOp.getResult(), lookUp(loadOp, mapping, lanes));
      continue;
    }
    cloneForLanes(op, mapping, lanes);
  }
  return mapping.lookupOrDefault(body->getTerminator()->getOperand(0));
}

/// Repeats a scalar op of a body for operands of which some are vectors; maps its results.
Operation *KernelEmitter::cloneForLanes(Operation &op, IRMapping &mapping, unsigned lanes) {
  bool anyVector = llvm::any_of(op.getOperands(), [&](Value operand) {
    return isa<VectorType>(mapping.lookupOrDefault(operand).getType());
  });
  if (!anyVector)
    return b.clone(op, mapping);
  IRMapping wide = mapping;
  for (Value operand : op.getOperands())
    wide.map(operand, vectorize(mapping.lookupOrDefault(operand), lanes));
  Operation *clone = b.clone(op, wide);
  for (auto [result, scalar] : llvm::zip_equal(clone->getResults(), op.getResults())) {
    result.setType(VectorType::get(lanes, scalar.getType()));
    mapping.map(scalar, result);
  }
  return clone;
}

//===----------------------------------------------------------------------===//
// Epilogues
//===----------------------------------------------------------------------===//

/// Vectors of the same length, a power of two of them, one behind the other.
Value KernelEmitter::join(ArrayRef<Value> vectors) {
  if (vectors.size() == 1)
    return vectors[0];
  Value low = join(vectors.take_front(vectors.size() / 2));
  Value high = join(vectors.drop_front(vectors.size() / 2));
  SmallVector<int64_t> all(2 * cast<VectorType>(low.getType()).getNumElements());
  std::iota(all.begin(), all.end(), 0);
  return vector::ShuffleOp::create(b, low, high, all);
}

Value KernelEmitter::slice(Value vector, unsigned offset, unsigned lanes) {
  return vector::ExtractStridedSliceOp::create(b, vector, ArrayRef<int64_t>{offset},
                                               ArrayRef<int64_t>{lanes}, ArrayRef<int64_t>{1});
}

SmallVector<KernelEmitter::Run> KernelEmitter::evaluateEpilogue(const Position &position,
                                                                ArrayRef<Point> points,
                                                                ArrayRef<Value> accumulators) {
  Type element = nest.epilogue->output.elementType;
  unsigned full = target.vectorBits / 8;
  SmallVector<Run> runs;
  while (!points.empty()) {
    unsigned lanes = points[0].piece.lanes;
    auto isOther = [&](const Point &point) { return point.piece.lanes != lanes; };
    size_t alike = llvm::find_if(points, isOther) - points.begin(), count = 1;
    // Machines that shuffle bytes narrow full vectors; others (MVE) do so as they store.
    if (lanes > 1 && element.isInteger(8) && full > lanes && !nest.usesIndices &&
        target.instructions.looksUp())
      count = llvm::bit_floor(std::min<size_t>(alike, full / lanes));
    if (count == 1) {
      Value accumulator = accumulators.empty() ? Value() : accumulators[0];
      Value result = evaluate(*nest.epilogue, position, points[0], accumulator);
      if (keepsHalves)
        result = reorderHalves(vectorize(result, lanes), lanes, /*back=*/true);
      runs.push_back({points[0], result});
    } else {
      ArrayRef<Value> sums = accumulators.empty() ? accumulators : accumulators.take_front(count);
      Value all = evaluateTogether(position, points.take_front(count), sums);
      if (keepsHalves)
        all = reorderHalves(all, lanes, /*back=*/true);
      for (unsigned first = 0; first < count;) {
        Run run{points[first], nullptr};
        unsigned last = first + 1;
        while (last < count && follows(points[last - 1], points[last])) {
          run.point.piece.lanes += lanes;
          run.point.piece.valid += points[last++].piece.valid;
        }
        run.value = last - first == count ? all : slice(all, first * lanes, run.point.piece.lanes);
        runs.push_back(std::move(run));
        first = last;
      }
    }
    points = points.drop_front(count);
    if (!accumulators.empty())
      accumulators = accumulators.drop_front(count);
  }
  return runs;
}

/// Whether `next` begins where `point`, a full vector, ends.
bool KernelEmitter::follows(const Point &point, const Point &next) const {
  SmallVector<int64_t> delta(point.delta);
  delta[strategy.vectorDim] += point.piece.lanes;
  return strategy.form != Form::Reduce && point.piece.valid == point.piece.lanes &&
         ArrayRef(delta) == ArrayRef(next.delta);
}

/// What does not depend on a rescaled value is evaluated point by point: constants of a channel are
/// then kept once for all rows. Behind it vectors are joined, so that they are clamped, narrowed
/// and looked up with all lanes of the narrow type.
Value KernelEmitter::evaluateTogether(const Position &position, ArrayRef<Point> points,
                                      ArrayRef<Value> accumulators) {
  const Stage &stage = *nest.epilogue;
  Block *body = stage.body();
  unsigned lanes = points[0].piece.lanes, total = lanes * points.size();
  SmallVector<IRMapping> apart(points.size());
  IRMapping together; // values that depend on a rescaled one
  for (unsigned p = 0; p < points.size(); ++p) {
    for (auto [i, argument] : llvm::enumerate(body->getArguments())) {
      if (argument.use_empty())
        continue;
      bool isOutput = i == stage.inputs.size();
      Value value = !isOutput && stage.readsAccumulator[i]
                        ? accumulators[p]
                        : load(isOutput ? stage.output : stage.inputs[i], position, points[p]);
      apart[p].map(argument, value);
    }
  }
  bool isRun = true; // all points are one piece of memory
  for (unsigned p = 1; p < points.size(); ++p)
    isRun &= follows(points[p - 1], points[p]);
  // The value of all points in one vector, or a scalar that they share.
  auto joined = [&](Value value) -> Value {
    if (Value known = together.lookupOrNull(value))
      return known;
    auto argument = dyn_cast<BlockArgument>(value);
    if (isRun && argument && argument.getOwner() == body &&
        argument.getArgNumber() < stage.inputs.size()) {
      const LinearAccess &access = stage.inputs[argument.getArgNumber()];
      if (!access.scalar && access.coefficients[strategy.vectorDim] == 1 &&
          !stage.readsAccumulator[argument.getArgNumber()]) {
        Point all = points[0];
        all.piece = {points[0].piece.offset, total, total - lanes + points.back().piece.valid};
        return load(access, position, all);
      }
    }
    SmallVector<Value> parts;
    for (IRMapping &mapping : apart)
      parts.push_back(mapping.lookupOrDefault(value));
    if (!isa<VectorType>(parts[0].getType()) && llvm::all_equal(parts))
      return parts[0];
    for (Value &part : parts)
      part = vectorize(part, lanes);
    return join(parts);
  };
  for (Operation &op : body->without_terminator()) {
    if (isa<arith::ConstantOp>(op)) {
      Operation *constant = b.clone(op);
      for (IRMapping &mapping : apart)
        mapping.map(op.getResult(0), constant->getResult(0));
      continue;
    }
    bool isBehind =
        llvm::any_of(op.getOperands(), [&](Value operand) { return together.contains(operand); });
    // QUANTIZE makes integers of floats by a plain conversion. What is converted behind the first
    // rescaling needs no constants of a channel any more.
    bool isRescale = isa<tflrt::RescaleOp>(op) ||
                     (isa<tflrt::RescaleOpInterface, arith::FPToSIOp>(op) && !isBehind);
    // One instruction clamps two vectors of words and packs them into one of bytes.
    bool packsWords = isa<arith::MaxSIOp, arith::MinSIOp, arith::TruncIOp>(op) &&
                      op.getOperand(0).getType().isInteger(16);
    if ((isBehind && !isRescale) || packsWords) {
      IRMapping mapping;
      for (Value operand : op.getOperands())
        mapping.map(operand, joined(operand));
      // A table's index is read through its cast.
      if (auto load = dyn_cast<memref::LoadOp>(op)) {
        if (ByteLookup bytes = matchByteLookup(load); bytes.table)
          mapping.map(bytes.index, joined(bytes.index));
        together.map(load.getResult(), lookUp(load, mapping, total));
        continue;
      }
      cloneForLanes(op, mapping, total);
      for (Value result : op.getResults())
        together.map(result, mapping.lookup(result));
      continue;
    }
    if (auto load = dyn_cast<memref::LoadOp>(op)) {
      // Bytes are looked up with all lanes, wherever they come from.
      if (ByteLookup bytes = matchByteLookup(load); bytes.table && total >= 16) {
        IRMapping mapping;
        for (Value operand : {bytes.index, load.getIndices()[0]})
          mapping.map(operand, joined(operand));
        Value all = vectorize(lookUp(load, mapping, total), total);
        for (unsigned p = 0; p < points.size(); ++p)
          apart[p].map(load.getResult(), slice(all, p * lanes, lanes));
        continue;
      }
    }
    SmallVector<Value> results;
    for (unsigned p = 0; p < points.size(); ++p) {
      if (isBehind)
        for (Value operand : op.getOperands())
          if (Value all = together.lookupOrNull(operand))
            apart[p].map(operand, slice(all, p * lanes, lanes));
      if (auto load = dyn_cast<memref::LoadOp>(op))
        apart[p].map(load.getResult(), lookUp(load, apart[p], lanes));
      else
        cloneForLanes(op, apart[p], lanes);
      if (isRescale)
        results.push_back(vectorize(apart[p].lookup(op.getResult(0)), lanes));
    }
    if (isRescale)
      together.map(op.getResult(0), join(results));
  }
  Value result = joined(body->getTerminator()->getOperand(0));
  return vectorize(result, total);
}

/// The reduction across lanes that does what `combiner`, one of those that matchCombiner accepts,
/// does with two values.
static vector::CombiningKind combiningKind(Operation *combiner) {
  using vector::CombiningKind;
  return llvm::TypeSwitch<Operation *, CombiningKind>(combiner)
      .Case<arith::AddIOp, arith::AddFOp>([](auto) { return CombiningKind::ADD; })
      .Case<arith::MaxSIOp>([](auto) { return CombiningKind::MAXSI; })
      .Case<arith::MaxUIOp>([](auto) { return CombiningKind::MAXUI; })
      .Case<arith::MinSIOp>([](auto) { return CombiningKind::MINSI; })
      .Case<arith::MinUIOp>([](auto) { return CombiningKind::MINUI; })
      .Case<arith::MaximumFOp>([](auto) { return CombiningKind::MAXIMUMF; })
      .Case<arith::MinimumFOp>([](auto) { return CombiningKind::MINIMUMF; })
      .Case<arith::MaxNumFOp>([](auto) { return CombiningKind::MAXNUMF; })
      .Case<arith::MinNumFOp>([](auto) { return CombiningKind::MINNUMF; });
}

SmallVector<Value> KernelEmitter::sumAcrossLanes(const Position &position, ArrayRef<Point> points,
                                                 ArrayRef<Value> initial,
                                                 ArrayRef<Value> accumulators) {
  Operation *combiner = matchCombiner(nest.reduction->body());
  auto combine = [&](Value lhs, Value rhs) {
    Operation *op = b.clone(*combiner);
    op->setOperands({lhs, rhs});
    op->getResult(0).setType(lhs.getType());
    return op->getResult(0);
  };
  vector::CombiningKind kind = combiningKind(combiner);
  SmallVector<Value> results;
  for (unsigned i = 0; i < points.size(); ++i) {
    Value sum = accumulators[i];
    for (unsigned part = 1; part < strategy.split; ++part)
      sum = combine(sum, accumulators[part * points.size() + i]);
    if (strategy.lanes > 1)
      sum = vector::ReductionOp::create(b, kind, sum, arith::FastMathFlags::reassoc);
    results.push_back(combine(initial[i], sum));
  }
  return results;
}
