//===- ProductEpilogue.cpp - from accumulators to outputs -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Product.h"

#include "TypeConverter.h"
#include "Utils.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

Value Product::createRescaleEpilogue(Value accumulators, ArrayRef<int64_t> channels) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, accumulators);
  Type i32 = builder.getI32Type(), i8 = builder.getI8Type();
  Type storage = getStorageElementType(getElementTypeOrSelf(spec.outputType));
  tflrt::Rounding rounding = isWide ? spec.wideRounding : spec.rounding;

  SmallVector<Value> inputs = {accumulators};
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(sizes.size())};
  Value multiplier, shift;
  IntegerAttr maxShift;
  if (multipliers.size() == 1) {
    multiplier = createInt(builder, loc, i32, multipliers[0].value);
    shift = createInt(builder, loc, i8, multipliers[0].shift);
  } else {
    SmallVector<int32_t> values, shifts;
    for (FixedPointMultiplier each : multipliers) {
      values.push_back(each.value);
      shifts.push_back(each.shift);
    }
    maxShift = builder.getI32IntegerAttr(*llvm::max_element(shifts));
    inputs.push_back(createTable(i32, channels, values));
    inputs.push_back(createTable(i8, channels, shifts));
    maps.append(2, getChannelMap(sizes.size(), channels.size()));
  }
  if (biasIsLast) {
    inputs.push_back(createReshape(builder, loc, spec.bias, channels));
    maps.push_back(getChannelMap(sizes.size(), channels.size()));
  }
  SmallVector<int32_t> ranges = boundAccumulators(channels);
  return buildElementwise(
      builder, loc, inputs, maps, sizes, storage,
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        Value sum = args[0];
        if (biasIsLast) {
          Value bias = args[inputs.size() - 1];
          sum = arith::AddIOp::create(builder, loc,
                                      widenScalar(builder, loc, sum, builder.getI64Type(), false),
                                      widenScalar(builder, loc, bias, builder.getI64Type(), false));
        }
        auto rescale =
            tflrt::RescaleOp::create(builder, loc, i32, sum, multiplier ? multiplier : args[1],
                                     shift ? shift : args[2], rounding);
        if (maxShift)
          rescale.setMaxShiftAttr(maxShift);
        int64_t maxInput = 0;
        for (int64_t end : ranges)
          maxInput = std::max(maxInput, std::abs(end));
        if (!ranges.empty() && maxInput <= INT32_MAX)
          rescale.setMaxInputAttr(builder.getI32IntegerAttr(maxInput));
        if (ranges.size() == 2 * multipliers.size() && !multiplier)
          rescale.setInputRanges(ranges);
        Value value = rescale;
        if (outputZero != 0)
          value =
              arith::AddIOp::create(builder, loc, value, createInt(builder, loc, i32, outputZero));
        value = clampInt(builder, loc, value, clamp.min, clamp.max);
        return arith::TruncIOp::create(builder, loc, storage, value).getResult();
      });
}

SmallVector<int32_t> Product::boundAccumulators(ArrayRef<int64_t> channels) {
  if (!constantWeights || !accumulatorType.isInteger(32) || biasIsLast)
    return {};
  DenseElementsAttr bias;
  if (spec.bias && !(bias = matchConstant(createReshape(builder, loc, spec.bias, channels))))
    return {};
  SmallVector<ProductSum> ends = boundProducts();
  for (auto [channel, end] : llvm::enumerate(ends)) {
    int32_t start = bias ? int32_t(bias.getValues<APInt>()[channel].getSExtValue()) : 0;
    if (!biasCorrection.empty())
      start = int32_t(uint32_t(start) + uint32_t(biasCorrection[channel]));
    end.min += start;
    end.max += start;
  }
  SmallVector<int32_t> ranges;
  for (auto [min, max] : ends) {
    if (!llvm::isInt<32>(min) || !llvm::isInt<32>(max))
      return {}; // wraps around
    ranges.append({static_cast<int32_t>(min), static_cast<int32_t>(max)});
  }
  return ranges;
}

Value Product::createWeightSums(ArrayRef<int64_t> channels) {
  if (constantWeights)
    return createTable(builder.getI32Type(), channels, sumWeights());
  auto type = cast<RankedTensorType>(spec.weights.getType());
  SmallVector<utils::IteratorType> iterators(type.getRank(), utils::IteratorType::reduction);
  iterators[spec.channelAxis] = utils::IteratorType::parallel;
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  SmallVector<AffineMap> maps = {identity, identity.getSubMap(spec.channelAxis)};
  Value init = createFilled(builder, loc, {builder.getIndexAttr(type.getDimSize(spec.channelAxis))},
                            createInt(builder, loc, builder.getI32Type(), 0));
  Value sums =
      linalg::GenericOp::create(
          builder, loc, init.getType(), spec.weights, init, maps, iterators,
          [&](OpBuilder &builder, Location loc, ValueRange args) {
            Value value = widenScalar(builder, loc, args[0], builder.getI32Type(), false);
            linalg::YieldOp::create(
                builder, loc, arith::AddIOp::create(builder, loc, args[1], value).getResult());
          })
          .getResult(0);
  return createReshape(builder, loc, sums, channels);
}

Value Product::createHybridEpilogue(Value accumulators, ArrayRef<int64_t> channels,
                                    const RowQuantization &rows) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, accumulators);
  AffineMap channelMap = getChannelMap(sizes.size(), channels.size());
  Type f32 = builder.getF32Type();
  SmallVector<Value> inputs = {accumulators, rows.scales};
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(sizes.size()), rows.resultMap};
  if (!rows.isSymmetric()) {
    inputs.append({rows.zeroPoints, createWeightSums(channels)});
    maps.append({rows.resultMap, channelMap});
  }
  Value scale;
  if (weightScales.size() == 1) {
    scale = createFloat(builder, loc, f32, weightScales[0]);
  } else {
    auto type = RankedTensorType::get(channels, f32);
    inputs.push_back(arith::ConstantOp::create(
        builder, loc, DenseElementsAttr::get(type, ArrayRef<float>(weightScales))));
    maps.push_back(channelMap);
  }
  if (spec.bias) {
    inputs.push_back(createReshape(builder, loc, spec.bias, channels));
    maps.push_back(channelMap);
  }
  return buildElementwise(builder, loc, inputs, maps, sizes, f32,
                          [&](OpBuilder &builder, Location loc, ValueRange args) {
                            Value sum = args[0], rowScale = args[1];
                            args = args.drop_front(2);
                            if (!rows.isSymmetric()) {
                              Value offset = arith::MulIOp::create(builder, loc, args[0], args[1]);
                              sum = arith::SubIOp::create(builder, loc, sum, offset);
                              args = args.drop_front(2);
                            }
                            Value weightScale = scale;
                            if (!scale) {
                              weightScale = args.front();
                              args = args.drop_front();
                            }
                            Value value = arith::SIToFPOp::create(builder, loc, f32, sum);
                            Value step = arith::MulFOp::create(builder, loc, rowScale, weightScale);
                            value = arith::MulFOp::create(builder, loc, value, step);
                            if (spec.bias)
                              value = arith::AddFOp::create(
                                  builder, loc, value,
                                  widenScalar(builder, loc, args.front(), f32, false));
                            return createFloatActivation(builder, loc, value, spec.activation);
                          });
}

Value Product::createFloatEpilogue(Value accumulators) {
  return buildElementwise(builder, loc, accumulators,
                          tensor::getMixedSizes(builder, loc, accumulators), accumulatorType,
                          [&](OpBuilder &builder, Location loc, ValueRange args) {
                            return createFloatActivation(builder, loc, args[0], spec.activation);
                          });
}

Value Product::createEpilogue(Value accumulators, ArrayRef<int64_t> channels,
                              const RowQuantization *rows) {
  switch (kind) {
  case tfl::ProductKind::Float:
    return createFloatEpilogue(accumulators);
  case tfl::ProductKind::Hybrid:
    assert(rows && "a hybrid product quantizes its input first");
    return createHybridEpilogue(accumulators, channels, *rows);
  case tfl::ProductKind::Byte:
  case tfl::ProductKind::Short:
    return createRescaleEpilogue(accumulators, channels);
  }
  llvm_unreachable("all kinds are handled");
}
