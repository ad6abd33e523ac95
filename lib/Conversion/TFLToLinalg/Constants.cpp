//===- Constants.cpp - lowering of tfl.const ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "TFL/IR/ConstantOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

namespace {

struct ConvertConst : OpConversionPattern<tfl::ConstOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::ConstOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getType());
    auto elements = dyn_cast<DenseElementsAttr>(op.getValue());
    if (!elements)
      return rewriter.notifyMatchFailure(op, "values are not dense");
    DenseElementsAttr converted = convertElements(elements, op.getType().getElementType());
    if (converted.getType() != type)
      return rewriter.notifyMatchFailure(op, "values are not of the storage type");
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, type, converted);
    return success();
  }
};

} // namespace

void tflc::populateConstantPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertConst>(converter, patterns.getContext());
}
