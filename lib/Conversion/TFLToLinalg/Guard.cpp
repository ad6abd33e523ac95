//===- Guard.cpp - values that an operator rejects ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Guard.h"

#include "IndexMath.h"
#include "Utils.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
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

Value tflc::guardIndices(OpBuilder &builder, Location loc, Value model, Value indices,
                         OpFoldResult bound) {
  std::optional<SmallVector<int64_t>> constants = matchConstantInts(model);
  std::optional<int64_t> known = getConstantIntValue(bound);
  if (constants && known &&
      llvm::all_of(*constants, [&](int64_t index) { return index >= 0 && index < *known; }))
    return indices;
  Type type = getElementType(indices);
  Type wide = type.getIntOrFloatBitWidth() < 32 ? builder.getI32Type() : type;
  Value limit = known ? createInt(builder, loc, wide, *known)
                      : arith::IndexCastOp::create(builder, loc, wide,
                                                   IndexMath(builder, loc).getValue(bound))
                            .getResult();
  return guardElements(builder, loc, indices, indices, TFLC_INDEX_OUT_OF_RANGE,
                       [&](ScalarBuilder &b, ValueRange args) {
                         // Below zero is a large unsigned number.
                         return b.compare(arith::CmpIPredicate::uge, b.resize(args[0], wide),
                                          limit);
                       });
}
