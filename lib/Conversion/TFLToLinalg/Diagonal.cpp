//===- Diagonal.cpp - lowering of the diagonal family ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
#include "Utils.h"

#include "TFL/IR/DiagonalOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// Whether the place of the loops is on the diagonal of the last two dimensions.
static Value isOnDiagonal(ScalarBuilder &b, int64_t rank) {
  return b.compare(arith::CmpIPredicate::eq, b.emit<linalg::IndexOp>(rank - 2),
                   b.emit<linalg::IndexOp>(rank - 1));
}

namespace {

struct ConvertMatrixDiag : OpConversionPattern<tfl::MatrixDiagOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::MatrixDiagOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    int64_t rank = type.getRank();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getDiagonal());
    sizes.push_back(sizes.back());
    AffineMap map = rewriter.getMultiDimIdentityMap(rank).dropResult(rank - 1);
    Value result =
        buildElementwise(rewriter, loc, adaptor.getDiagonal(), {map}, sizes, type.getElementType(),
                         [&](OpBuilder &builder, Location at, ValueRange args) {
                           ScalarBuilder b(builder, at);
                           return b.select(isOnDiagonal(b, rank), args[0],
                                           createZero(builder, at, type.getElementType()));
                         });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

struct ConvertMatrixSetDiag : OpConversionPattern<tfl::MatrixSetDiagOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::MatrixSetDiagOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    int64_t rank = type.getRank();
    Value diagonal = adaptor.getDiagonal();
    IndexMath math(rewriter, loc);
    OpFoldResult length = tensor::getMixedSize(rewriter, loc, diagonal, rank - 2);
    // A matrix without a diagonal has no elements either.
    if (isZeroInteger(length)) {
      rewriter.replaceOp(op, castTo(rewriter, loc, adaptor.getInput(), type));
      return success();
    }
    Value last = math.getValue(math.sub(length, math.get(1)));
    Value result = buildElementwise(
        rewriter, loc, adaptor.getInput(), tensor::getMixedSizes(rewriter, loc, adaptor.getInput()),
        type.getElementType(), [&](OpBuilder &builder, Location at, ValueRange args) {
          ScalarBuilder b(builder, at);
          // Rows behind the diagonal's end read its end, and do not use it.
          SmallVector<Value> place;
          for (int64_t i = 0; i < rank - 1; ++i)
            place.push_back(b.emit<linalg::IndexOp>(i));
          place.back() = b.emit<arith::MinSIOp>(place.back(), last);
          Value element = b.emit<tensor::ExtractOp>(diagonal, place);
          return b.select(isOnDiagonal(b, rank), element, args[0]);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }
};

} // namespace

void tflc::populateDiagonalPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertMatrixDiag, ConvertMatrixSetDiag>(converter, patterns.getContext());
}
