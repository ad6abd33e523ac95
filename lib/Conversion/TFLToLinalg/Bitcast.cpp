//===- Bitcast.cpp - lowering of BITCAST ----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "ScalarBuilder.h"
#include "Utils.h"

#include "TFL/IR/QuantizationOps.h"

#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

static IntegerType getBitsType(Type type) {
  unsigned width = 0;
  if (auto complex = dyn_cast<ComplexType>(type))
    width = 2 * complex.getElementType().getIntOrFloatBitWidth();
  else
    width = type.getIntOrFloatBitWidth();
  return IntegerType::get(type.getContext(), width);
}

/// The bits of an element as an integer; the real part of a complex number is the lower half.
static Value toBits(ScalarBuilder &b, Value value) {
  Type type = value.getType();
  IntegerType bits = getBitsType(type);
  if (isa<IntegerType>(type))
    return value;
  if (isa<FloatType>(type))
    return b.emit<arith::BitcastOp>(bits, value);
  Value low = b.emit<arith::ExtUIOp>(bits, toBits(b, b.emit<complex::ReOp>(value)));
  Value high = b.emit<arith::ExtUIOp>(bits, toBits(b, b.emit<complex::ImOp>(value)));
  return b.emit<arith::OrIOp>(low, b.shiftLeft(high, bits.getWidth() / 2));
}

static Value fromBits(ScalarBuilder &b, Value bits, Type type) {
  if (isa<IntegerType>(type))
    return bits;
  if (isa<FloatType>(type))
    return b.emit<arith::BitcastOp>(type, bits);
  Type part = cast<ComplexType>(type).getElementType();
  IntegerType half = getBitsType(part);
  Value low = b.emit<arith::TruncIOp>(half, bits);
  Value high = b.emit<arith::TruncIOp>(half, b.shiftRight(bits, half.getWidth()));
  return b.emit<complex::CreateOp>(type, fromBits(b, low, part), fromBits(b, high, part));
}

namespace {

struct ConvertBitcast : OpConversionPattern<tfl::BitcastOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(tfl::BitcastOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    auto type = getTypeConverter()->convertType<RankedTensorType>(op.getType());
    // Other code relies on bools that are 0 or 1.
    bool isBool = op.getType().getElementType().isInteger(1);
    auto store = [&](ScalarBuilder &b, Value bits) -> Value {
      if (isBool)
        return b.storeBool(b.compare(arith::CmpIPredicate::ne, bits, b.integer(bits.getType(), 0)));
      return fromBits(b, bits, type.getElementType());
    };
    Value input = adaptor.getInput();
    unsigned from = getBitsType(getElementType(input)).getWidth();
    unsigned to = getBitsType(type.getElementType()).getWidth();
    Value result = from < to ? join(rewriter, loc, input, type.getElementType(), to / from, store)
                             : split(rewriter, loc, input, type.getElementType(), from / to, store);
    rewriter.replaceOp(op, castTo(rewriter, loc, result, type));
    return success();
  }

private:
  using Store = llvm::function_ref<Value(ScalarBuilder &, Value)>;

  /// Each element as `count` ones, in a dimension of their own where that is more than one.
  static Value split(OpBuilder &builder, Location loc, Value input, Type element, unsigned count,
                     Store store) {
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
    unsigned rank = sizes.size();
    if (count > 1)
      sizes.push_back(builder.getIndexAttr(count));
    AffineMap map = builder.getMultiDimIdentityMap(sizes.size()).getMajorSubMap(rank);
    if (rank == 0)
      map = AffineMap::get(sizes.size(), 0, builder.getContext());
    return buildElementwise(
        builder, loc, input, {map}, sizes, element,
        [&](OpBuilder &inner, Location at, ValueRange args) {
          ScalarBuilder b(inner, at);
          Value bits = toBits(b, args[0]);
          if (count == 1)
            return store(b, bits);
          Type part = getBitsType(element);
          Value place = b.emit<arith::IndexCastOp>(bits.getType(), b.emit<linalg::IndexOp>(rank));
          Value distance = b.mul(place, b.integer(bits.getType(), part.getIntOrFloatBitWidth()));
          Value moved = b.emit<arith::ShRUIOp>(bits, distance);
          return store(b, b.emit<arith::TruncIOp>(part, moved));
        });
  }

  /// The `count` elements of the last dimension as one.
  static Value join(OpBuilder &builder, Location loc, Value input, Type element, unsigned count,
                    Store store) {
    SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
    sizes.pop_back();
    return buildElementwise(
        builder, loc, {}, sizes, element, [&](OpBuilder &inner, Location at, ValueRange) {
          ScalarBuilder b(inner, at);
          SmallVector<Value> place;
          for (size_t i = 0; i < sizes.size(); ++i)
            place.push_back(b.emit<linalg::IndexOp>(i));
          place.push_back({});
          Value bits;
          for (unsigned i = 0; i < count; ++i) {
            place.back() = b.integer(inner.getIndexType(), i);
            Value part = toBits(b, b.emit<tensor::ExtractOp>(input, place));
            unsigned width = part.getType().getIntOrFloatBitWidth();
            part = b.shiftLeft(b.emit<arith::ExtUIOp>(getBitsType(element), part), i * width);
            bits = bits ? b.emit<arith::OrIOp>(bits, part) : part;
          }
          return store(b, bits);
        });
  }
};

} // namespace

void tflc::populateBitcastPatterns(TFLTypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<ConvertBitcast>(converter, patterns.getContext());
}
