//===- Logic.cpp - lowering of comparisons, logic, selection --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "ElementwiseLowering.h"
#include "PopulatePatterns.h"
#include "TFL/IR/LogicOps.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Comparisons
//===----------------------------------------------------------------------===//

template <typename OpTy> static arith::CmpFPredicate getFloatPredicate() {
  if constexpr (std::is_same_v<OpTy, tfl::EqualOp>)
    return arith::CmpFPredicate::OEQ;
  else if constexpr (std::is_same_v<OpTy, tfl::NotEqualOp>)
    return arith::CmpFPredicate::UNE;
  else if constexpr (std::is_same_v<OpTy, tfl::LessOp>)
    return arith::CmpFPredicate::OLT;
  else if constexpr (std::is_same_v<OpTy, tfl::LessEqualOp>)
    return arith::CmpFPredicate::OLE;
  else if constexpr (std::is_same_v<OpTy, tfl::GreaterOp>)
    return arith::CmpFPredicate::OGT;
  else
    return arith::CmpFPredicate::OGE;
}

template <typename OpTy> static arith::CmpIPredicate getIntPredicate(bool isUnsigned) {
  using P = arith::CmpIPredicate;
  if constexpr (std::is_same_v<OpTy, tfl::EqualOp>)
    return P::eq;
  else if constexpr (std::is_same_v<OpTy, tfl::NotEqualOp>)
    return P::ne;
  else if constexpr (std::is_same_v<OpTy, tfl::LessOp>)
    return isUnsigned ? P::ult : P::slt;
  else if constexpr (std::is_same_v<OpTy, tfl::LessEqualOp>)
    return isUnsigned ? P::ule : P::sle;
  else if constexpr (std::is_same_v<OpTy, tfl::GreaterOp>)
    return isUnsigned ? P::ugt : P::sgt;
  else
    return isUnsigned ? P::uge : P::sge;
}

template <typename OpTy> static ElementBody getComparisonBody(OpTy op) {
  Type type = op.getLhs().getType().getElementType();
  if (isa<FloatType>(type))
    return [](ScalarBuilder &b, ValueRange args) {
      SmallVector<Value> wide = widenToSingle(b, args);
      return b.storeBool(b.compare(getFloatPredicate<OpTy>(), wide[0], wide[1]));
    };
  auto lhs = getAffineQuantization(op.getLhs().getType());
  auto rhs = getAffineQuantization(op.getRhs().getType());
  // The kernels compare stored values of 16 bits, but for equality.
  constexpr bool isEquality =
      std::is_same_v<OpTy, tfl::EqualOp> || std::is_same_v<OpTy, tfl::NotEqualOp>;
  if (!lhs || !rhs || (lhs->width == 16 && !isEquality)) {
    bool isUnsigned = isUnsignedElement(type);
    return [=](ScalarBuilder &b, ValueRange args) {
      return b.storeBool(b.compare(getIntPredicate<OpTy>(isUnsigned), args[0], args[1]));
    };
  }
  constexpr int left = 8;
  FixedPointMultiplier lhsScale = quantizeMultiplier(lhs->scale);
  FixedPointMultiplier rhsScale = quantizeMultiplier(rhs->scale);
  return [=](ScalarBuilder &b, ValueRange args) {
    Value x = b.rescale(b.shiftLeft(b.center(args[0], *lhs), left), lhsScale);
    Value y = b.rescale(b.shiftLeft(b.center(args[1], *rhs), left), rhsScale);
    return b.storeBool(b.compare(getIntPredicate<OpTy>(/*isUnsigned=*/false), x, y));
  };
}

//===----------------------------------------------------------------------===//
// Logic
//===----------------------------------------------------------------------===//

/// Bools are stored as 0 and 1.
template <typename OpTy> static ElementBody getLogicBody(OpTy op) {
  return [](ScalarBuilder &b, ValueRange args) {
    if constexpr (std::is_same_v<OpTy, tfl::LogicalAndOp>)
      return b.emit<arith::AndIOp>(args[0], args[1]);
    else if constexpr (std::is_same_v<OpTy, tfl::LogicalOrOp>)
      return b.emit<arith::OrIOp>(args[0], args[1]);
    else
      return b.emit<arith::XOrIOp>(args[0], b.integer(b.i8(), 1));
  };
}

static ElementBody getBitwiseXorBody(tfl::BitwiseXorOp op) {
  return [](ScalarBuilder &b, ValueRange args) { return b.emit<arith::XOrIOp>(args[0], args[1]); };
}

static ElementBody getRightShiftBody(tfl::RightShiftOp op) {
  bool isUnsigned = isUnsignedElement(op.getType().getElementType());
  return [=](ScalarBuilder &b, ValueRange args) {
    Type type = args[0].getType();
    Value most = b.integer(type, type.getIntOrFloatBitWidth() - 1);
    if (isUnsigned)
      return b.emit<arith::ShRUIOp>(args[0], b.emit<arith::MinUIOp>(args[1], most));
    Value distance = b.emit<arith::MaxSIOp>(args[1], b.integer(type, 0));
    return b.emit<arith::ShRSIOp>(args[0], b.emit<arith::MinSIOp>(distance, most));
  };
}

//===----------------------------------------------------------------------===//
// Selection
//===----------------------------------------------------------------------===//

static Value selectElement(ScalarBuilder &b, ValueRange args) {
  Value condition = b.compare(arith::CmpIPredicate::ne, args[0], b.integer(b.i8(), 0));
  return b.select(condition, args[1], args[2]);
}

static ElementBody getSelectV2Body(tfl::SelectV2Op op) { return selectElement; }

namespace {
/// SELECT_V2 of single elements, whose result may have another rank than the operands.
struct SelectSingleLowering : OpConversionPattern<tfl::SelectV2Op> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::SelectV2Op op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    SmallVector<Value> operands;
    for (Value operand : adaptor.getOperands()) {
      auto operandType = cast<RankedTensorType>(operand.getType());
      if (!operandType.hasStaticShape() || operandType.getNumElements() != 1 ||
          !type.hasStaticShape() || type.getNumElements() != 1)
        return rewriter.notifyMatchFailure(op, "not single elements");
      operands.push_back(operand);
    }
    for (Value &operand : operands)
      operand = reshapeTo(rewriter, op.getLoc(), operand, type.getShape());
    rewriter.replaceOp(op, buildElementwise(rewriter, op.getLoc(), operands,
                                            getBroadcastSizes(rewriter, op.getLoc(), operands),
                                            type.getElementType(),
                                            [](OpBuilder &builder, Location at, ValueRange args) {
                                              ScalarBuilder b(builder, at);
                                              return selectElement(b, args);
                                            }));
    return success();
  }
};

/// SELECT, whose vector of conditions stands for whole rows.
struct SelectLowering : OpConversionPattern<tfl::SelectOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::SelectOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    auto condition = cast<RankedTensorType>(adaptor.getCondition().getType());
    auto values = cast<RankedTensorType>(adaptor.getOnTrue().getType());
    int64_t rank = values.getRank();
    SmallVector<OpFoldResult> sizes =
        getBroadcastSizes(rewriter, loc, {adaptor.getOnTrue(), adaptor.getOnFalse()});
    AffineMap identity = rewriter.getMultiDimIdentityMap(rank);
    AffineMap map = identity;
    if (condition.getRank() == 0 || (condition.getRank() == 1 && condition.getDimSize(0) == 1))
      map = getBroadcastMap(condition, sizes);
    else if (condition.getRank() != rank)
      map = identity.getMajorSubMap(1);
    Value result = buildElementwise(rewriter, loc, adaptor.getOperands(), {map, identity, identity},
                                    sizes, values.getElementType(),
                                    [](OpBuilder &builder, Location at, ValueRange args) {
                                      ScalarBuilder b(builder, at);
                                      return selectElement(b, args);
                                    });
    // A result of one element may have another rank than the values.
    if (rank != type.getRank())
      result = reshapeTo(rewriter, loc, result, type.getShape());
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

void tflc::populateLogicPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::EqualOp>(converter, patterns, getComparisonBody<tfl::EqualOp>);
  addElementwise<tfl::NotEqualOp>(converter, patterns, getComparisonBody<tfl::NotEqualOp>);
  addElementwise<tfl::LessOp>(converter, patterns, getComparisonBody<tfl::LessOp>);
  addElementwise<tfl::LessEqualOp>(converter, patterns, getComparisonBody<tfl::LessEqualOp>);
  addElementwise<tfl::GreaterOp>(converter, patterns, getComparisonBody<tfl::GreaterOp>);
  addElementwise<tfl::GreaterEqualOp>(converter, patterns, getComparisonBody<tfl::GreaterEqualOp>);
  addElementwise<tfl::LogicalAndOp>(converter, patterns, getLogicBody<tfl::LogicalAndOp>);
  addElementwise<tfl::LogicalOrOp>(converter, patterns, getLogicBody<tfl::LogicalOrOp>);
  addElementwise<tfl::LogicalNotOp>(converter, patterns, getLogicBody<tfl::LogicalNotOp>);
  addElementwise<tfl::BitwiseXorOp>(converter, patterns, getBitwiseXorBody);
  addElementwise<tfl::RightShiftOp>(converter, patterns, getRightShiftBody);
  addElementwise<tfl::SelectV2Op>(converter, patterns, getSelectV2Body);
  patterns.add<SelectLowering>(converter, patterns.getContext());
  patterns.add<SelectSingleLowering>(converter, patterns.getContext(), /*benefit=*/2);
}
