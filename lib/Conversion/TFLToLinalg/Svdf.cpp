//===- Svdf.cpp - lowering of SVDF ----------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "FloatFunctions.h"
#include "RecurrentLayers.h"
#include "StackedWeights.h"
#include "TFL/IR/ElementTypes.h"
#include "Utils.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

namespace {

/// One step of a layer.
class SvdfStep {
public:
  SvdfStep(OpBuilder &builder, Location loc, const SvdfSpec &spec)
      : builder(builder), loc(loc), spec(spec), cell(spec.converted),
        batch(tensor::getMixedSize(builder, loc, cell.input, 0)),
        filters(cast<RankedTensorType>(cell.timeWeights.getType()).getDimSize(0)),
        memory(cast<RankedTensorType>(cell.timeWeights.getType()).getDimSize(1)) {}

  /// What the input adds to the memory: [batch, filters], of the state's type.
  Value createFeatures();
  /// The memory [batch, filters * memory] moved by one step, with `features` at the end.
  Value createMemory(Value state, Value features);
  /// The output [batch, units].
  Value createOutput(Value state);

private:
  bool isInteger() const { return !isa<FloatType>(getElementType(cell.input)); }
  Value createDestination(int64_t columns, Type type) {
    return createEmpty(builder, loc, {batch, builder.getIndexAttr(columns)}, type);
  }
  tfl::Quantization getQuantization(Value value) const {
    return *tfl::getQuantization(value.getType());
  }

  OpBuilder &builder;
  Location loc;
  const SvdfSpec &spec;
  const tfl::SvdfOperands &cell;
  OpFoldResult batch;
  int64_t filters, memory;
};

} // namespace

Value SvdfStep::createFeatures() {
  if (!isInteger())
    return RowProduct(builder, loc, spec.model.featureWeights, cell.featureWeights,
                      spec.isAsymmetric)
        .create(builder, loc, cell.input, Value());
  tfl::Quantization input = getQuantization(spec.model.input),
                    weights = getQuantization(spec.model.featureWeights),
                    state = getQuantization(spec.model.state);
  FixedPointMultiplier scale =
      quantizeMultiplier(input.scales[0] * weights.scales[0] / state.scales[0]);
  StackedWeights matrix(builder, loc, cell.featureWeights);
  Value bias = createEffectiveBias(builder, loc, matrix, Value(), input.zeroPoints[0]);
  Value sums = matrix.createProduct(builder, loc, cell.input, bias,
                                    createDestination(filters, builder.getI32Type()));
  Type type = getElementType(cell.state);
  int64_t most = (int64_t(1) << (type.getIntOrFloatBitWidth() - 1)) - 1;
  return Elements::combine(Elements::read(sums),
                           [=](ScalarBuilder &b, ValueRange args) {
                             Value value = b.clamp(b.rescale(args[0], scale), -most - 1, most);
                             // Wraps around where a zero point leads out of the type.
                             return b.resize(b.add(value, state.zeroPoints[0]), type);
                           })
      .create(builder, loc, createDestination(filters, type));
}

Value SvdfStep::createMemory(Value state, Value features) {
  auto stateType = cast<RankedTensorType>(state.getType());
  auto type = cast<RankedTensorType>(stateType.clone({stateType.getDimSize(0), filters, memory}));
  SmallVector<OpFoldResult> sizes = {batch, builder.getIndexAttr(filters),
                                     builder.getIndexAttr(memory)};
  SmallVector<OpFoldResult> offsets(3, builder.getIndexAttr(0)),
      strides(3, builder.getIndexAttr(1));
  SmallVector<ReassociationIndices> groups = {{0}, {1, 2}};
  Value old = tensor::ExpandShapeOp::create(builder, loc, type, state, groups, sizes);
  Value next = createEmpty(builder, loc, sizes, type.getElementType());
  if (memory > 1) {
    SmallVector<OpFoldResult> from(offsets), kept(sizes);
    from[2] = builder.getIndexAttr(1);
    kept[2] = builder.getIndexAttr(memory - 1);
    Value tail = sliceTensor(builder, loc, old, from, kept);
    next = tensor::InsertSliceOp::create(builder, loc, tail, next, offsets, kept, strides);
  }
  SmallVector<OpFoldResult> last(offsets), one(sizes);
  last[2] = builder.getIndexAttr(memory - 1);
  one[2] = builder.getIndexAttr(1);
  next = tensor::InsertSliceOp::create(builder, loc, features, next, last, one, strides);
  return tensor::CollapseShapeOp::create(builder, loc, stateType, next, groups);
}

Value SvdfStep::createOutput(Value state) {
  // The filters of a unit stand side by side, each with its memory: one sum for each unit.
  int64_t units = filters / spec.rank, depth = spec.rank * memory;
  auto stateType = cast<RankedTensorType>(state.getType());
  auto type = cast<RankedTensorType>(stateType.clone({stateType.getDimSize(0), units, depth}));
  SmallVector<ReassociationIndices> groups = {{0}, {1, 2}};
  SmallVector<OpFoldResult> sizes = {batch, builder.getIndexAttr(units),
                                     builder.getIndexAttr(depth)};
  Value rows = tensor::ExpandShapeOp::create(builder, loc, type, state, groups, sizes);
  Value weights = reshapeTo(builder, loc, cell.timeWeights, {units, depth});
  bool isFloat = !isInteger();
  std::optional<tfl::Quantization> timeScale =
      tfl::getQuantization(spec.model.timeWeights.getType());
  Type sumType = isFloat ? Type(builder.getF32Type()) : builder.getI32Type();
  int32_t stateZero = isFloat ? 0 : getQuantization(spec.model.state).zeroPoints[0];

  Value init = createFilled(builder, loc, {batch, builder.getIndexAttr(units)},
                            createZero(builder, loc, sumType));
  AffineMap all = builder.getMultiDimIdentityMap(3);
  SmallVector<AffineMap> maps = {all, all.getSubMap({1, 2}), all.getMajorSubMap(2)};
  SmallVector<utils::IteratorType> iterators = {
      utils::IteratorType::parallel, utils::IteratorType::parallel, utils::IteratorType::reduction};
  Value sums = linalg::GenericOp::create(
                   builder, loc, init.getType(), ValueRange{rows, weights}, init, maps, iterators,
                   [&](OpBuilder &nested, Location at, ValueRange args) {
                     ScalarBuilder b(nested, at);
                     Value x = args[0], w = args[1];
                     if (!isFloat) {
                       x = b.add(b.resize(x, sumType), -int64_t(stateZero));
                       w = b.resize(w, sumType);
                     } else if (!isa<FloatType>(w.getType())) {
                       w = b.mul(b.emit<arith::SIToFPOp>(sumType, w),
                                 b.constant(sumType, timeScale->scales[0]));
                     }
                     linalg::YieldOp::create(nested, at, b.add(args[2], b.mul(x, w)));
                   })
                   .getResult(0);

  Elements result = Elements::read(sums);
  if (cell.bias)
    result = result + Elements::read(cell.bias);
  if (isFloat)
    return Elements::combine(result,
                             [activation = spec.activation](ScalarBuilder &b, ValueRange args) {
                               return emitCellActivation(b, args[0], activation);
                             })
        .create(builder, loc, createDestination(units, sumType));
  tfl::Quantization output = *tfl::getQuantization(spec.outputType);
  FixedPointMultiplier scale = quantizeMultiplier(getQuantization(spec.model.state).scales[0] *
                                                  timeScale->scales[0] / output.scales[0]);
  return Elements::combine(result,
                           [=](ScalarBuilder &b, ValueRange args) {
                             Value value = b.add(b.rescale(args[0], scale), output.zeroPoints[0]);
                             return b.resize(b.clamp(value, -128, 127), b.i8());
                           })
      .create(builder, loc, createDestination(units, builder.getI8Type()));
}

std::pair<Value, Value> tflc::createSvdf(OpBuilder &builder, Location loc, const SvdfSpec &spec,
                                         Value state) {
  SvdfStep step(builder, loc, spec);
  Value next = step.createMemory(state, step.createFeatures());
  return {step.createOutput(next), next};
}
