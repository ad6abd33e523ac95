//===- Custom.cpp - lowering of custom operators --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CustomLowerings.h"
#include "PopulatePatterns.h"
#include "Utils.h"

#include "TFL/IR/ElementTypes.h"
#include "TFLRT/IR/CallOps.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// A call of a function that is linked to the model. What it returns ends the invocation unless it
/// is zero.
static SmallVector<Value> lowerCall(ConversionPatternRewriter &rewriter, tfl::CustomOp op,
                                    ValueRange operands, const TypeConverter &converter) {
  Location loc = op.getLoc();
  SmallVector<Value> inputs, inits;
  for (Value operand : operands)
    if (tfl::isPresent(operand))
      inputs.push_back(operand);
  SmallVector<Type> types;
  for (Value result : op.getOutputs()) {
    auto type = converter.convertType<RankedTensorType>(result.getType());
    types.push_back(type);
    inits.push_back(tensor::EmptyOp::create(rewriter, loc, type.getShape(), type.getElementType()));
  }
  types.push_back(rewriter.getI32Type());
  auto call = tflrt::CallCustomOp::create(
      rewriter, loc, types, op.getFunctionAttr(), op.getCustomOptionsAttr(),
      rewriter.getTypeArrayAttr(llvm::to_vector(op->getOperandTypes())),
      rewriter.getTypeArrayAttr(llvm::to_vector(op->getResultTypes())), inputs, inits);
  SmallVector<Value> results(call.getResults());
  for (Value &result : results)
    result =
        tflrt::GuardOp::create(rewriter, loc, TypeRange(result.getType()), call.getStatus(), result)
            .getResult();
  if (results.empty())
    tflrt::GuardOp::create(rewriter, loc, TypeRange(), call.getStatus(), Value());
  return results;
}

namespace {

/// Asks the lowering that belongs to the operator's options.
struct ConvertCustom : OpConversionPattern<tfl::CustomOp> {
  using OpConversionPattern::OpConversionPattern;

  LogicalResult matchAndRewrite(tfl::CustomOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (op.getFunction()) {
      rewriter.replaceOp(op, lowerCall(rewriter, op, adaptor.getInputs(), *getTypeConverter()));
      return success();
    }
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
