//===- ArgReduction.cpp - lowering of ARG_MAX and ARG_MIN ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "ReducedOperand.h"
#include "Utils.h"

#include "TFL/IR/ReductionOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace tflc;

namespace {

/// The least index at which the extremum stands: both are reductions that may run in any order.
template <typename OpTy> struct ArgLowering : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  static constexpr bool isMax = std::is_same_v<OpTy, tfl::ArgMaxOp>;

  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    ReducedOperand operand(rewriter, op, adaptor.getInput(), adaptor.getAxis(),
                           /*keepDims=*/false);
    Value input = operand.getValue();
    bool isUnsigned = isUnsignedElement(op.getInput().getType().getElementType());
    Value extrema = reduceExtremum(rewriter, loc, input, operand.getAxes(), isUnsigned, isMax);
    Value result = findFirst(rewriter, loc, input, extrema, operand.getAxes()[0],
                             getElementType(op.getOutput()));
    auto type = this->getTypeConverter()->template convertType<RankedTensorType>(op.getType());
    rewriter.replaceOp(op, operand.restore(result, type));
    return success();
  }

private:
  /// The last index of a dimension of this size; zero where it is empty.
  static Value createLast(OpBuilder &builder, Location loc, OpFoldResult size, Type type) {
    if (std::optional<int64_t> known = getConstantIntValue(size))
      return createInt(builder, loc, type, std::max<int64_t>(*known - 1, 0));
    IndexMath math(builder, loc);
    OpFoldResult last = math.sub(math.max(size, math.get(1)), math.get(1));
    return arith::IndexCastOp::create(builder, loc, type, math.getValue(last));
  }

  /// The numbers of the places along an axis, where they are few enough to be stored: vectors of
  /// small integers are compared and joined faster than indices of loops. Null elsewhere.
  static DenseElementsAttr numberPlaces(OpBuilder &builder, OpFoldResult size) {
    constexpr int64_t mostPlaces = 1024;
    std::optional<int64_t> count = getConstantIntValue(size);
    if (!count || *count < 1 || *count > mostPlaces)
      return nullptr;
    unsigned width = llvm::isInt<8>(*count - 1) ? 8 : 16;
    SmallVector<APInt> places;
    for (int64_t place = 0; place < *count; ++place)
      places.emplace_back(width, place);
    auto type = RankedTensorType::get(*count, builder.getIntegerType(width));
    return DenseElementsAttr::get(type, places);
  }

  /// The least place where `input` has its extremum. One without any, a NaN, gives the last place.
  static Value findFirst(OpBuilder &builder, Location loc, Value input, Value extrema, int64_t axis,
                         Type indexType) {
    unsigned rank = cast<RankedTensorType>(input.getType()).getRank();
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    iterators[axis] = utils::IteratorType::reduction;
    AffineMap whole = builder.getMultiDimIdentityMap(rank), each = whole.dropResult(axis);
    SmallVector<Value> inputs{input, extrema};
    SmallVector<AffineMap> maps{whole, each};
    OpFoldResult size = tensor::getMixedSize(builder, loc, input, axis);
    DenseElementsAttr places = numberPlaces(builder, size);
    Type placeType = places ? places.getElementType() : indexType;
    if (places) {
      inputs.push_back(arith::ConstantOp::create(builder, loc, places));
      maps.push_back(AffineMap::get(rank, 0, builder.getAffineDimExpr(axis)));
    }
    maps.push_back(each);
    Value last = createLast(builder, loc, size, placeType);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, extrema);
    Value init = createFilled(builder, loc, sizes, last);
    Value first =
        linalg::GenericOp::create(
            builder, loc, init.getType(), inputs, init, maps, iterators,
            [&](OpBuilder &inner, Location at, ValueRange args) {
              ScalarBuilder b(inner, at);
              Value isHere = isa<FloatType>(args[0].getType())
                                 ? b.compare(arith::CmpFPredicate::OEQ, args[0], args[1])
                                 : b.compare(arith::CmpIPredicate::eq, args[0], args[1]);
              Value place =
                  places ? args[2]
                         : b.emit<arith::IndexCastOp>(indexType, b.emit<linalg::IndexOp>(axis));
              linalg::YieldOp::create(
                  inner, at, b.emit<arith::MinSIOp>(args.back(), b.select(isHere, place, last)));
            })
            .getResult(0);
    if (placeType == indexType)
      return first;
    return buildElementwise(
        builder, loc, first, sizes, indexType, [&](OpBuilder &inner, Location at, ValueRange args) {
          return arith::ExtSIOp::create(inner, at, indexType, args[0]).getResult();
        });
  }
};

} // namespace

void tflc::populateArgReductionPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ArgLowering<tfl::ArgMaxOp>, ArgLowering<tfl::ArgMinOp>>(converter,
                                                                       patterns.getContext());
}
