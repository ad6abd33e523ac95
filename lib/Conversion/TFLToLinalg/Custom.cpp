//===- Custom.cpp - lowering of custom operators --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CustomLowerings.h"
#include "PopulatePatterns.h"
#include "Utils.h"

using namespace mlir;
using namespace tflc;

namespace {

/// Asks the lowering that belongs to the operator's options.
struct ConvertCustom : OpConversionPattern<tfl::CustomOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::CustomOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    tfl::CustomOptions options = tfl::parseCustomOptions(op.getCustomCode(), op.getCustomOptions());
    FailureOr<SmallVector<Value>> results = failure();
    ValueRange operands = adaptor.getInputs();
    if (auto *detection = std::get_if<tfl::DetectionOptions>(&options))
      results = lowerDetectionPostProcess(rewriter, op, operands, *detection);
    else if (auto *spectrogram = std::get_if<tfl::SpectrogramOptions>(&options))
      results = lowerSpectrogram(rewriter, op, operands, *spectrogram);
    else if (auto *mfcc = std::get_if<tfl::MfccOptions>(&options))
      results = lowerMfcc(rewriter, op, operands, *mfcc);
    else if (auto *window = std::get_if<tfl::WindowOptions>(&options))
      results = lowerWindow(rewriter, op, operands, *window);
    if (failed(results))
      return rewriter.notifyMatchFailure(op, "no lowering of this custom operator");
    for (auto [result, old] : llvm::zip_equal(*results, op.getOutputs()))
      result =
          castTo(rewriter, op.getLoc(), result, getTypeConverter()->convertType(old.getType()));
    rewriter.replaceOp(op, *results);
    return success();
  }
};

} // namespace

void tflc::populateCustomPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertCustom>(converter, patterns.getContext());
}
