//===- MatMul.cpp - lowering of products of matrices ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "BlockwiseProduct.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "Product.h"
#include "ScalarBuilder.h"
#include "TFL/IR/BlockQuantization.h"
#include "TFL/IR/MatMulOps.h"
#include "Utils.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Fully connected
//===----------------------------------------------------------------------===//

/// All dimensions of `rank` in one group.
static SmallVector<ReassociationIndices> groupAll(int64_t rank) {
  SmallVector<ReassociationIndices> groups;
  if (rank > 0)
    groups.push_back(llvm::to_vector(llvm::seq<int64_t>(0, rank)));
  return groups;
}

/// `input` as a matrix with rows of `depth` elements.
static Value asMatrix(OpBuilder &builder, Location loc, Value input, int64_t depth) {
  auto type = cast<RankedTensorType>(input.getType());
  int64_t rank = type.getRank();
  if (rank >= 2 && type.getShape().back() == depth) {
    if (rank == 2)
      return input;
    SmallVector<ReassociationIndices> groups = groupAll(rank - 1);
    groups.push_back({rank - 1});
    return tensor::CollapseShapeOp::create(builder, loc, input, groups);
  }
  if (rank > 1)
    input = tensor::CollapseShapeOp::create(builder, loc, input, groupAll(rank));
  else if (rank == 0)
    return tensor::ExpandShapeOp::create(builder, loc, type.clone({1, 1}), input,
                                         SmallVector<ReassociationIndices>());
  OpFoldResult count = tensor::getMixedSize(builder, loc, input, 0);
  OpFoldResult rows = affine::makeComposedFoldedAffineApply(
      builder, loc, builder.getAffineSymbolExpr(0).floorDiv(depth), {count});
  std::optional<int64_t> known = getConstantIntValue(rows);
  auto matrix = type.clone({known ? *known : ShapedType::kDynamic, depth});
  SmallVector<OpFoldResult> sizes = {rows, builder.getIndexAttr(depth)};
  return tensor::ExpandShapeOp::create(builder, loc, matrix, input, groupAll(2), sizes);
}

namespace {

struct ConvertFullyConnected : OpConversionPattern<tfl::FullyConnectedOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::FullyConnectedOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (tfl::getBlockQuantization(op.getWeights().getType()))
      return convertBlockwise(op, adaptor, rewriter);
    ProductSpec spec = describeProduct(op, adaptor, op.getWeights(), adaptor.getWeights());
    spec.channelAxis = 0;
    spec.rounding = spec.wideRounding = tflrt::Rounding::Single;
    spec.roundsScaleProduct = false;
    spec.shortAccumulatorWidth = 32;
    Product product(rewriter, spec);
    if (failed(product.match()))
      return failure();

    Location loc = op.getLoc();
    ArrayRef<int64_t> weights = op.getWeights().getType().getShape();
    int64_t channels = weights[0], depth = weights[1];
    Value matrix = asMatrix(rewriter, loc, adaptor.getInput(), depth);
    std::optional<RowQuantization> rows;
    if (product.isHybrid()) {
      rows = createRowQuantization(rewriter, loc, matrix, /*rowRank=*/1,
                                   /*isSymmetric=*/!op.getAsymmetricQuantizeInputs());
      rows->resultMap = rewriter.getMultiDimIdentityMap(2).getMajorSubMap(1);
      matrix = createQuantizedRows(rewriter, loc, matrix, *rows);
    }
    SmallVector<OpFoldResult> sizes = {tensor::getMixedSize(rewriter, loc, matrix, 0),
                                       rewriter.getIndexAttr(channels)};
    AffineMap all = rewriter.getMultiDimIdentityMap(3);
    Value result =
        product.createContraction(matrix, all.getSubMap({0, 2}), product.createWeights(weights),
                                  all.getSubMap({1, 2}), sizes, channels, /*numReductions=*/1);
    result = product.createEpilogue(result, channels, rows ? &*rows : nullptr);
    result = restoreShape(op, adaptor.getInput(), result, rewriter);
    replaceWithCast(rewriter, op, result, *getTypeConverter());
    return success();
  }

  static LogicalResult convertBlockwise(tfl::FullyConnectedOp op, OpAdaptor adaptor,
                                        ConversionPatternRewriter &rewriter) {
    Location loc = op.getLoc();
    Value matrix =
        asMatrix(rewriter, loc, adaptor.getInput(), op.getWeights().getType().getDimSize(1));
    Value bias = tfl::isPresent(op.getBias()) ? adaptor.getBias() : Value();
    Value result =
        createBlockwiseProduct(rewriter, loc, matrix, matchConstant(adaptor.getWeights()),
                               *tfl::getBlockQuantization(op.getWeights().getType()), bias,
                               op.getFusedActivationFunction());
    result = restoreShape(op, adaptor.getInput(), result, rewriter);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, op.getType()));
    return success();
  }

  /// The result matrix with the input's dimensions in front, where they are kept.
  static Value restoreShape(tfl::FullyConnectedOp op, Value input, Value matrix,
                            OpBuilder &builder) {
    auto inputType = cast<RankedTensorType>(input.getType());
    int64_t rank = inputType.getRank();
    if (!op.getKeepNumDims() || rank == 2)
      return matrix;
    if (rank == 1)
      return tensor::CollapseShapeOp::create(builder, op.getLoc(), matrix, groupAll(2));
    auto type = cast<RankedTensorType>(matrix.getType());
    SmallVector<int64_t> shape(inputType.getShape());
    shape.back() = type.getDimSize(1);
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, op.getLoc(), input);
    sizes.back() = builder.getIndexAttr(shape.back());
    SmallVector<ReassociationIndices> groups = groupAll(rank - 1);
    groups.push_back({rank - 1});
    return tensor::ExpandShapeOp::create(builder, op.getLoc(), type.clone(shape), matrix, groups,
                                         sizes);
  }
};

//===----------------------------------------------------------------------===//
// Batch matmul
//===----------------------------------------------------------------------===//

/// The iteration space of one product: batch dimensions, m, n, k.
struct BatchMatMulSpace {
  SmallVector<OpFoldResult> sizes;
  AffineMap x, y;
};

struct ConvertBatchMatMul : OpConversionPattern<tfl::BatchMatMulOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::BatchMatMulOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Type resultType = getTypeConverter()->convertType(op.getType());
    Value x = adaptor.getX(), y = adaptor.getY();
    bool adjX = op.getAdjX();
    bool isHybrid = isa<FloatType>(getElementType(x)) && !isa<FloatType>(getElementType(y));
    FixedPointMultiplier multiplier;
    bool isShort = tfl::isStoredInteger(op.getX().getType(), 16);
    if (!isHybrid && getElementType(x) == rewriter.getIntegerType(isShort ? 16 : 8) &&
        !tfl::isStoredInteger(op.getType(), 32)) {
      auto scale = [](Value value) { return float(getUniform(value.getType()).getScale()); };
      // The product is rounded to float before the division.
      float product = scale(op.getX()) * scale(op.getY());
      if (!std::isfinite(product))
        return rewriter.notifyMatchFailure(op, "the product of the scales is infinite");
      multiplier = quantizeMultiplier(double(product) / double(scale(op.getOutput())));
      if (isShort && multiplier.shift > 7)
        return rewriter.notifyMatchFailure(op, "the quotient of the scales is too large");
    }

    std::optional<RowQuantization> rows;
    if (isHybrid) {
      // The rows are what one product sums over: make them the last dimension first.
      if (adjX)
        x = transposeMatrices(rewriter, loc, x);
      adjX = false;
      rows =
          createRowQuantization(rewriter, loc, x, cast<RankedTensorType>(x.getType()).getRank() - 1,
                                !op.getAsymmetricQuantizeInputs());
    }
    BatchMatMulSpace space = getSpace(rewriter, loc, x, y, adjX, op.getAdjY());
    if (rows) {
      x = createQuantizedRows(rewriter, loc, x, *rows);
      rows->resultMap = projectReduction(space.x.getMajorSubMap(space.x.getNumResults() - 1));
    }
    Value sums = createContraction(op, rewriter, x, y, space);
    Value result = sums;
    if (rows)
      result = createHybridEpilogue(op, rewriter, sums, y, space, *rows);
    else if (multiplier.value != 0 || getElementType(sums) != getElementTypeOrSelf(resultType))
      result = createRescaleEpilogue(op, rewriter, sums, multiplier);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, resultType));
    return success();
  }

  static Value transposeMatrices(OpBuilder &builder, Location loc, Value value) {
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
    size_t rank = sizes.size();
    std::swap(sizes[rank - 1], sizes[rank - 2]);
    SmallVector<unsigned> order = llvm::to_vector(llvm::seq<unsigned>(0, rank));
    std::swap(order[rank - 1], order[rank - 2]);
    AffineMap map = AffineMap::getPermutationMap(order, builder.getContext());
    return buildElementwise(builder, loc, value, map, sizes, getElementType(value),
                            [](OpBuilder &, Location, ValueRange args) { return args[0]; });
  }

  static BatchMatMulSpace getSpace(OpBuilder &builder, Location loc, Value x, Value y, bool adjX,
                                   bool adjY) {
    auto xType = cast<RankedTensorType>(x.getType()), yType = cast<RankedTensorType>(y.getType());
    int64_t xRank = xType.getRank(), yRank = yType.getRank(), rank = std::max(xRank, yRank);
    BatchMatMulSpace space;
    // Batches align at the end; a size that is known to be one is repeated. An unknown one has to
    // be that of the other operand, which is checked at run time.
    for (int64_t i = 0; i + 2 < rank; ++i) {
      int64_t inX = i + xRank - rank, inY = i + yRank - rank;
      bool fromX = inX >= 0 && (xType.getDimSize(inX) != 1 || inY < 0) &&
                   !(inY >= 0 && xType.isDynamicDim(inX) && yType.getDimSize(inY) > 1);
      space.sizes.push_back(fromX ? tensor::getMixedSize(builder, loc, x, inX)
                                  : tensor::getMixedSize(builder, loc, y, inY));
    }
    space.sizes.push_back(tensor::getMixedSize(builder, loc, x, xRank - (adjX ? 1 : 2)));
    space.sizes.push_back(tensor::getMixedSize(builder, loc, y, yRank - (adjY ? 2 : 1)));
    auto getMap = [&](RankedTensorType type, unsigned rows, unsigned columns) {
      SmallVector<AffineExpr> exprs;
      for (int64_t i = 0; i + 2 < type.getRank(); ++i)
        exprs.push_back(type.getDimSize(i) == 1
                            ? builder.getAffineConstantExpr(0)
                            : builder.getAffineDimExpr(rank - type.getRank() + i));
      exprs.push_back(builder.getAffineDimExpr(rows));
      exprs.push_back(builder.getAffineDimExpr(columns));
      return AffineMap::get(rank + 1, 0, exprs, builder.getContext());
    };
    unsigned m = rank - 2, n = rank - 1, k = rank;
    space.x = adjX ? getMap(xType, k, m) : getMap(xType, m, k);
    space.y = adjY ? getMap(yType, n, k) : getMap(yType, k, n);
    return space;
  }

  /// A map of the whole space that does not read k, as a map of the result's dimensions.
  static AffineMap projectReduction(AffineMap map) {
    return AffineMap::get(map.getNumDims() - 1, 0, map.getResults(), map.getContext());
  }

  /// The reference sums products of words up in 64 bits. Those with bytes fit 32, if there are few.
  static unsigned getSumWidth(tfl::BatchMatMulOp op, Value x, Value y) {
    if (!tfl::isStoredInteger(op.getX().getType(), 16))
      return 32;
    auto type = cast<RankedTensorType>(x.getType());
    int64_t depth = type.getShape()[type.getRank() - (op.getAdjX() ? 2 : 1)];
    int64_t largest = llvm::minIntN(16) * llvm::minIntN(getElementType(y).getIntOrFloatBitWidth());
    bool fits = ShapedType::isStatic(depth) && depth <= INT32_MAX / largest;
    return fits && tfl::isStoredInteger(op.getType(), 16) ? 32 : 64;
  }

  static Value createContraction(tfl::BatchMatMulOp op, OpBuilder &builder, Value x, Value y,
                                 const BatchMatMulSpace &space) {
    Location loc = op.getLoc();
    bool isFloat = isa<FloatType>(getElementType(x));
    Type type =
        isFloat ? Type(builder.getF32Type()) : Type(builder.getIntegerType(getSumWidth(op, x, y)));
    // Products that stay 32-bit sums are of the stored integers.
    bool isRaw = tfl::isStoredInteger(op.getType(), 32);
    auto getZeroPoint = [&](Value value) -> int64_t {
      quant::UniformQuantizedType quantized = getUniform(value.getType());
      return isRaw || !quantized ? 0 : quantized.getZeroPoint();
    };
    int64_t zeroX = getZeroPoint(op.getX()), zeroY = getZeroPoint(op.getY());
    Value init = zeroX == 0 && zeroY == 0
                     ? createFilled(builder, loc, space.sizes, createZero(builder, loc, type))
                     : createZeroPointSums(op, builder, x, y, space, zeroX, zeroY);
    unsigned rank = space.sizes.size();
    SmallVector<AffineMap> maps = {space.x, space.y,
                                   builder.getMultiDimIdentityMap(rank + 1).getMajorSubMap(rank)};
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    return linalg::GenericOp::create(
               builder, loc, init.getType(), ValueRange{x, y}, init, maps, iterators,
               [&](OpBuilder &builder, Location loc, ValueRange args) {
                 Value sum;
                 if (isFloat) {
                   Value product = arith::MulFOp::create(builder, loc, args[0], args[1]);
                   sum = arith::AddFOp::create(builder, loc, args[2], product);
                 } else {
                   Value product = arith::MulIOp::create(
                       builder, loc, arith::ExtSIOp::create(builder, loc, type, args[0]),
                       arith::ExtSIOp::create(builder, loc, type, args[1]));
                   sum = arith::AddIOp::create(builder, loc, args[2], product);
                 }
                 linalg::YieldOp::create(builder, loc, sum);
               })
        .getResult(0);
  }

  /// What zero points add to a sum of products of stored values, which is then one of bytes alone:
  ///   sum of (x - zx) * (y - zy) = sum of x * y - zy * (sum of x) - zx * (sum of y) + k * zx * zy
  /// Sums wrap around in 32 bits on both sides.
  static Value createZeroPointSums(tfl::BatchMatMulOp op, OpBuilder &builder, Value x, Value y,
                                   const BatchMatMulSpace &space, int64_t zeroX, int64_t zeroY) {
    Location loc = op.getLoc();
    Type i32 = builder.getI32Type();
    unsigned rank = space.sizes.size(), k = rank;
    SmallVector<Value> inputs;
    SmallVector<AffineMap> maps;
    SmallVector<int64_t> factors;
    auto addSums = [&](Value value, AffineMap map, int64_t factor) {
      if (factor == 0)
        return;
      unsigned reduced = *map.getResultPosition(builder.getAffineDimExpr(k));
      inputs.push_back(createSums(builder, loc, value, reduced));
      maps.push_back(projectReduction(map.dropResult(reduced)));
      factors.push_back(factor);
    };
    addSums(x, space.x, zeroY);
    addSums(y, space.y, zeroX);
    unsigned inX = *space.x.getResultPosition(builder.getAffineDimExpr(k));
    Value depth = IndexMath(builder, loc).getValue(tensor::getMixedSize(builder, loc, x, inX));
    ScalarBuilder outer(builder, loc);
    Value constant =
        outer.mul(outer.emit<arith::IndexCastOp>(i32, depth), outer.integer(i32, zeroX * zeroY));
    return buildElementwise(builder, loc, inputs, maps, space.sizes, i32,
                            [&](OpBuilder &inner, Location at, ValueRange args) {
                              ScalarBuilder b(inner, at);
                              Value value = constant;
                              for (auto [sum, factor] : llvm::zip(args, factors))
                                value = b.sub(value, b.mul(sum, b.integer(i32, factor)));
                              return value;
                            });
  }

  static Value createRescaleEpilogue(tfl::BatchMatMulOp op, OpBuilder &builder, Value sums,
                                     FixedPointMultiplier fixed) {
    Location loc = op.getLoc();
    Type i32 = builder.getI32Type(), storage = tfl::getStoredType(op.getType());
    Value multiplier = createInt(builder, loc, i32, fixed.value),
          shift = createInt(builder, loc, builder.getI8Type(), fixed.shift);
    bool isShort = tfl::isStoredInteger(op.getX().getType(), 16);
    int64_t zero = getUniform(op.getType()).getZeroPoint();
    int64_t limit = int64_t(1) << (storage.getIntOrFloatBitWidth() - 1);
    return buildElementwise(
        builder, loc, sums, tensor::getMixedSizes(builder, loc, sums), storage,
        [&](OpBuilder &builder, Location loc, ValueRange args) {
          Value value = tflrt::RescaleOp::create(builder, loc, i32, args[0], multiplier, shift,
                                                 isShort ? tflrt::Rounding::Reduced
                                                         : tflrt::Rounding::Double);
          if (zero != 0)
            value = arith::AddIOp::create(builder, loc, value, createInt(builder, loc, i32, zero));
          value = clampInt(builder, loc, value, -limit, limit - 1);
          return arith::TruncIOp::create(builder, loc, storage, value).getResult();
        });
  }

  /// The sums of a tensor's stored values along dimension `reduced`.
  static Value createSums(OpBuilder &builder, Location loc, Value value, unsigned reduced) {
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, value);
    unsigned rank = sizes.size();
    sizes.erase(sizes.begin() + reduced);
    AffineMap identity = builder.getMultiDimIdentityMap(rank);
    SmallVector<AffineMap> maps = {identity, identity.dropResult(reduced)};
    SmallVector<utils::IteratorType> iterators(rank, utils::IteratorType::parallel);
    iterators[reduced] = utils::IteratorType::reduction;
    Type i32 = builder.getI32Type();
    Value init = createFilled(builder, loc, sizes, createInt(builder, loc, i32, 0));
    return linalg::GenericOp::create(
               builder, loc, init.getType(), value, init, maps, iterators,
               [&](OpBuilder &builder, Location loc, ValueRange args) {
                 Value value = arith::ExtSIOp::create(builder, loc, i32, args[0]);
                 linalg::YieldOp::create(
                     builder, loc, arith::AddIOp::create(builder, loc, args[1], value).getResult());
               })
        .getResult(0);
  }

  static Value createHybridEpilogue(tfl::BatchMatMulOp op, OpBuilder &builder, Value sums, Value y,
                                    const BatchMatMulSpace &space, const RowQuantization &rows) {
    Location loc = op.getLoc();
    Type f32 = builder.getF32Type();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, sums);
    SmallVector<Value> inputs = {sums, rows.scales};
    SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(sizes.size()), rows.resultMap};
    if (!rows.isSymmetric()) {
      unsigned yRank = space.y.getNumResults();
      unsigned reduced = yRank - (op.getAdjY() ? 1 : 2);
      inputs.append({rows.zeroPoints, createSums(builder, loc, y, reduced)});
      maps.append({rows.resultMap, projectReduction(space.y.dropResult(reduced))});
    }
    Value scale = createFloat(builder, loc, f32, getUniform(op.getY().getType()).getScale());
    return buildElementwise(builder, loc, inputs, maps, sizes, f32,
                            [&](OpBuilder &builder, Location loc, ValueRange args) {
                              Value sum = args[0];
                              if (!rows.isSymmetric())
                                sum = arith::SubIOp::create(
                                    builder, loc, sum,
                                    arith::MulIOp::create(builder, loc, args[2], args[3]));
                              Value value = arith::SIToFPOp::create(builder, loc, f32, sum);
                              Value step = arith::MulFOp::create(builder, loc, args[1], scale);
                              return arith::MulFOp::create(builder, loc, value, step).getResult();
                            });
  }
};

} // namespace

void tflc::populateMatMulPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertFullyConnected, ConvertBatchMatMul>(converter, patterns.getContext());
}
