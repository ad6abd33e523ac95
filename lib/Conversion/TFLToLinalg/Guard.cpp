//===- Guard.cpp - values that an operator rejects ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Guard.h"

#include "IndexMath.h"
#include "Utils.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

static Value selectStatus(ScalarBuilder &b, Value isRejected, tflc_status status) {
  return b.select(isRejected, b.integer(b.i32(), status), b.integer(b.i32(), TFLC_OK));
}

static Value guard(OpBuilder &builder, Location loc, Value value, Value status) {
  return tflrt::GuardOp::create(builder, loc, TypeRange(value.getType()), status, value)
      .getResult();
}

Value tflc::guardScalar(OpBuilder &builder, Location loc, Value value, Value isRejected,
                        tflc_status status) {
  ScalarBuilder b(builder, loc);
  return guard(builder, loc, value, selectStatus(b, isRejected, status));
}

Value tflc::guardElements(OpBuilder &builder, Location loc, Value value, ValueRange inputs,
                          tflc_status status,
                          function_ref<Value(ScalarBuilder &, ValueRange)> isRejected) {
  SmallVector<OpFoldResult> sizes = getBroadcastSizes(builder, loc, inputs);
  if (sizes.empty()) {
    SmallVector<Value> elements;
    for (Value input : inputs)
      elements.push_back(tensor::ExtractOp::create(builder, loc, input, ValueRange{}));
    ScalarBuilder b(builder, loc);
    return guard(builder, loc, value, selectStatus(b, isRejected(b, elements), status));
  }
  // The largest status of all elements.
  SmallVector<AffineMap> maps;
  for (Value input : inputs)
    maps.push_back(getBroadcastMap(cast<RankedTensorType>(input.getType()), sizes));
  maps.push_back(AffineMap::get(sizes.size(), 0, builder.getContext()));
  Value init =
      createFilled(builder, loc, {}, createInt(builder, loc, builder.getI32Type(), TFLC_OK));
  SmallVector<utils::IteratorType> iterators(sizes.size(), utils::IteratorType::reduction);
  auto worst = linalg::GenericOp::create(
      builder, loc, init.getType(), inputs, init, maps, iterators,
      [&](OpBuilder &nested, Location at, ValueRange args) {
        ScalarBuilder b(nested, at);
        Value found = selectStatus(b, isRejected(b, args.drop_back()), status);
        linalg::YieldOp::create(nested, at, b.emit<arith::MaxUIOp>(args.back(), found));
      });
  Value scalar = tensor::ExtractOp::create(builder, loc, worst.getResult(0), ValueRange{});
  return guard(builder, loc, value, scalar);
}

/// Whether a constant holds none of the rejected values.
static bool isFree(DenseElementsAttr constant, bool isUnsigned, const Rejection &rejection) {
  if (isa<FloatType>(constant.getElementType()))
    return llvm::none_of(constant.getValues<APFloat>(),
                         [](const APFloat &value) { return value.isZero(); });
  return llvm::none_of(constant.getValues<APInt>(), [&](const APInt &value) {
    int64_t stored = isUnsigned ? int64_t(value.getZExtValue()) : value.getSExtValue();
    return stored >= rejection.low && stored <= rejection.high;
  });
}

Value tflc::guardOperand(OpBuilder &builder, Location loc, Value model, Value converted,
                         const Rejection &rejection) {
  Type modelType = cast<RankedTensorType>(model.getType()).getElementType();
  bool isUnsigned = isUnsignedElement(modelType);
  if (DenseElementsAttr constant = matchConstant(model))
    if (isFree(constant, isUnsigned, rejection))
      return converted;
  return guardElements(
      builder, loc, converted, converted, rejection.status,
      [&](ScalarBuilder &b, ValueRange args) -> Value {
        Type type = args[0].getType();
        if (isa<FloatType>(type))
          return b.compare(arith::CmpFPredicate::OEQ, args[0], b.constant(type, 0));
        Type wide = type.getIntOrFloatBitWidth() < 32 ? b.i32() : type;
        Value value = extendInt(b.getBuilder(), b.getLoc(), args[0], modelType, wide);
        if (rejection.low == rejection.high)
          return b.compare(arith::CmpIPredicate::eq, value, b.integer(wide, rejection.low));
        Value isHigh = b.compare(arith::CmpIPredicate::sgt, value, b.integer(wide, rejection.high));
        Value isLow = b.compare(arith::CmpIPredicate::slt, value, b.integer(wide, rejection.low));
        Value isOutside = b.emit<arith::OrIOp>(isHigh, isLow);
        return b.emit<arith::XOrIOp>(isOutside, b.integer(b.getBuilder().getI1Type(), 1));
      });
}

/// Whether all elements of a constant are in [low, high).
static bool isInRange(Value model, int64_t low, std::optional<int64_t> high) {
  std::optional<SmallVector<int64_t>> constants = matchConstantInts(model);
  return constants && high &&
         llvm::all_of(*constants, [&](int64_t index) { return index >= low && index < *high; });
}

/// How often the loop runs of whose iterations `indices` is the number; nothing for other values.
static std::optional<int64_t> getIterationCount(Value indices) {
  auto elements = indices.getDefiningOp<tensor::FromElementsOp>();
  auto cast = elements && elements.getElements().size() == 1
                  ? elements.getElements()[0].getDefiningOp<arith::IndexCastOp>()
                  : arith::IndexCastOp();
  auto number = cast ? dyn_cast<BlockArgument>(cast.getIn()) : BlockArgument();
  auto loop = number ? dyn_cast<scf::ForOp>(number.getOwner()->getParentOp()) : scf::ForOp();
  if (!loop || loop.getInductionVar() != number || getConstantIntValue(loop.getLowerBound()) != 0)
    return std::nullopt;
  return getConstantIntValue(loop.getUpperBound());
}

/// The index `size` as a scalar that elements of `type` are compared with.
static Value createLimit(OpBuilder &builder, Location loc, Type type, OpFoldResult size) {
  if (std::optional<int64_t> known = getConstantIntValue(size))
    return createInt(builder, loc, type, *known);
  return arith::IndexCastOp::create(builder, loc, type, IndexMath(builder, loc).getValue(size));
}

static Type getComparedType(OpBuilder &builder, Value indices) {
  Type type = getElementType(indices);
  return type.getIntOrFloatBitWidth() < 32 ? builder.getI32Type() : type;
}

/// The integer `indices`, for none of which `predicate` holds with `bound`.
static Value guardCompared(OpBuilder &builder, Location loc, Value indices, OpFoldResult bound,
                           arith::CmpIPredicate predicate) {
  Type wide = getComparedType(builder, indices);
  Value limit = createLimit(builder, loc, wide, bound);
  return guardElements(builder, loc, indices, indices, TFLC_INDEX_OUT_OF_RANGE,
                       [&](ScalarBuilder &b, ValueRange args) {
                         return b.compare(predicate, b.resize(args[0], wide), limit);
                       });
}

Value tflc::guardIndices(OpBuilder &builder, Location loc, Value model, Value indices,
                         OpFoldResult bound) {
  std::optional<int64_t> known = getConstantIntValue(bound), count = getIterationCount(indices);
  if (isInRange(model, 0, known) || (count && known && *count <= *known))
    return indices;
  // Below zero is a large unsigned number.
  return guardCompared(builder, loc, indices, bound, arith::CmpIPredicate::uge);
}

Value tflc::guardBelow(OpBuilder &builder, Location loc, Value model, Value indices,
                       OpFoldResult bound) {
  if (isInRange(model, INT64_MIN, getConstantIntValue(bound)))
    return indices;
  return guardCompared(builder, loc, indices, bound, arith::CmpIPredicate::sge);
}

Value tflc::guardAxes(OpBuilder &builder, Location loc, Value axes, int64_t rank) {
  return guardElements(builder, loc, axes, axes, TFLC_INVALID_VALUE,
                       [&](ScalarBuilder &b, ValueRange args) {
                         // Below zero is a large unsigned number.
                         return b.compare(arith::CmpIPredicate::uge, b.add(args[0], rank),
                                          b.integer(args[0].getType(), 2 * rank));
                       });
}

Value tflc::guardPlaces(OpBuilder &builder, Location loc, Value indices,
                        ArrayRef<OpFoldResult> sizes) {
  if (sizes.empty())
    return indices;
  Type wide = getComparedType(builder, indices);
  SmallVector<Value> bounds;
  for (OpFoldResult size : sizes)
    bounds.push_back(createLimit(builder, loc, wide, size));
  Value limits = tensor::FromElementsOp::create(builder, loc, bounds);
  return guardElements(builder, loc, indices, {indices, limits}, TFLC_INDEX_OUT_OF_RANGE,
                       [&](ScalarBuilder &b, ValueRange args) {
                         return b.compare(arith::CmpIPredicate::uge, b.resize(args[0], wide),
                                          args[1]);
                       });
}
