//===- KernelAccess.cpp - addresses, loads and stores of a kernel ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelAccess.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/Support/MathExtras.h"

#include <numeric>

using namespace mlir;
using namespace tflc;

Point Point::movedBy(ArrayRef<int64_t> step) const {
  Point moved = *this;
  for (auto [delta, by] : llvm::zip_equal(moved.delta, step))
    delta += by;
  return moved;
}

KernelAccess::KernelAccess(const KernelTask &task)
    : b(task.location(), task.location().getContext()), nest(task.nest), strategy(task.strategy),
      pool(task.pool), target(task.target) {
  b.setInsertionPoint(task.kernel);
}

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

Value KernelAccess::flat(const LinearAccess &access) {
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

Value KernelAccess::baseIndex(const LinearAccess &access, const Position &position) {
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

int64_t KernelAccess::constantIndex(const LinearAccess &access, const Position &position,
                                    ArrayRef<int64_t> delta) const {
  int64_t sum = access.offset;
  for (auto [coefficient, constant, step] :
       llvm::zip_equal(access.coefficients, position.constants, delta))
    sum += coefficient * (constant + step);
  return sum;
}

Value KernelAccess::index(Value base, int64_t constant) {
  if (!base)
    return arith::ConstantIndexOp::create(b, constant);
  if (constant == 0)
    return base;
  return arith::AddIOp::create(b, base, arith::ConstantIndexOp::create(b, constant));
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

Value KernelAccess::zero(Type type) { return arith::ConstantOp::create(b, b.getZeroAttr(type)); }

Value KernelAccess::vectorize(Value value, unsigned lanes) {
  if (lanes == 1 || isa<VectorType>(value.getType()))
    return value;
  return vector::BroadcastOp::create(b, VectorType::get(lanes, value.getType()), value);
}

Value KernelAccess::validLanes(const Piece &piece) {
  SmallVector<bool> mask(piece.lanes, false);
  std::fill_n(mask.begin(), piece.valid, true);
  return arith::ConstantOp::create(
      b, DenseElementsAttr::get(VectorType::get(piece.lanes, b.getI1Type()), mask));
}

Value KernelAccess::loadPieces(const LinearAccess &access, Value base, int64_t constant,
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

Value KernelAccess::load(const LinearAccess &access, const Position &position, const Point &point) {
  if (access.scalar)
    return access.scalar;
  if (access.constant && access.constant.isSplat())
    return arith::ConstantOp::create(b, access.constant.getSplatValue<TypedAttr>());
  Piece piece = point.piece;
  if (access.coefficients[strategy.vectorDim] == 0)
    piece.lanes = piece.valid = 1;
  Value base = baseIndex(access, position);
  int64_t constant = constantIndex(access, position, point.delta);
  Value &result = loads[{&access, position.scope, constant, piece.lanes}];
  if (!result)
    result = loadLanes(access, base, constant, piece);
  return result;
}

Value KernelAccess::loadLanes(const LinearAccess &access, Value base, int64_t constant,
                              const Piece &piece) {
  auto [offset, lanes, valid] = piece;
  int64_t stride = access.coefficients[strategy.vectorDim];
  if (lanes == 1)
    return memref::LoadOp::create(b, flat(access), index(base, constant));
  auto type = VectorType::get(lanes, access.elementType);
  if (stride != 1) {
    SmallVector<Value> elements;
    for (unsigned lane = 0; lane < lanes; ++lane)
      elements.push_back(lane < valid ? memref::LoadOp::create(
                                            b, flat(access), index(base, constant + lane * stride))
                                            .getResult()
                                      : zero(access.elementType));
    return vector::FromElementsOp::create(b, type, elements);
  }
  if (valid == lanes)
    return vector::LoadOp::create(b, type, flat(access), index(base, constant));
  return loadPieces(access, base, constant, lanes, valid);
}

void KernelAccess::store(Value value, const LinearAccess &access, const Position &position,
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

bool KernelAccess::isVectorConstant(const LinearAccess &access) const {
  if (!access.constant || access.constant.getNumElements() != nest.dims[strategy.vectorDim].size ||
      access.offset != 0)
    return false;
  for (auto [dim, coefficient] : llvm::enumerate(access.coefficients))
    if (coefficient != (dim == strategy.vectorDim ? 1 : 0))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Parts of vectors
//===----------------------------------------------------------------------===//

Value KernelAccess::join(ArrayRef<Value> vectors) {
  if (vectors.size() == 1)
    return vectors[0];
  Value low = join(vectors.take_front(vectors.size() / 2));
  Value high = join(vectors.drop_front(vectors.size() / 2));
  SmallVector<int64_t> all(2 * cast<VectorType>(low.getType()).getNumElements());
  std::iota(all.begin(), all.end(), 0);
  return vector::ShuffleOp::create(b, low, high, all);
}

Value KernelAccess::slice(Value vector, unsigned offset, unsigned lanes) {
  return vector::ExtractStridedSliceOp::create(b, vector, ArrayRef<int64_t>{offset},
                                               ArrayRef<int64_t>{lanes}, ArrayRef<int64_t>{1});
}
