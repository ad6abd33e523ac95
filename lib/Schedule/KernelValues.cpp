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
  int64_t last = offset;
  for (auto [size, stride] : llvm::zip_equal(type.getShape(), strides))
    last += (size - 1) * stride;
  result = memref::ReinterpretCastOp::create(b, MemRefType::get({last + 1}, type.getElementType()),
                                             access.buffer, /*offset=*/0,
                                             ArrayRef<int64_t>{last + 1}, ArrayRef<int64_t>{1});
  return result;
}

Value KernelEmitter::baseIndex(const LinearAccess &access, const Position &position) {
  auto [entry, isNew] = baseIndices.try_emplace({&access, position.scope});
  if (!isNew)
    return entry->second;
  Value sum;
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
    return vector::FMAOp::create(b, vectorize(arguments[product->lhs], point.piece.lanes),
                                 vectorize(arguments[product->rhs], point.piece.lanes), old);
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

/// A look-up in a table, lane by lane.
Value KernelEmitter::lookUp(memref::LoadOp op, IRMapping &mapping, unsigned lanes) {
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
    bool anyVector = llvm::any_of(op.getOperands(), [&](Value operand) {
      return isa<VectorType>(mapping.lookupOrDefault(operand).getType());
    });
    if (!anyVector) {
      b.clone(op, mapping);
      continue;
    }
    IRMapping wide = mapping;
    for (Value operand : op.getOperands())
      wide.map(operand, vectorize(mapping.lookupOrDefault(operand), lanes));
    Operation *clone = b.clone(op, wide);
    for (auto [result, scalar] : llvm::zip_equal(clone->getResults(), op.getResults())) {
      result.setType(VectorType::get(lanes, scalar.getType()));
      mapping.map(scalar, result);
    }
  }
  return mapping.lookupOrDefault(body->getTerminator()->getOperand(0));
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
  Operation *combiner = matchCombiner(*nest.reduction);
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
