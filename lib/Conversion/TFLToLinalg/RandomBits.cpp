//===- RandomBits.cpp - lowering of random bits ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
//
//===----------------------------------------------------------------------===//

#include "DataMovement.h"
#include "IndexMath.h"
#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
#include "SizeChecks.h"
#include "Utils.h"

#include "TFL/IR/StablehloOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc;

using Words = SmallVector<Value>;

static Value getLow(ScalarBuilder &b, Value wide) { return b.resize(wide, b.i32()); }

static Value getHigh(ScalarBuilder &b, Value wide) {
  return b.resize(b.shiftRight(wide, 32), b.i32());
}

/// Threefry-2x32 with 20 rounds.
static Words emitThreefry(ScalarBuilder &b, Value key, Value counter) {
  constexpr int64_t parity = 0x1BD11BDA;
  constexpr int rotations[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  Value keys[3] = {getLow(b, key), getHigh(b, key), {}};
  keys[2] =
      b.emit<arith::XOrIOp>(b.emit<arith::XOrIOp>(keys[0], keys[1]), b.integer(b.i32(), parity));
  Value x = b.add(getLow(b, counter), keys[0]), y = b.add(getHigh(b, counter), keys[1]);
  for (int group = 0; group < 5; ++group) {
    for (int distance : rotations[group % 2]) {
      x = b.add(x, y);
      Value high = b.shiftLeft(y, distance);
      Value low = b.emit<arith::ShRUIOp>(y, b.integer(b.i32(), 32 - distance));
      y = b.emit<arith::XOrIOp>(b.emit<arith::OrIOp>(high, low), x);
    }
    x = b.add(x, keys[(group + 1) % 3]);
    y = b.add(b.add(y, keys[(group + 2) % 3]), int64_t(group + 1));
  }
  return {x, y};
}

/// Philox-4x32 with 10 rounds.
static Words emitPhilox(ScalarBuilder &b, Value key, Value counter, Value upperCounter) {
  constexpr int64_t multipliers[2] = {0xD2511F53, 0xCD9E8D57};
  constexpr uint32_t weyl[2] = {0x9E3779B9, 0xBB67AE85};
  Value keys[2] = {getLow(b, key), getHigh(b, key)};
  Words c = {getLow(b, counter), getHigh(b, counter), getLow(b, upperCounter),
             getHigh(b, upperCounter)};
  for (int round = 0; round < 10; ++round) {
    auto multiply = [&](Value word, int64_t multiplier) {
      return b.mul(b.emit<arith::ExtUIOp>(b.i64(), word), b.integer(b.i64(), multiplier));
    };
    auto mix = [&](Value product, Value word, Value roundKey) {
      return b.emit<arith::XOrIOp>(b.emit<arith::XOrIOp>(getHigh(b, product), word), roundKey);
    };
    Value first = multiply(c[0], multipliers[0]), second = multiply(c[2], multipliers[1]);
    c = {mix(second, c[1], keys[0]), getLow(b, second), mix(first, c[3], keys[1]),
         getLow(b, first)};
    for (int i = 0; i < 2; ++i)
      keys[i] = b.add(keys[i], int64_t(int32_t(weyl[i])));
  }
  return c;
}

/// Pairs of words as integers of 64 bits, the lower half first.
static Words joinPairs(ScalarBuilder &b, ArrayRef<Value> words) {
  Words result;
  for (size_t i = 0; i < words.size(); i += 2) {
    Value low = b.emit<arith::ExtUIOp>(b.i64(), words[i]);
    Value high = b.emit<arith::ExtUIOp>(b.i64(), words[i + 1]);
    result.push_back(b.emit<arith::OrIOp>(low, b.shiftLeft(high, 32)));
  }
  return result;
}

namespace {

struct ConvertRngBitGenerator : OpConversionPattern<tfl::StablehloRngBitGeneratorOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::StablehloRngBitGeneratorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getOutput().getType());
    if (!type.hasStaticShape())
      return rewriter.notifyMatchFailure(op, "an unknown number of bits");
    bool isThreefry = op.getAlgorithm() == "THREEFRY";
    bool isWide = type.getElementTypeBitWidth() == 64;
    int64_t perBlock = (isThreefry ? 2 : 4) / (isWide ? 2 : 1);
    int64_t numBlocks = llvm::divideCeil(type.getNumElements(), perBlock);

    Value state = adaptor.getInitialState();
    auto readState = [&](int64_t index) -> Value {
      Value place = createInt(rewriter, loc, rewriter.getIndexType(), index);
      return tensor::ExtractOp::create(rewriter, loc, state, place);
    };
    OpFoldResult stateSize = tensor::getMixedSize(rewriter, loc, state, 0);
    SizeChecks checks(rewriter, loc);
    checks.requireAtLeast(stateSize, 2);
    checks.requireAtMost(stateSize, rewriter.getIndexAttr(isThreefry ? 2 : 3));
    checks.finish();
    Value key = readState(0), counter = readState(1);
    Value upper = isThreefry ? key : readUpper(rewriter, loc, state, stateSize);
    Value bits = buildBlocks(rewriter, loc, numBlocks, perBlock, type.getElementType(),
                             [&](ScalarBuilder &b, Value index) {
                               Value at = b.add(counter, index);
                               Words words = isThreefry ? emitThreefry(b, key, at)
                                                        : emitPhilox(b, key, at, upper);
                               return isWide ? joinPairs(b, words) : words;
                             });
    SmallVector<OpFoldResult> count = {rewriter.getIndexAttr(type.getNumElements())};
    bits = reshapeTo(rewriter, loc, bits, {numBlocks * perBlock});
    bits = sliceTensor(rewriter, loc, bits, {rewriter.getIndexAttr(0)}, count);

    ScalarBuilder b(rewriter, loc);
    Value next = tensor::InsertOp::create(rewriter, loc, b.add(counter, numBlocks), state,
                                          createInt(rewriter, loc, rewriter.getIndexType(), 1));
    next =
        castTo(rewriter, loc, next, getTypeConverter()->convertType(op.getOutputState().getType()));
    rewriter.replaceOp(op, {next, reshapeTo(rewriter, loc, bits, type.getShape())});
    return success();
  }

private:
  /// The upper half of Philox' counter: the third element of a state, or the first of two.
  static Value readUpper(OpBuilder &builder, Location loc, Value state, OpFoldResult size) {
    IndexMath math(builder, loc);
    OpFoldResult place = math.get(getConstantIntValue(size) == 3 ? 2 : 0);
    if (!getConstantIntValue(size)) {
      ScalarBuilder b(builder, loc);
      Value hasThree =
          b.compare(arith::CmpIPredicate::eq, math.getValue(size), math.getValue(math.get(3)));
      place = b.select(hasThree, math.getValue(math.get(2)), math.getValue(math.get(0)));
    }
    return tensor::ExtractOp::create(builder, loc, state, math.getValue(place));
  }

  using BlockBuilder = llvm::function_ref<Words(ScalarBuilder &, Value index)>;

  /// The words of all blocks: a row for each of them.
  static Value buildBlocks(OpBuilder &builder, Location loc, int64_t numBlocks, int64_t perBlock,
                           Type element, BlockBuilder buildBlock) {
    OpFoldResult zero = builder.getIndexAttr(0), one = builder.getIndexAttr(1);
    OpFoldResult count = builder.getIndexAttr(numBlocks);
    SmallVector<Value> columns;
    for (int64_t i = 0; i < perBlock; ++i)
      columns.push_back(createEmpty(builder, loc, {count}, element));
    SmallVector<AffineMap> maps(perBlock, builder.getMultiDimIdentityMap(1));
    auto generic = linalg::GenericOp::create(
        builder, loc, ValueRange(columns).getTypes(), ValueRange(), columns, maps,
        utils::IteratorType::parallel, [&](OpBuilder &inner, Location at, ValueRange) {
          ScalarBuilder b(inner, at);
          Value index = b.emit<arith::IndexCastOp>(b.i64(), b.emit<linalg::IndexOp>(0));
          linalg::YieldOp::create(inner, at, buildBlock(b, index));
        });
    Value rows = createEmpty(builder, loc, {count, builder.getIndexAttr(perBlock)}, element);
    for (auto [i, column] : llvm::enumerate(generic.getResults()))
      rows = tensor::InsertSliceOp::create(
          builder, loc, column, rows, {zero, builder.getIndexAttr(i)}, {count, one}, {one, one});
    return rows;
  }
};

} // namespace

void tflc::populateRandomBitsPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertRngBitGenerator>(converter, patterns.getContext());
}
