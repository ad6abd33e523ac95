//===- Complex.cpp - lowering of complex numbers --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLowering.h"
#include "FourierTransform.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"

#include "TFL/IR/ComplexOps.h"
#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <limits>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// REAL, IMAG, COMPLEX_ABS
//===----------------------------------------------------------------------===//

static ElementBody getRealBody(tfl::RealOp) {
  return [](ScalarBuilder &b, ValueRange args) { return b.emit<complex::ReOp>(args[0]); };
}

static ElementBody getImagBody(tfl::ImagOp) {
  return [](ScalarBuilder &b, ValueRange args) { return b.emit<complex::ImOp>(args[0]); };
}

/// large * sqrt(1 + (small / large)^2), where large and small are the magnitudes of the parts: no
/// square overflows. Infinite where one of the parts is.
static ElementBody getComplexAbsBody(tfl::ComplexAbsOp) {
  return [](ScalarBuilder &b, ValueRange args) {
    Value re = b.emit<math::AbsFOp>(b.emit<complex::ReOp>(args[0]));
    Value im = b.emit<math::AbsFOp>(b.emit<complex::ImOp>(args[0]));
    Type type = re.getType();
    Value infinity = b.constant(type, std::numeric_limits<double>::infinity());
    Value large = b.emit<arith::MaximumFOp>(re, im), small = b.emit<arith::MinimumFOp>(re, im);
    Value ratio = b.emit<arith::DivFOp>(small, large);
    Value root = b.emit<math::SqrtOp>(b.add(b.constant(type, 1), b.mul(ratio, ratio)));
    using P = arith::CmpFPredicate;
    Value isZero = b.compare(P::OEQ, large, b.constant(type, 0));
    Value isInfinite =
        b.emit<arith::OrIOp>(b.compare(P::OEQ, re, infinity), b.compare(P::OEQ, im, infinity));
    Value length = b.select(isZero, large, b.mul(large, root));
    return b.select(isInfinite, infinity, length);
  };
}

//===----------------------------------------------------------------------===//
// RFFT2D
//===----------------------------------------------------------------------===//

namespace {
struct ConvertRfft2D : OpConversionPattern<tfl::Rfft2DOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::Rfft2DOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Location loc = op.getLoc();
    std::optional<SmallVector<int64_t>> length = tfl::evaluateAllInts(op.getFftLength());
    ComplexTensor transform;
    if (length && op.getInput().getType().hasStaticShape()) {
      transform = transformMatrices(rewriter, loc, adaptor.getInput(), (*length)[0], (*length)[1]);
    } else {
      IndexMath math(rewriter, loc);
      auto getLength = [&](int64_t i) {
        return math.getElement(op.getFftLength(), adaptor.getFftLength(), i);
      };
      transform =
          transformFedMatrices(rewriter, loc, adaptor.getInput(), getLength(0), getLength(1));
    }
    Value result = buildElementwise(
        rewriter, loc, {transform.re, transform.im},
        tensor::getMixedSizes(rewriter, loc, transform.re), type.getElementType(),
        [&](OpBuilder &builder, Location at, ValueRange args) -> Value {
          return complex::CreateOp::create(builder, at, type.getElementType(), args[0], args[1]);
        });
    result = castTo(rewriter, loc, result, type);
    rewriter.replaceOp(op, result);
    return success();
  }
};
} // namespace

void tflc::populateComplexPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  addElementwise<tfl::RealOp>(converter, patterns, getRealBody);
  addElementwise<tfl::ImagOp>(converter, patterns, getImagBody);
  addElementwise<tfl::ComplexAbsOp>(converter, patterns, getComplexAbsBody);
  patterns.add<ConvertRfft2D>(converter, patterns.getContext());
}
