//===- Recurrent.cpp - lowering of recurrent layers -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A layer becomes a loop over the steps of its sequence, whose body is linalg on the states. What
// depends on the inputs alone is computed ahead of the loop.
//
//===----------------------------------------------------------------------===//

#include "LayerStates.h"
#include "LstmLayer.h"
#include "PopulatePatterns.h"
#include "RecurrentLayers.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/RecurrentOps.h"
#include "Utils.h"

using namespace mlir;
using namespace tflc;

namespace {

/// A pattern of a recurrent op, which knows the variables of the module.
template <typename OpTy> struct RecurrentPattern : OpConversionPattern<OpTy> {
  RecurrentPattern(const TypeConverter &converter, MLIRContext *context,
                   const VariableSymbols &symbols)
      : OpConversionPattern<OpTy>(converter, context), symbols(symbols) {}

  const VariableSymbols &symbols;
};

} // namespace

//===----------------------------------------------------------------------===//
// LSTM
//===----------------------------------------------------------------------===//

template <typename OpTy>
static LstmSpec getSpec(OpTy op, const tfl::LstmOperands &model,
                        const tfl::LstmOperands &converted) {
  LstmSpec spec;
  spec.model = model;
  spec.converted = converted;
  spec.activation = *parseActivation(op.getFusedActivationFunction());
  spec.cellClip = op.getCellClip().convertToFloat();
  spec.projectionClip = op.getProjClip().convertToFloat();
  spec.isAsymmetric = op.getAsymmetricQuantizeInputs();
  spec.intermediates = op->template getAttrOfType<ArrayAttr>("intermediates");
  spec.outputType = cast<RankedTensorType>(op->getResult(0).getType());
  return spec;
}

/// Reads the two states of a layer.
static void readStates(OpBuilder &builder, Location loc, const LstmSpec &spec,
                       LayerStates &states) {
  auto lastSize = [](Value value) {
    return cast<RankedTensorType>(value.getType()).getShape().back();
  };
  states.read(builder, loc, spec.model.outputState, spec.converted.outputState,
              lastSize(spec.model.recurrentWeights[tfl::OutputGate]));
  states.read(builder, loc, spec.model.cellState, spec.converted.cellState,
              lastSize(spec.model.bias[tfl::OutputGate]));
}

/// The layer of `spec`, or null where it cannot be lowered.
static std::unique_ptr<RecurrentLayer> createLayer(const LstmSpec &spec, bool batchMajor) {
  if (!tfl::isStoredInteger(spec.model.input.getType(), 8))
    return createFloatLstm(spec);
  return canLowerIntegerLstm(spec) ? createIntegerLstm(spec, batchMajor) : nullptr;
}

namespace {

struct ConvertUnidirectionalLstm : RecurrentPattern<tfl::UnidirectionalSequenceLstmOp> {
  using RecurrentPattern::RecurrentPattern;
  LogicalResult matchAndRewrite(tfl::UnidirectionalSequenceLstmOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LstmSpec spec = getSpec(op, tfl::getLstmOperands(op.getInputs()),
                            tfl::getLstmOperands(adaptor.getInputs()));
    std::unique_ptr<RecurrentLayer> layer = createLayer(spec, !op.getTimeMajor());
    if (!layer)
      return rewriter.notifyMatchFailure(op, "peephole weights are not known");
    Location loc = op.getLoc();
    auto type = cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    LayerStates states(symbols);
    readStates(rewriter, loc, spec, states);
    rewriter.replaceOp(op, visitSequence(rewriter, loc, *layer, states, spec.converted.input,
                                         op.getTimeMajor(), type));
    return success();
  }
};

struct ConvertLstm : RecurrentPattern<tfl::LstmOp> {
  using RecurrentPattern::RecurrentPattern;
  LogicalResult matchAndRewrite(tfl::LstmOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (op.getKernelType() == "BASIC")
      return convertBasic(op, adaptor, rewriter);
    LstmSpec spec = getSpec(op, tfl::getLstmOperands(op.getInputs()),
                            tfl::getLstmOperands(adaptor.getInputs()));
    std::unique_ptr<RecurrentLayer> layer = createLayer(spec, /*batchMajor=*/false);
    if (!layer)
      return rewriter.notifyMatchFailure(op, "peephole weights are not known");
    Location loc = op.getLoc();
    LayerStates states(symbols);
    readStates(rewriter, loc, spec, states);
    Value output = takeStep(rewriter, loc, *layer, states);
    Type type = getTypeConverter()->convertType(op.getResult(0).getType());
    rewriter.replaceOp(op, castTo(rewriter, loc, output, type));
    return success();
  }

  LogicalResult convertBasic(tfl::LstmOp op, OpAdaptor adaptor,
                             ConversionPatternRewriter &rewriter) const {
    Location loc = op.getLoc();
    tfl::BasicLstmOperands model = tfl::getBasicLstmOperands(op.getInputs()),
                           converted = tfl::getBasicLstmOperands(adaptor.getInputs());
    LayerStates states(symbols);
    int64_t units = cast<RankedTensorType>(model.activation.getType()).getDimSize(1);
    states.read(rewriter, loc, model.activation, converted.activation, units);
    states.read(rewriter, loc, model.state, converted.state, units);
    converted.activation = states.values[0];
    converted.state = states.values[1];
    SmallVector<Value> results = createBasicLstm(rewriter, loc, model, converted);
    states.values = {results[0], results[1]};
    states.assign(rewriter, loc);
    for (auto [result, old] : llvm::zip_equal(results, op.getResults()))
      result = castTo(rewriter, loc, result, getTypeConverter()->convertType(old.getType()));
    rewriter.replaceOp(op, results);
    return success();
  }
};

struct ConvertBidirectionalLstm : RecurrentPattern<tfl::BidirectionalSequenceLstmOp> {
  using RecurrentPattern::RecurrentPattern;
  LogicalResult matchAndRewrite(tfl::BidirectionalSequenceLstmOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    LstmSpec specs[] = {getSpec(op, tfl::getForwardLstmOperands(op.getInputs()),
                                tfl::getForwardLstmOperands(adaptor.getInputs())),
                        getSpec(op, tfl::getBackwardLstmOperands(op.getInputs()),
                                tfl::getBackwardLstmOperands(adaptor.getInputs()))};
    SmallVector<Direction, 2> directions;
    for (auto [index, spec] : llvm::enumerate(specs)) {
      directions.push_back({createFloatLstm(spec), LayerStates(symbols), index == 1});
      readStates(rewriter, loc, spec, directions.back().states);
    }
    rewriter.replaceOp(op, visitBothWays(rewriter, loc, op, specs[0].converted.input,
                                         op.getTimeMajor(), /*repeats=*/1, directions));
    return success();
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// RNN
//===----------------------------------------------------------------------===//

template <typename OpTy>
static RnnSpec getRnnSpec(OpTy op, const tfl::RnnOperands &model,
                          const tfl::RnnOperands &converted) {
  return {model, converted, *parseActivation(op.getFusedActivationFunction()),
          op.getAsymmetricQuantizeInputs()};
}

static void readState(OpBuilder &builder, Location loc, const RnnSpec &spec, LayerStates &states) {
  states.read(builder, loc, spec.model.state, spec.converted.state,
              cast<RankedTensorType>(spec.model.bias.getType()).getDimSize(0));
}

namespace {

struct ConvertRnn : RecurrentPattern<tfl::RnnOp> {
  using RecurrentPattern::RecurrentPattern;
  LogicalResult matchAndRewrite(tfl::RnnOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RnnSpec spec = getRnnSpec(op, tfl::getRnnOperands(op.getInputs()),
                              tfl::getRnnOperands(adaptor.getInputs()));
    LayerStates states(symbols);
    readState(rewriter, loc, spec, states);
    Value output = takeStep(rewriter, loc, *createRnn(spec), states);
    replaceWithCast(rewriter, op, output, *getTypeConverter());
    return success();
  }
};

struct ConvertUnidirectionalRnn : RecurrentPattern<tfl::UnidirectionalSequenceRnnOp> {
  using RecurrentPattern::RecurrentPattern;
  LogicalResult matchAndRewrite(tfl::UnidirectionalSequenceRnnOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    RnnSpec spec = getRnnSpec(op, tfl::getRnnOperands(op.getInputs()),
                              tfl::getRnnOperands(adaptor.getInputs()));
    auto type = cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    LayerStates states(symbols);
    readState(rewriter, loc, spec, states);
    rewriter.replaceOp(op, visitSequence(rewriter, loc, *createRnn(spec), states,
                                         spec.converted.input, op.getTimeMajor(), type));
    return success();
  }
};

struct ConvertBidirectionalRnn : RecurrentPattern<tfl::BidirectionalSequenceRnnOp> {
  using RecurrentPattern::RecurrentPattern;
  LogicalResult matchAndRewrite(tfl::BidirectionalSequenceRnnOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    bool timeMajor = op.getTimeMajor();
    RnnSpec specs[] = {getRnnSpec(op, tfl::getForwardRnnOperands(op.getInputs()),
                                  tfl::getForwardRnnOperands(adaptor.getInputs())),
                       getRnnSpec(op, tfl::getBackwardRnnOperands(op.getInputs(), timeMajor),
                                  tfl::getBackwardRnnOperands(adaptor.getInputs(), timeMajor))};
    SmallVector<Direction, 2> directions;
    for (auto [index, spec] : llvm::enumerate(specs)) {
      directions.push_back({createRnn(spec), LayerStates(symbols), index == 1});
      readState(rewriter, loc, spec, directions.back().states);
    }
    // See the description of the op.
    bool isHybrid = !isa<FloatType>(getElementType(specs[0].converted.inputWeights));
    Value input = specs[0].converted.input;
    int64_t repeats =
        isHybrid && timeMajor ? cast<RankedTensorType>(input.getType()).getDimSize(0) : 1;
    rewriter.replaceOp(op, visitBothWays(rewriter, loc, op, input, timeMajor, repeats, directions));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// SVDF
//===----------------------------------------------------------------------===//

struct ConvertSvdf : RecurrentPattern<tfl::SvdfOp> {
  using RecurrentPattern::RecurrentPattern;
  LogicalResult matchAndRewrite(tfl::SvdfOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SvdfSpec spec = {tfl::getSvdfOperands(op.getInputs()),
                     tfl::getSvdfOperands(adaptor.getInputs()),
                     op.getType(),
                     int32_t(op.getRank()),
                     *parseActivation(op.getFusedActivationFunction()),
                     op.getAsymmetricQuantizeInputs()};
    LayerStates states(symbols);
    states.read(rewriter, loc, spec.model.state, spec.converted.state,
                cast<RankedTensorType>(spec.model.state.getType()).getDimSize(1));
    auto [output, state] = createSvdf(rewriter, loc, spec, states.values[0]);
    states.values = {state};
    states.assign(rewriter, loc);
    replaceWithCast(rewriter, op, output, *getTypeConverter());
    return success();
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

void tflc::populateRecurrentPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns,
                                     const VariableSymbols &symbols) {
  patterns.add<ConvertBidirectionalLstm, ConvertBidirectionalRnn, ConvertLstm, ConvertRnn,
               ConvertSvdf, ConvertUnidirectionalLstm, ConvertUnidirectionalRnn>(
      converter, patterns.getContext(), symbols);
}
