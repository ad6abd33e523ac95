//===- LstmFloat.cpp - lowering of LSTM cells with float states -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "Elements.h"
#include "FloatFunctions.h"
#include "LstmLayer.h"
#include "StackedWeights.h"
#include "TFL/IR/ElementTypes.h"
#include "Utils.h"

#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;
using tfl::GateValues;

namespace {

class FloatLstm : public RecurrentLayer {
public:
  explicit FloatLstm(const LstmSpec &layer) : spec(layer), cell(spec.converted) {
    for (unsigned gate = cell.isCoupled() ? 1 : 0; gate < tfl::numGates; ++gate)
      gates.push_back(gate);
  }

  Value createInputs(OpBuilder &builder, Location loc) override;
  SmallVector<Value> createStep(OpBuilder &builder, Location loc, Value inputs,
                                ValueRange states) override;

private:
  bool isDiagonal(unsigned gate) const {
    return cast<RankedTensorType>(cell.recurrentWeights[gate].getType()).getRank() == 1;
  }
  SmallVector<Value> select(const GateValues &values, ArrayRef<unsigned> which) const {
    return llvm::map_to_vector(which, [&](unsigned gate) { return values[gate]; });
  }
  RowProduct createRowProduct(OpBuilder &builder, Location loc, const GateValues &models,
                              const GateValues &values, ArrayRef<unsigned> which) const {
    return RowProduct(builder, loc, select(models, which), select(values, which),
                      spec.isAsymmetric);
  }
  Elements readPeephole(unsigned gate) const;
  Elements createGate(OpBuilder &builder, Location loc, unsigned gate, Elements sum,
                      Value cellState) const;
  Elements normalize(OpBuilder &builder, Location loc, unsigned gate, const Elements &sum,
                     Value like) const;
  Value createCells(OpBuilder &builder, Location loc, Value like) const;

  LstmSpec spec;
  const tfl::LstmOperands &cell;
  /// The gates that are computed: without the input gate where that follows from the forget gate.
  SmallVector<unsigned> gates;
  /// Those whose recurrent weights are a full matrix.
  SmallVector<unsigned> denseGates;
  std::optional<RowProduct> recurrent, projection;
};

} // namespace

//===----------------------------------------------------------------------===//
// Ahead of the steps
//===----------------------------------------------------------------------===//

Value FloatLstm::createInputs(OpBuilder &builder, Location loc) {
  // With layer normalization the bias comes after it.
  Value bias = cell.hasLayerNorm() ? Value() : stackTensors(builder, loc, select(cell.bias, gates));
  RowProduct product =
      createRowProduct(builder, loc, spec.model.inputWeights, cell.inputWeights, gates);
  Value sums = createRows(builder, loc, cell.input,
                          [&](Value rows) { return product.create(builder, loc, rows, bias); });
  if (cell.auxInput) {
    RowProduct auxiliary =
        createRowProduct(builder, loc, spec.model.auxWeights, cell.auxWeights, gates);
    Value first = flattenRows(builder, loc, sums);
    sums = createRows(builder, loc, cell.auxInput,
                      [&](Value rows) { return auxiliary.create(builder, loc, rows, first); });
  }
  for (unsigned gate : gates)
    if (!isDiagonal(gate))
      denseGates.push_back(gate);
  if (!denseGates.empty())
    recurrent.emplace(createRowProduct(builder, loc, spec.model.recurrentWeights,
                                       cell.recurrentWeights, denseGates));
  if (cell.projectionWeights)
    projection.emplace(builder, loc, spec.model.projectionWeights, cell.projectionWeights,
                       spec.isAsymmetric);
  return sums;
}

//===----------------------------------------------------------------------===//
// One step
//===----------------------------------------------------------------------===//

/// An uninitialized matrix with a row for each one of `like` and a column for each cell.
Value FloatLstm::createCells(OpBuilder &builder, Location loc, Value like) const {
  int64_t cells = cast<RankedTensorType>(cell.bias[tfl::OutputGate].getType()).getDimSize(0);
  return createEmpty(builder, loc,
                     {tensor::getMixedSize(builder, loc, like, 0), builder.getIndexAttr(cells)},
                     builder.getF32Type());
}

Elements FloatLstm::readPeephole(unsigned gate) const {
  Elements weights = Elements::read(cell.peephole[gate]);
  std::optional<tfl::Quantization> quantization =
      tfl::getQuantization(spec.model.peephole[gate].getType());
  if (!quantization)
    return weights;
  float scale = quantization->scales[0];
  return Elements::combine(weights, [scale](ScalarBuilder &b, ValueRange args) {
    return b.mul(b.constant(b.f32(), scale), b.emit<arith::SIToFPOp>(b.f32(), args[0]));
  });
}

Elements FloatLstm::normalize(OpBuilder &builder, Location loc, unsigned gate, const Elements &sum,
                              Value like) const {
  Value sums = sum.create(builder, loc, createCells(builder, loc, like));
  int64_t count = cast<RankedTensorType>(sums.getType()).getDimSize(1);
  AffineMap identity = builder.getMultiDimIdentityMap(2), rowMap = identity.getMajorSubMap(1);
  OpFoldResult rows = tensor::getMixedSize(builder, loc, sums, 0);
  auto reduce = [&](ValueRange inputs, ArrayRef<AffineMap> inputMaps,
                    llvm::function_ref<Value(ScalarBuilder &, ValueRange)> term) {
    SmallVector<AffineMap> maps(inputMaps);
    maps.push_back(rowMap);
    SmallVector<utils::IteratorType> iterators = {utils::IteratorType::parallel,
                                                  utils::IteratorType::reduction};
    Value init = createFilled(builder, loc, rows, createZero(builder, loc, builder.getF32Type()));
    return linalg::GenericOp::create(builder, loc, init.getType(), inputs, init, maps, iterators,
                                     [&](OpBuilder &nested, Location at, ValueRange args) {
                                       ScalarBuilder b(nested, at);
                                       Value next = b.add(args.back(), term(b, args));
                                       linalg::YieldOp::create(nested, at, next);
                                     })
        .getResult(0);
  };
  auto perRow = [&](Value input, llvm::function_ref<Value(ScalarBuilder &, Value)> function) {
    return buildElementwise(builder, loc, input, rows, builder.getF32Type(),
                            [&](OpBuilder &nested, Location at, ValueRange args) {
                              ScalarBuilder b(nested, at);
                              return function(b, args[0]);
                            });
  };
  Value total = reduce(sums, identity, [](ScalarBuilder &, ValueRange args) { return args[0]; });
  Value mean = perRow(total, [&](ScalarBuilder &b, Value value) -> Value {
    return b.emit<arith::DivFOp>(value, b.constant(b.f32(), double(count)));
  });
  Value squares = reduce({sums, mean}, {identity, rowMap}, [](ScalarBuilder &b, ValueRange args) {
    Value difference = b.sub(args[0], args[1]);
    return b.mul(difference, difference);
  });
  Value inverse = perRow(squares, [&](ScalarBuilder &b, Value value) -> Value {
    Value variance = b.emit<arith::DivFOp>(value, b.constant(b.f32(), double(count)));
    Value deviation = b.emit<math::SqrtOp>(b.add(variance, b.constant(b.f32(), 1e-8f)));
    return b.emit<arith::DivFOp>(b.constant(b.f32(), 1), deviation);
  });
  return Elements::combine({Elements::read(sums), Elements::readRows(mean),
                            Elements::readRows(inverse), Elements::read(cell.layerNorm[gate]),
                            Elements::read(cell.bias[gate])},
                           [](ScalarBuilder &b, ValueRange args) {
                             Value normal = b.mul(b.sub(args[0], args[1]), args[2]);
                             return b.add(b.mul(normal, args[3]), args[4]);
                           });
}

Elements FloatLstm::createGate(OpBuilder &builder, Location loc, unsigned gate, Elements sum,
                               Value cellState) const {
  if (cell.peephole[gate])
    sum = sum + readPeephole(gate) * Elements::read(cellState);
  if (cell.hasLayerNorm())
    sum = normalize(builder, loc, gate, sum, cellState);
  return Elements::combine(
      sum, [gate, activation = spec.activation](ScalarBuilder &b, ValueRange args) {
        return gate == tfl::CellGate ? emitCellActivation(b, args[0], activation)
                                     : emitLogistic(b, args[0]);
      });
}

SmallVector<Value> FloatLstm::createStep(OpBuilder &builder, Location loc, Value inputs,
                                         ValueRange states) {
  Value output = states[0], cellState = states[1];
  // Where all gates are dense, one epilogue adds the part of the inputs to all of them.
  bool isDense = denseGates.size() == gates.size();
  Value sums;
  if (recurrent)
    sums = recurrent->create(builder, loc, output, isDense ? inputs : Value());
  auto readSum = [&](unsigned gate) {
    auto extract = [&](Value matrix, ArrayRef<unsigned> parts) {
      unsigned index = llvm::find(parts, gate) - parts.begin();
      return Elements::read(extractColumns(builder, loc, matrix, index, parts.size()));
    };
    if (isDense)
      return extract(sums, gates);
    Elements sum = extract(inputs, gates);
    if (isDiagonal(gate))
      return sum + Elements::read(cell.recurrentWeights[gate]) * Elements::read(output);
    return sum + extract(sums, denseGates);
  };
  auto createGateOf = [&](unsigned gate, Value state) {
    return createGate(builder, loc, gate, readSum(gate), state);
  };

  Elements forget = createGateOf(tfl::ForgetGate, cellState);
  Elements update = createGateOf(tfl::CellGate, cellState);
  Elements input = cell.isCoupled()
                       ? Elements::combine(forget,
                                           [](ScalarBuilder &b, ValueRange args) {
                                             return b.sub(b.constant(b.f32(), 1), args[0]);
                                           })
                       : createGateOf(tfl::InputGate, cellState);
  Elements next = Elements::combine(forget * Elements::read(cellState) + update * input,
                                    [clip = spec.cellClip](ScalarBuilder &b, ValueRange args) {
                                      return emitClip(b, args[0], clip);
                                    });
  Value nextState = next.create(builder, loc, cellState);

  Elements gate = createGateOf(tfl::OutputGate, nextState);
  // Without an activation the reference leaves the cell gate where the activated state should be.
  Elements activated =
      spec.activation == Activation::None
          ? update
          : Elements::combine(Elements::read(nextState),
                              [activation = spec.activation](ScalarBuilder &b, ValueRange args) {
                                return emitCellActivation(b, args[0], activation);
                              });
  Elements hidden = gate * activated;
  if (!projection)
    return {hidden.create(builder, loc, output), nextState};
  Value cells = hidden.create(builder, loc, createCells(builder, loc, output));
  Elements projected =
      Elements::combine(projection->createElements(builder, loc, cells, cell.projectionBias),
                        [clip = spec.projectionClip](ScalarBuilder &b, ValueRange args) {
                          return emitClip(b, args[0], clip);
                        });
  return {projected.create(builder, loc, output), nextState};
}

std::unique_ptr<RecurrentLayer> tflc::createFloatLstm(const LstmSpec &spec) {
  return std::make_unique<FloatLstm>(spec);
}
