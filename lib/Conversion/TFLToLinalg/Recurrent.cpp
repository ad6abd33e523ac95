//===- Recurrent.cpp - lowering of recurrent layers -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A layer becomes a loop over the steps of its sequence, whose body is linalg on the states. What
// depends on the inputs alone is computed ahead of the loop.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "LstmLayer.h"
#include "PopulatePatterns.h"
#include "Sequence.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/RecurrentOps.h"
#include "Utils.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

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

/// The states of a layer, as matrices [batch, size].
class LayerStates {
public:
  explicit LayerStates(const VariableSymbols &symbols) : symbols(symbols) {}

  /// Reads the state whose operand is `model`.
  void read(OpBuilder &builder, Location loc, Value model, Value converted, int64_t size) {
    StateTensor state(symbols, model, converted);
    // Its elements matter, not its shape.
    Value value = state.read(builder, loc);
    auto type = cast<RankedTensorType>(value.getType());
    if (type.getRank() != 2) {
      int64_t rows = type.hasStaticShape() ? type.getNumElements() / std::max<int64_t>(size, 1)
                                           : ShapedType::kDynamic;
      value = reshapeTo(builder, loc, value, {rows, size});
    }
    states.push_back(state);
    values.push_back(value);
  }

  void assign(OpBuilder &builder, Location loc) {
    for (auto [state, value] : llvm::zip_equal(states, values)) {
      if (state.isVariable())
        value = reshapeTo(builder, loc, value, state.getType().getShape());
      state.assign(builder, loc, value);
    }
  }

  SmallVector<Value> values;

private:
  const VariableSymbols &symbols;
  SmallVector<StateTensor> states;
};

} // namespace

//===----------------------------------------------------------------------===//
// Sequences
//===----------------------------------------------------------------------===//

/// An uninitialized tensor for the outputs of all steps of `input`.
static Value createOutputs(OpBuilder &builder, Location loc, Value input, RankedTensorType type) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  sizes.back() = builder.getIndexAttr(type.getShape().back());
  return createEmpty(builder, loc, sizes, type.getElementType());
}

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

namespace {

struct ConvertUnidirectionalLstm : RecurrentPattern<tfl::UnidirectionalSequenceLstmOp> {
  using RecurrentPattern::RecurrentPattern;
  LogicalResult matchAndRewrite(tfl::UnidirectionalSequenceLstmOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (tfl::isStoredInteger(op.getInputs()[0].getType(), 8))
      return rewriter.notifyMatchFailure(op, "an int8 layer");
    Location loc = op.getLoc();
    LstmSpec spec = getSpec(op, tfl::getLstmOperands(op.getInputs()),
                            tfl::getLstmOperands(adaptor.getInputs()));
    auto type = cast<RankedTensorType>(getTypeConverter()->convertType(op.getType()));
    LayerStates states(symbols);
    readStates(rewriter, loc, spec, states);
    std::unique_ptr<RecurrentLayer> layer = createFloatLstm(spec);
    Value outputs = createOutputs(rewriter, loc, spec.converted.input, type);
    outputs = createSequence(rewriter, loc, *layer, {op.getTimeMajor() ? 0u : 1u}, outputs,
                             /*column=*/0, states.values);
    states.assign(rewriter, loc);
    rewriter.replaceOp(op, castTo(rewriter, loc, outputs, type));
    return success();
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

void tflc::populateRecurrentPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns,
                                     const VariableSymbols &symbols) {
  patterns.add<ConvertUnidirectionalLstm>(converter, patterns.getContext(), symbols);
}
