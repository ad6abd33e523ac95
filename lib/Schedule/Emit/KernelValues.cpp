//===- KernelValues.cpp - what a kernel's bodies compute ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelValues.h"

#include "Schedule/Nest/WordLookup.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tflc;

KernelValues::KernelValues(const KernelTask &task) : KernelAccess(task) {
  if (nest.reduction)
    product = matchContraction(nest.reduction->body());
}

Value KernelValues::evaluate(const Stage &stage, const Position &position, const Point &point,
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

Value KernelValues::loopVariable(unsigned dim, unsigned lanes, const Position &position,
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

Value KernelValues::lookUp(memref::LoadOp op, IRMapping &mapping, unsigned lanes) {
  // Fewer lanes than a row of the table has entries are looked up faster one by one.
  if (lanes >= 16 && target.instructions.looksUp()) {
    ByteLookup bytes = matchByteLookup(op);
    Value index = bytes.table ? mapping.lookupOrDefault(bytes.index) : Value();
    if (index && isa<VectorType>(index.getType()))
      return tflrt::LookupOp::create(
          b, index.getType(), index,
          b.getDenseI8ArrayAttr(llvm::to_vector(bytes.table.getValues<int8_t>())));
    WordLookup words = looksUpPlanes(target) ? matchWordLookup(op) : WordLookup();
    index = words.table ? mapping.lookupOrDefault(words.index) : Value();
    if (index && isa<VectorType>(index.getType()))
      return lookUpPlanes(words, index);
  }
  return lookUpByLanes(op, mapping, lanes);
}

/// Looks up each byte of the words, and joins neighbours: bytes become words, and these words of
/// twice the size.
Value KernelValues::lookUpPlanes(const WordLookup &lookup, Value indices) {
  auto bytes = cast<VectorType>(indices.getType());
  SmallVector<Value> parts;
  for (unsigned number = 0; number < lookup.numPlanes(); ++number) {
    SmallVector<int8_t> plane = lookup.plane(number);
    bool isZero = llvm::all_of(plane, [](int8_t byte) { return byte == 0; });
    parts.push_back(isZero
                        ? arith::ConstantOp::create(b, b.getZeroAttr(bytes)).getResult()
                        : tflrt::LookupOp::create(b, bytes, indices, b.getDenseI8ArrayAttr(plane)));
  }
  int64_t lanes = bytes.getNumElements();
  SmallVector<int64_t> alternate;
  for (int64_t lane = 0; lane < lanes; ++lane)
    alternate.append({lane, lanes + lane});
  while (parts.size() > 1) {
    unsigned bits = cast<VectorType>(parts[0].getType()).getElementTypeBitWidth();
    auto type = VectorType::get(lanes, b.getIntegerType(2 * bits));
    SmallVector<Value> joined;
    for (size_t low = 0; low < parts.size(); low += 2) {
      Value pairs = vector::ShuffleOp::create(b, parts[low], parts[low + 1], alternate);
      joined.push_back(vector::BitCastOp::create(b, type, pairs));
    }
    parts = std::move(joined);
  }
  return parts[0];
}

Value KernelValues::lookUpByLanes(memref::LoadOp op, IRMapping &mapping, unsigned lanes) {
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

Value KernelValues::loadRun(memref::LoadOp op, IRMapping &mapping, const Position &position,
                            const Point &point) {
  const Piece &piece = point.piece;
  if (piece.lanes == 1 || piece.valid < piece.lanes || !nest.epilogue ||
      op->getBlock() != nest.epilogue->body() ||
      !readsRunAlong(strategy.vectorDim, op, *nest.epilogue))
    return nullptr;
  SmallVector<Value> indices;
  for (Value operand : op.getIndices().drop_back())
    indices.push_back(mapping.lookupOrDefault(operand));
  indices.push_back(loopVariable(strategy.vectorDim, /*lanes=*/1, position, point));
  return vector::LoadOp::create(b, VectorType::get(piece.lanes, op.getType()),
                                mapping.lookupOrDefault(op.getMemRef()), indices);
}

Value KernelValues::evaluateBody(Block *body, ArrayRef<Value> arguments, unsigned lanes,
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
      Value run = loadRun(loadOp, mapping, position, point);
      mapping.map(loadOp.getResult(), run ? run : lookUp(loadOp, mapping, lanes));
      continue;
    }
    cloneForLanes(op, mapping, lanes);
  }
  return mapping.lookupOrDefault(body->getTerminator()->getOperand(0));
}

void KernelValues::cloneForLanes(Operation &op, IRMapping &mapping, unsigned lanes) {
  bool anyVector = llvm::any_of(op.getOperands(), [&](Value operand) {
    return isa<VectorType>(mapping.lookupOrDefault(operand).getType());
  });
  if (!anyVector) {
    b.clone(op, mapping);
    return;
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
