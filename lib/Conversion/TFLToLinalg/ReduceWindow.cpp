//===- ReduceWindow.cpp - lowering of reductions over windows -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
#include "Utils.h"
#include "Windows.h"

#include "TFL/IR/ReduceWindowOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// What REDUCE_WINDOW makes of its result so far and an element.
static Value combine(ScalarBuilder &b, StringRef function, bool isUnsigned, Value sum,
                     Value element) {
  Type type = element.getType();
  bool isReal = isa<FloatType>(type);
  if (function == "ADD")
    return b.add(sum, element);
  if (function == "MUL")
    return b.mul(sum, element);
  if (function == "MINIMUM" || function == "MAXIMUM") {
    bool isMin = function == "MINIMUM";
    using F = arith::CmpFPredicate;
    using I = arith::CmpIPredicate;
    I predicate = isUnsigned ? (isMin ? I::ule : I::uge) : (isMin ? I::sle : I::sge);
    Value isKept = isReal ? b.compare(isMin ? F::OLE : F::OGE, sum, element)
                          : b.compare(predicate, sum, element);
    return b.select(isKept, sum, element);
  }
  Value zero = b.constant(type, 0);
  auto isTrue = [&](Value value) {
    return isReal ? b.compare(arith::CmpFPredicate::UNE, value, zero)
                  : b.compare(arith::CmpIPredicate::ne, value, zero);
  };
  Value result = function == "ALL" ? b.emit<arith::AndIOp>(isTrue(sum), isTrue(element))
                                   : b.emit<arith::OrIOp>(isTrue(sum), isTrue(element));
  return b.select(result, b.constant(type, 1), zero);
}

namespace {

struct ConvertReduceWindow : OpConversionPattern<tfl::ReduceWindowOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ReduceWindowOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value input = adaptor.getInput();
    auto window = *tfl::evaluateAllInts(op.getWindowDimensions());
    auto strides = *tfl::evaluateAllInts(op.getWindowStrides());
    auto dilations = *tfl::evaluateAllInts(op.getWindowDilations());
    int64_t rank = type.getRank();
    SmallVector<tfl::WindowAxis> axes;
    for (int64_t i = 0; i < rank; ++i)
      axes.push_back({i, window[i], strides[i], dilations[i]});

    IndexMath math(rewriter, loc);
    SmallVector<OpFoldResult> sizes;
    for (tfl::WindowAxis axis : axes) {
      OpFoldResult size = tensor::getMixedSize(rewriter, loc, input, axis.dimension);
      // Not negative where the window does not fit.
      OpFoldResult room =
          math.add(math.sub(size, math.get(axis.getExtent())), math.get(axis.stride));
      sizes.push_back(math.div(math.max(room, math.get(0)), math.get(axis.stride)));
    }
    SmallVector<Value> zeros(op.getInitValue().getType().getRank(), math.getValue(math.get(0)));
    Value initial = tensor::ExtractOp::create(rewriter, loc, adaptor.getInitValue(), zeros);
    Value init = createFilled(rewriter, loc, sizes, initial);
    bool isUnsigned = isUnsignedElement(op.getInput().getType().getElementType());
    Value result =
        reduce(rewriter, loc, input, init, axes, [&](ScalarBuilder &b, Value sum, Value element) {
          return combine(b, op.getReduceFunction(), isUnsigned, sum, element);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  static Value reduce(OpBuilder &builder, Location loc, Value input, Value init,
                      ArrayRef<tfl::WindowAxis> axes,
                      llvm::function_ref<Value(ScalarBuilder &, Value, Value)> body) {
    unsigned rank = axes.size();
    // Gives the window's sizes to the iteration space. Iterators: the result's, then the window's.
    SmallVector<int64_t> windowShape;
    SmallVector<AffineExpr> places, taps;
    for (auto [i, axis] : llvm::enumerate(axes)) {
      windowShape.push_back(axis.filter);
      taps.push_back(builder.getAffineDimExpr(rank + i));
      places.push_back(getWindowPlace(axis, builder.getAffineDimExpr(i), taps.back()));
    }
    Value window = tensor::EmptyOp::create(builder, loc, windowShape, getElementType(input));
    SmallVector<AffineMap> maps = {AffineMap::get(2 * rank, 0, places, builder.getContext()),
                                   AffineMap::get(2 * rank, 0, taps, builder.getContext()),
                                   builder.getMultiDimIdentityMap(2 * rank).getMajorSubMap(rank)};
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    iterators.append(rank, utils::IteratorType::reduction);
    return linalg::GenericOp::create(
               builder, loc, init.getType(), ValueRange{input, window}, init, maps, iterators,
               [&](OpBuilder &inner, Location at, ValueRange args) {
                 ScalarBuilder b(inner, at);
                 linalg::YieldOp::create(inner, at, body(b, args[2], args[0]));
               })
        .getResult(0);
  }
};

} // namespace

void tflc::populateReduceWindowPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertReduceWindow>(converter, patterns.getContext());
}
