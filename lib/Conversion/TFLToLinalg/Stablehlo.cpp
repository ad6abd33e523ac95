//===- Stablehlo.cpp - lowering of StableHLO's operators ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ElementwiseLowering.h"
#include "PopulatePatterns.h"
#include "SequentialLoops.h"

#include "TFL/IR/StablehloOps.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

namespace {
enum class Computation { Update, Add, And, Maximum, Minimum, Multiply };

/// What a computation needs to know of a type of the model.
struct ElementKind {
  explicit ElementKind(Type tensorType)
      : isBool(getElementTypeOrSelf(tensorType).isInteger(1)),
        isUnsigned(isUnsignedElement(getElementTypeOrSelf(tensorType))) {}
  bool isBool, isUnsigned;
};
} // namespace

static Value compute(ScalarBuilder &b, Computation computation, ElementKind kind, Value lhs,
                     Value rhs) {
  using C = Computation;
  if (computation == C::Update)
    return rhs;
  // Bools are stored as 0 and 1: their sum and maximum is the disjunction.
  if (kind.isBool && (computation == C::Add || computation == C::Maximum))
    return b.emit<arith::OrIOp>(lhs, rhs);
  if (kind.isBool || computation == C::And)
    return b.emit<arith::AndIOp>(lhs, rhs);
  if (computation == C::Add)
    return b.add(lhs, rhs);
  if (computation == C::Multiply)
    return b.mul(lhs, rhs);
  bool isMax = computation == C::Maximum;
  if (isa<FloatType>(lhs.getType())) {
    // Where a NaN is one of the operands, the first one stays.
    Value isBetter = isMax ? b.compare(arith::CmpFPredicate::OLT, lhs, rhs)
                           : b.compare(arith::CmpFPredicate::OLT, rhs, lhs);
    return b.select(isBetter, rhs, lhs);
  }
  if (kind.isUnsigned)
    return isMax ? b.emit<arith::MaxUIOp>(lhs, rhs) : b.emit<arith::MinUIOp>(lhs, rhs);
  return isMax ? b.emit<arith::MaxSIOp>(lhs, rhs) : b.emit<arith::MinSIOp>(lhs, rhs);
}

template <Computation computation, typename OpTy> static ElementBody getBody(OpTy op) {
  ElementKind kind(op.getType());
  return [=](ScalarBuilder &b, ValueRange args) {
    return compute(b, computation, kind, args[0], args[1]);
  };
}

static ElementBody getShiftLeftBody(tfl::StablehloShiftLeftOp op) {
  return [](ScalarBuilder &b, ValueRange args) {
    Type type = args[0].getType();
    Value zero = b.integer(type, 0);
    Value isInside = b.compare(arith::CmpIPredicate::ult, args[1],
                               b.integer(type, type.getIntOrFloatBitWidth()));
    Value distance = b.select(isInside, args[1], zero);
    return b.select(isInside, b.emit<arith::ShLIOp>(args[0], distance), zero);
  };
}

//===----------------------------------------------------------------------===//
// Index vectors
//===----------------------------------------------------------------------===//

/// Element `element` of the index vector that `batch` picks from `indices`, in 64 bits.
static Value readIndex(ScalarBuilder &b, Value indices, ValueRange batch, int64_t vectorDim,
                       int64_t element) {
  SmallVector<Value> place(batch);
  if (vectorDim < cast<RankedTensorType>(indices.getType()).getRank())
    place.insert(place.begin() + vectorDim, b.integer(b.getBuilder().getIndexType(), element));
  return b.resize(b.emit<tensor::ExtractOp>(indices, place), b.i64());
}

/// `places` in the dimensions that `dims` does not name (the batch), or in those that it does.
static SmallVector<Value> pick(ValueRange places, ArrayRef<int64_t> dims, bool isNamed) {
  SmallVector<Value> result;
  for (auto [i, place] : llvm::enumerate(places))
    if (llvm::is_contained(dims, int64_t(i)) == isNamed)
      result.push_back(place);
  return result;
}

/// The place of `dim` in `dims`, if it is there.
static std::optional<int64_t> findDim(ArrayRef<int64_t> dims, int64_t dim) {
  auto at = llvm::find(dims, dim);
  return at == dims.end() ? std::nullopt : std::optional<int64_t>(at - dims.begin());
}

static Value toIndex(ScalarBuilder &b, Value value) {
  return b.emit<arith::IndexCastOp>(b.getBuilder().getIndexType(), value);
}

static Value toInt64(ScalarBuilder &b, OpFoldResult size) {
  if (std::optional<int64_t> known = getConstantIntValue(size))
    return b.integer(b.i64(), *known);
  return b.emit<arith::IndexCastOp>(b.i64(), cast<Value>(size));
}

namespace {

struct ConvertGather : OpConversionPattern<tfl::StablehloGatherOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::StablehloGatherOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    Value input = adaptor.getInput(), indices = adaptor.getStartIndices();
    SmallVector<OpFoldResult> inputSizes = tensor::getMixedSizes(rewriter, loc, input);
    Value result = buildElementwise(
        rewriter, loc, {}, getSizes(op, indices, rewriter), type.getElementType(),
        [&](OpBuilder &builder, Location at, ValueRange) {
          ScalarBuilder b(builder, at);
          SmallVector<Value> places;
          for (int64_t i = 0; i < type.getRank(); ++i)
            places.push_back(b.emit<linalg::IndexOp>(i));
          SmallVector<Value> batch = pick(places, op.getOffsetDims(), /*isNamed=*/false);
          SmallVector<Value> offsets = pick(places, op.getOffsetDims(), /*isNamed=*/true);
          SmallVector<Value> place;
          auto offset = offsets.begin();
          for (auto [dim, size] : llvm::enumerate(inputSizes)) {
            Value start;
            if (auto element = findDim(op.getStartIndexMap(), dim)) {
              start = readIndex(b, indices, batch, op.getIndexVectorDim(), *element);
              Value last = b.add(toInt64(b, size), -op.getSliceSizes()[dim]);
              start = b.emit<arith::MaxSIOp>(b.emit<arith::MinSIOp>(start, last),
                                             b.integer(b.i64(), 0));
              start = toIndex(b, start);
            }
            if (!llvm::is_contained(op.getCollapsedSliceDims(), int64_t(dim)))
              start = start ? b.add(start, *offset++) : *offset++;
            place.push_back(start ? start : b.integer(builder.getIndexType(), 0));
          }
          return b.emit<tensor::ExtractOp>(input, place);
        });
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  static SmallVector<OpFoldResult> getSizes(tfl::StablehloGatherOp op, Value indices,
                                            OpBuilder &builder) {
    SmallVector<OpFoldResult> batch = tensor::getMixedSizes(builder, op.getLoc(), indices), sizes;
    if (op.getIndexVectorDim() < batch.size())
      batch.erase(batch.begin() + op.getIndexVectorDim());
    auto nextBatch = batch.begin();
    for (auto [i, size] : llvm::enumerate(op.getType().getShape()))
      sizes.push_back(llvm::is_contained(op.getOffsetDims(), int64_t(i))
                          ? OpFoldResult(builder.getIndexAttr(size))
                          : *nextBatch++);
    return sizes;
  }
};

struct ConvertScatter : OpConversionPattern<tfl::StablehloScatterOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::StablehloScatterOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto computation =
        llvm::StringSwitch<std::optional<Computation>>(op.getComputation().value_or(""))
            .Case("UPDATE", Computation::Update)
            .Case("ADD", Computation::Add)
            .Case("MULTIPLY", Computation::Multiply)
            .Case("MAXIMUM", Computation::Maximum)
            .Case("MINIMUM", Computation::Minimum)
            .Default(std::nullopt);
    if (!computation)
      return rewriter.notifyMatchFailure(op, "the computation is unknown");
    Location loc = op.getLoc();
    ElementKind kind(op.getType());
    Value indices = adaptor.getScatterIndices();
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(rewriter, loc, adaptor.getInput());
    Value result = scatter(
        rewriter, loc, adaptor.getInput(), adaptor.getUpdates(),
        [&](ScalarBuilder &b, ValueRange step) {
          SmallVector<Value> batch = pick(step, op.getUpdateWindowDims(), /*isNamed=*/false);
          SmallVector<Value> window = pick(step, op.getUpdateWindowDims(), /*isNamed=*/true);
          ScatterPlace place;
          auto offset = window.begin();
          for (auto [dim, size] : llvm::enumerate(sizes)) {
            Value at = b.integer(b.i64(), 0);
            if (auto element = findDim(op.getScatterDimsToOperandDims(), dim))
              at = readIndex(b, indices, batch, op.getIndexVectorDim(), *element);
            if (!llvm::is_contained(op.getInsertedWindowDims(), int64_t(dim)))
              at = b.add(at, b.emit<arith::IndexCastOp>(b.i64(), *offset++));
            place.indices.push_back(toIndex(b, at));
            // Below zero is a large unsigned number.
            Value isInside = b.compare(arith::CmpIPredicate::ult, at, toInt64(b, size));
            place.isWritten =
                place.isWritten ? b.emit<arith::AndIOp>(place.isWritten, isInside) : isInside;
          }
          return place;
        },
        [&](ScalarBuilder &b, Value old, Value update) {
          return compute(b, *computation, kind, old, update);
        });
    rewriter.replaceOp(op, result);
    return success();
  }
};

} // namespace

void tflc::populateStablehloPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  using C = Computation;
  addElementwise<tfl::StablehloAddOp>(converter, patterns, getBody<C::Add>);
  addElementwise<tfl::StablehloAndOp>(converter, patterns, getBody<C::And>);
  addElementwise<tfl::StablehloMaximumOp>(converter, patterns, getBody<C::Maximum>);
  addElementwise<tfl::StablehloMinimumOp>(converter, patterns, getBody<C::Minimum>);
  addElementwise<tfl::StablehloMultiplyOp>(converter, patterns, getBody<C::Multiply>);
  addElementwise<tfl::StablehloShiftLeftOp>(converter, patterns, getShiftLeftBody);
  patterns.add<ConvertGather, ConvertScatter>(converter, patterns.getContext());
}
