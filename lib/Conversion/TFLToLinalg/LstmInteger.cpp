//===- LstmInteger.cpp - lowering of LSTM cells with integer states -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Elements.h"
#include "LstmLayer.h"
#include "LstmNormalization.h"
#include "StackedWeights.h"
#include "TFL/IR/ElementTypes.h"
#include "Utils.h"
#include "WordFunctions.h"
#include "tflc/Quantization/PowerOfTwo.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

using namespace mlir;
using namespace tflc;
using tfl::GateValues;

//===----------------------------------------------------------------------===//
// Scales
//===----------------------------------------------------------------------===//

static float getScale(Type type) { return tfl::getQuantization(type)->scales[0]; }
static float getScale(Value value) { return getScale(value.getType()); }
static int32_t getZeroPoint(Type type) { return tfl::getQuantization(type)->zeroPoints[0]; }

namespace {

/// The numbers that the scales of a layer make. All quotients are computed in float, as the
/// reference does.
struct IntegerLstmScales {
  explicit IntegerLstmScales(const LstmSpec &spec);

  /// For each gate: what brings the products with input, output state and cell state to the scale
  /// of the gate's sum, and what brings the normalized sum to 12 fractional bits.
  FixedPointMultiplier input[tfl::numGates], recurrent[tfl::numGates], peephole[tfl::numGates],
      layerNorm[tfl::numGates];
  /// What stands for the variance where that is not positive.
  int32_t leastVariance[tfl::numGates] = {};
  FixedPointMultiplier hidden, projection;
  int32_t inputZero, outputZero, hiddenZero;
  /// The exponent of the cell state's scale.
  int cellExponent;
  /// Bounds of the cell state and the output state; zero where there are none.
  int32_t cellClip = 0, projectionClip = 0;
};

} // namespace

IntegerLstmScales::IntegerLstmScales(const LstmSpec &spec) {
  const tfl::LstmOperands &cell = spec.model;
  auto getIntermediate = [&](unsigned index) {
    return cast<TypeAttr>(spec.intermediates[index]).getValue();
  };
  float inputScale = getScale(cell.input), outputScale = getScale(cell.outputState),
        cellScale = getScale(cell.cellState), hiddenScale = getScale(getIntermediate(4));
  inputZero = getZeroPoint(cell.input.getType());
  outputZero = getZeroPoint(cell.outputState.getType());
  hiddenZero = getZeroPoint(getIntermediate(4));
  cellExponent = *getLog2OfPowerOfTwo(cellScale);

  for (unsigned gate = cell.isCoupled() ? 1 : 0; gate < tfl::numGates; ++gate) {
    float sumScale = cell.hasLayerNorm() ? getScale(getIntermediate(gate)) : 0x1p-12f;
    input[gate] = quantizeMultiplier(getScale(cell.inputWeights[gate]) * inputScale / sumScale);
    recurrent[gate] =
        quantizeMultiplier(getScale(cell.recurrentWeights[gate]) * outputScale / sumScale);
    if (cell.peephole[gate])
      peephole[gate] = quantizeMultiplier(
          float(std::ldexp(1.0, cellExponent) * getScale(cell.peephole[gate]) / sumScale));
    if (cell.hasLayerNorm()) {
      float scale = getScale(cell.layerNorm[gate]);
      layerNorm[gate] = quantizeMultiplier(scale);
      layerNorm[gate].shift += 12;
      leastVariance[gate] = std::max(1, int32_t(10000 * scale));
    }
  }
  hidden = quantizeMultiplier(float(0x1p-15 / hiddenScale * 0x1p-15));
  if (cell.projectionWeights)
    projection = quantizeMultiplier(getScale(cell.projectionWeights) * hiddenScale / outputScale);
  auto quantizeClip = [](float clip, float scale, float least, float most) {
    return clip > 0 ? int32_t(std::min(std::max(clip / scale, least), most)) : 0;
  };
  cellClip = quantizeClip(spec.cellClip, cellScale, -32768, 32767);
  projectionClip = quantizeClip(spec.projectionClip, getScale(spec.outputType), -128, 127);
}

//===----------------------------------------------------------------------===//
// Layer
//===----------------------------------------------------------------------===//

namespace {

class IntegerLstm : public RecurrentLayer {
public:
  IntegerLstm(const LstmSpec &layer, bool batchMajor)
      : spec(layer), cell(spec.converted), scales(spec), batchMajor(batchMajor) {
    for (unsigned gate = cell.isCoupled() ? 1 : 0; gate < tfl::numGates; ++gate)
      gates.push_back(gate);
  }

  Value createInputs(OpBuilder &builder, Location loc) override;
  SmallVector<Value> createStep(OpBuilder &builder, Location loc, Value inputs,
                                ValueRange states) override;

private:
  SmallVector<Value> select(const GateValues &values) const {
    return llvm::map_to_vector(gates, [&](unsigned gate) { return values[gate]; });
  }
  int64_t getCellCount() const {
    return cast<RankedTensorType>(cell.bias[tfl::OutputGate].getType()).getDimSize(0);
  }
  /// Sums in 16 bits from those in 32, whose magnitude is `bound` at most if there is one:
  /// `multipliers` has one for each gate.
  Elements rescaleColumns(OpBuilder &builder, Location loc, const Elements &sums,
                          const FixedPointMultiplier *multipliers,
                          std::optional<int32_t> bound) const;
  Elements createGate(OpBuilder &builder, Location loc, unsigned gate, Value sums,
                      Value cellState) const;
  Value createWords(OpBuilder &builder, Location loc, Value like, int64_t columns) const;
  Value createPeephole(OpBuilder &builder, Location loc, unsigned gate, Value cellState) const;

  LstmSpec spec;
  const tfl::LstmOperands &cell;
  IntegerLstmScales scales;
  bool batchMajor;
  SmallVector<unsigned> gates;
  std::optional<StackedWeights> recurrent, projection;
  Value recurrentBias, projectionBias;
};

} // namespace

Value IntegerLstm::createWords(OpBuilder &builder, Location loc, Value like,
                               int64_t columns) const {
  return createEmpty(builder, loc,
                     {tensor::getMixedSize(builder, loc, like, 0), builder.getIndexAttr(columns)},
                     builder.getI16Type());
}

Elements IntegerLstm::rescaleColumns(OpBuilder &builder, Location loc, const Elements &sums,
                                     const FixedPointMultiplier *multipliers,
                                     std::optional<int32_t> bound) const {
  SmallVector<Attribute> values, shifts;
  int32_t maxShift = -31;
  for (unsigned gate : gates) {
    values.push_back(builder.getI32IntegerAttr(multipliers[gate].value));
    shifts.push_back(builder.getI8IntegerAttr(multipliers[gate].shift));
    maxShift = std::max(maxShift, multipliers[gate].shift);
  }
  SmallVector<int64_t> sizes(gates.size(), getCellCount());
  Value value = createColumnTable(builder, loc, values, sizes),
        shift = createColumnTable(builder, loc, shifts, sizes);
  auto read = [](Value table, SmallVectorImpl<Elements> &parts) {
    if (isa<RankedTensorType>(table.getType()))
      parts.push_back(Elements::read(table));
  };
  SmallVector<Elements> parts = {sums};
  read(value, parts);
  read(shift, parts);
  return Elements::combine(parts, [=](ScalarBuilder &b, ValueRange args) {
    Value sum = args[0], factor = value, distance = shift;
    args = args.drop_front();
    if (isa<RankedTensorType>(value.getType())) {
      factor = args.front();
      args = args.drop_front();
    }
    if (isa<RankedTensorType>(shift.getType()))
      distance = args.front();
    auto rescale = tflrt::RescaleOp::create(b.getBuilder(), b.getLoc(), b.i32(), sum, factor,
                                            distance, tflrt::Rounding::Double);
    rescale.setMaxShiftAttr(b.getBuilder().getI32IntegerAttr(maxShift));
    if (bound)
      rescale.setMaxInputAttr(b.getBuilder().getI32IntegerAttr(*bound));
    return rescale.getResult();
  });
}

//===----------------------------------------------------------------------===//
// Ahead of the steps
//===----------------------------------------------------------------------===//

static Elements storeWord(const Elements &elements) {
  return Elements::combine(
      elements, [](ScalarBuilder &b, ValueRange args) { return saturateWord(b, args[0]); });
}

static Elements widen(const Elements &elements) {
  return Elements::combine(
      elements, [](ScalarBuilder &b, ValueRange args) { return b.resize(args[0], b.i32()); });
}

Value IntegerLstm::createInputs(OpBuilder &builder, Location loc) {
  StackedWeights weights(builder, loc, select(cell.inputWeights));
  // With layer normalization the bias comes after it.
  Value bias = cell.hasLayerNorm() ? Value() : stackTensors(builder, loc, select(cell.bias));
  bias = createEffectiveBias(builder, loc, weights, bias, scales.inputZero);
  Value sums = createRows(builder, loc, cell.input, [&](Value rows) {
    Value destination = createEmpty(
        builder, loc,
        {tensor::getMixedSize(builder, loc, rows, 0), builder.getIndexAttr(weights.getSize())},
        builder.getI32Type());
    Value product = weights.createProduct(builder, loc, rows, bias, destination);
    return storeWord(rescaleColumns(builder, loc, Elements::read(product), scales.input,
                                    weights.boundProduct(bias)))
        .create(builder, loc, createWords(builder, loc, rows, weights.getSize()));
  });
  recurrent.emplace(builder, loc, select(cell.recurrentWeights));
  recurrentBias = createEffectiveBias(builder, loc, *recurrent, Value(), scales.outputZero);
  if (cell.projectionWeights) {
    projection.emplace(builder, loc, cell.projectionWeights);
    // The hidden integers have had their zero point subtracted twice.
    projectionBias =
        createEffectiveBias(builder, loc, *projection, cell.projectionBias, -scales.hiddenZero);
  }
  return sums;
}

//===----------------------------------------------------------------------===//
// One step
//===----------------------------------------------------------------------===//

Value IntegerLstm::createPeephole(OpBuilder &builder, Location loc, unsigned gate,
                                  Value cellState) const {
  Value weights = cell.peephole[gate];
  int64_t cells = getCellCount();
  int64_t outputs =
      cast<RankedTensorType>(cell.recurrentWeights[tfl::OutputGate].getType()).getDimSize(1);
  if (outputs == cells)
    return weights;
  // The reference counts as many cells as there are outputs in each row, and the rows that it
  // visits at once follow each other without a gap.
  DenseElementsAttr constant = matchConstant(weights);
  int64_t rows = batchMajor ? 1 : cast<RankedTensorType>(cellState.getType()).getDimSize(0);
  auto values = llvm::to_vector(constant.getValues<int16_t>());
  SmallVector<int16_t> used(rows * cells, 0);
  // Where there are more outputs than cells it reads behind the weights, which count as zeros here.
  for (int64_t i = 0, end = rows * std::min(outputs, cells); i < end; ++i)
    used[i] = i % outputs < cells ? values[i % outputs] : int16_t(0);
  SmallVector<int64_t> shape = {cells};
  if (rows != 1)
    shape.insert(shape.begin(), rows);
  auto type = RankedTensorType::get(shape, builder.getI16Type());
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, ArrayRef(used)));
}

Elements IntegerLstm::createGate(OpBuilder &builder, Location loc, unsigned gate, Value sums,
                                 Value cellState) const {
  unsigned index = llvm::find(gates, gate) - gates.begin();
  Elements sum = Elements::read(extractColumns(builder, loc, sums, index, gates.size()));
  if (cell.peephole[gate]) {
    Elements product = widen(Elements::read(createPeephole(builder, loc, gate, cellState))) *
                       widen(Elements::read(cellState));
    sum =
        Elements::combine({widen(sum), product},
                          [multiplier = scales.peephole[gate]](ScalarBuilder &b, ValueRange args) {
                            return saturateWord(b, b.add(args[0], b.rescale(args[1], multiplier)));
                          });
  }
  if (cell.hasLayerNorm()) {
    Value words = sum.create(builder, loc, createWords(builder, loc, cellState, getCellCount()));
    sum = normalizeWords(builder, loc, words, cell.layerNorm[gate], cell.bias[gate],
                         scales.layerNorm[gate], scales.leastVariance[gate]);
  }
  return Elements::combine(sum, [gate](ScalarBuilder &b, ValueRange args) {
    return gate == tfl::CellGate ? emitWordTanh(b, args[0], 3) : emitWordLogistic(b, args[0]);
  });
}

SmallVector<Value> IntegerLstm::createStep(OpBuilder &builder, Location loc, Value inputs,
                                           ValueRange states) {
  Value output = states[0], cellState = states[1];
  Value destination = createEmpty(
      builder, loc,
      {tensor::getMixedSize(builder, loc, output, 0), builder.getIndexAttr(recurrent->getSize())},
      builder.getI32Type());
  Value product = recurrent->createProduct(builder, loc, output, recurrentBias, destination);
  Elements rescaled = rescaleColumns(builder, loc, Elements::read(product), scales.recurrent,
                                     recurrent->boundProduct(recurrentBias));
  Value sums = storeWord(rescaled + widen(Elements::read(inputs)))
                   .create(builder, loc, createWords(builder, loc, output, recurrent->getSize()));

  Elements forget = createGate(builder, loc, tfl::ForgetGate, sums, cellState);
  Elements update = createGate(builder, loc, tfl::CellGate, sums, cellState);
  Elements input =
      cell.isCoupled()
          ? Elements::combine(forget,
                              [](ScalarBuilder &b, ValueRange args) {
                                return b.sub(b.integer(args[0].getType(), 32767), args[0]);
                              })
          : createGate(builder, loc, tfl::InputGate, sums, cellState);
  Elements kept = widen(forget) * widen(Elements::read(cellState));
  Elements added = widen(input) * widen(update);
  Value nextState =
      Elements::combine({kept, added}, [exponent = scales.cellExponent,
                                        clip = scales.cellClip](ScalarBuilder &b, ValueRange args) {
        Value kept = b.divideByPowerOfTwo(args[0], 15);
        Value added = b.divideByPowerOfTwo(args[1], 30 + exponent);
        Value state = saturateWord(b, b.add(kept, added));
        return clip > 0 ? b.clamp(state, -clip, clip) : state;
      }).create(builder, loc, cellState);

  Elements gate = createGate(builder, loc, tfl::OutputGate, sums, nextState);
  Elements activated =
      Elements::combine(Elements::read(nextState),
                        [bits = 15 + scales.cellExponent](ScalarBuilder &b, ValueRange args) {
                          return emitWordTanh(b, args[0], bits);
                        });
  auto storeByte = [](const Elements &elements, FixedPointMultiplier multiplier, int32_t zeroPoint,
                      int32_t clip) {
    return Elements::combine(elements, [=](ScalarBuilder &b, ValueRange args) {
      Value value = b.clamp(b.add(b.rescale(args[0], multiplier), zeroPoint), -128, 127);
      if (clip > 0)
        value = b.clamp(value, -clip, clip);
      return b.resize(value, b.i8());
    });
  };
  Elements hidden = widen(gate) * widen(activated);
  if (!projection)
    return {storeByte(hidden, scales.hidden, scales.hiddenZero, 0).create(builder, loc, output),
            nextState};

  OpFoldResult rows = tensor::getMixedSize(builder, loc, output, 0);
  Value bytes = storeByte(hidden, scales.hidden, -scales.hiddenZero, 0)
                    .create(builder, loc,
                            createEmpty(builder, loc, {rows, builder.getIndexAttr(getCellCount())},
                                        builder.getI8Type()));
  Value projected = projection->createProduct(
      builder, loc, bytes, projectionBias,
      createEmpty(builder, loc, {rows, builder.getIndexAttr(projection->getSize())},
                  builder.getI32Type()));
  return {storeByte(Elements::read(projected), scales.projection, scales.outputZero,
                    scales.projectionClip)
              .create(builder, loc, output),
          nextState};
}

bool tflc::canLowerIntegerLstm(const LstmSpec &spec) {
  // Fewer outputs than cells need peephole weights that are known.
  const tfl::LstmOperands &cell = spec.converted;
  if (!cell.hasPeephole() || !cell.projectionWeights)
    return true;
  auto state = cast<RankedTensorType>(cell.cellState.getType());
  return state.hasStaticShape() && llvm::all_of(cell.peephole, [](Value weights) {
           return !weights || matchConstant(weights);
         });
}

std::unique_ptr<RecurrentLayer> tflc::createIntegerLstm(const LstmSpec &spec, bool batchMajor) {
  return std::make_unique<IntegerLstm>(spec, batchMajor);
}
