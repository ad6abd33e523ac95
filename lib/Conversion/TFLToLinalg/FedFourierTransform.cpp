//===- FedFourierTransform.cpp - Fourier transforms of any length ---------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Stockham's algorithm as in FourierTransform.cpp, where only an invocation shows the lengths: its
// steps are those of a loop, which does two at once, from one tensor to another one and back.
//
//===----------------------------------------------------------------------===//

#include "FourierTransform.h"

#include "DataMovement.h"
#include "IndexMath.h"
#include "Loops.h"
#include "SizeChecks.h"
#include "Utils.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

using Sizes = SmallVector<OpFoldResult>;

static Value reshapeFed(OpBuilder &builder, Location loc, Value value,
                        ArrayRef<OpFoldResult> sizes) {
  SmallVector<int64_t> shape;
  for (OpFoldResult size : sizes)
    shape.push_back(getConstantIntValue(size).value_or(ShapedType::kDynamic));
  return reshapeTo(builder, loc, value, RankedTensorType::get(shape, getElementType(value)), sizes);
}

namespace {

/// Transforms of rows of `size * inner` elements along the `size`; neighbours of a transform are
/// `inner` elements apart.
class RowTransform {
public:
  RowTransform(ScalarBuilder &b, OpFoldResult rows, OpFoldResult size, OpFoldResult inner);
  ComplexTensor apply(ComplexTensor rows);

private:
  /// What becomes of transforms of this length: twice as many of half of it, written to `target`.
  ComplexTensor createStep(ScalarBuilder &b, Value length, ComplexTensor source,
                           ComplexTensor target);

  ScalarBuilder &b;
  IndexMath math;
  Sizes sizes;
  Value size, inner;
  /// exp(-2 * pi * i * k / size) for k in [0, size / 2).
  ComplexTensor roots;
};

} // namespace

RowTransform::RowTransform(ScalarBuilder &b, OpFoldResult rows, OpFoldResult size,
                           OpFoldResult inner)
    : b(b), math(b.getBuilder(), b.getLoc()), sizes({rows, math.mul(size, inner)}),
      size(math.getValue(size)), inner(math.getValue(inner)) {
  auto toFloat = [](ScalarBuilder &scalars, Value index) {
    return scalars.emit<arith::SIToFPOp>(scalars.f32(),
                                         scalars.emit<arith::IndexCastOp>(scalars.i32(), index));
  };
  Value total = toFloat(b, this->size);
  OpFoldResult half = math.max(math.div(size, math.get(2)), math.get(1));
  auto createTable = [&](bool isReal) {
    return buildElementwise(
        b.getBuilder(), b.getLoc(), {}, half, b.f32(),
        [&](OpBuilder &builder, Location at, ValueRange) -> Value {
          ScalarBuilder nested(builder, at);
          Value turn =
              nested.emit<arith::DivFOp>(toFloat(nested, nested.emit<linalg::IndexOp>(0)), total);
          constexpr double pi = 3.14159265358979323846;
          Value angle = nested.mul(turn, nested.constant(nested.f32(), -2 * pi));
          return isReal ? nested.emit<math::CosOp>(angle) : nested.emit<math::SinOp>(angle);
        });
  };
  roots = {createTable(true), createTable(false)};
}

ComplexTensor RowTransform::createStep(ScalarBuilder &b, Value length, ComplexTensor source,
                                       ComplexTensor target) {
  Type index = b.getBuilder().getIndexType();
  auto divide = [](ScalarBuilder &s, Value lhs, Value rhs) {
    return s.emit<arith::DivUIOp>(lhs, rhs);
  };
  Value two = b.integer(index, 2), count = b.mul(divide(b, size, length), inner);
  Value distance = b.mul(divide(b, length, two), count), rootStep = divide(b, size, length);
  Value isDone = b.compare(arith::CmpIPredicate::eq, length, b.integer(index, 1));
  SmallVector<AffineMap> maps(2, b.getBuilder().getMultiDimIdentityMap(2));
  SmallVector<utils::IteratorType> iterators(2, utils::IteratorType::parallel);
  auto step = linalg::GenericOp::create(
      b.getBuilder(), b.getLoc(), TypeRange{target.re.getType(), target.im.getType()}, ValueRange(),
      ValueRange{target.re, target.im}, maps, iterators,
      [&](OpBuilder &builder, Location at, ValueRange) {
        ScalarBuilder s(builder, at);
        Value row = s.emit<linalg::IndexOp>(0), place = s.emit<linalg::IndexOp>(1);
        Value along = s.emit<arith::RemUIOp>(place, count), block = divide(s, place, count);
        Value p = divide(s, block, two), which = s.emit<arith::RemUIOp>(block, two);
        Value first = s.add(s.mul(p, count), along), second = s.add(first, distance);
        auto read = [&](Value at) -> ComplexScalar {
          return {extract(s, source.re, {row, at}), extract(s, source.im, {row, at})};
        };
        Value rootPlace = s.mul(p, rootStep);
        Value cosine = extract(s, roots.re, rootPlace), sine = extract(s, roots.im, rootPlace);
        Value isFirst = s.compare(arith::CmpIPredicate::eq, which, s.integer(index, 0));
        Value zero = s.constant(s.f32(), 0), one = s.constant(s.f32(), 1);
        auto getFactor = [&](Value re, Value im) -> ComplexScalar {
          return {s.select(isFirst, one, re), s.select(isFirst, zero, im)};
        };
        ComplexScalar old = read(first);
        ComplexScalar element = createStockhamStep(
            s, old, read(second),
            {getFactor(cosine, sine), getFactor(s.sub(zero, cosine), s.sub(zero, sine))});
        linalg::YieldOp::create(
            builder, at,
            ValueRange{s.select(isDone, old.re, element.re), s.select(isDone, old.im, element.im)});
      });
  return {step.getResult(0), step.getResult(1)};
}

ComplexTensor RowTransform::apply(ComplexTensor rows) {
  Type index = b.getBuilder().getIndexType();
  auto createOther = [&]() { return createEmpty(b.getBuilder(), b.getLoc(), sizes, b.f32()); };
  SmallVector<Value> carried = {size, rows.re, rows.im, createOther(), createOther()};
  carried = buildWhile(
      b, carried,
      [&](ScalarBuilder &nested, ValueRange values) {
        return nested.compare(arith::CmpIPredicate::ugt, values[0], nested.integer(index, 1));
      },
      [&](ScalarBuilder &nested, ValueRange values) -> SmallVector<Value> {
        Value two = nested.integer(index, 2), half = nested.emit<arith::DivUIOp>(values[0], two);
        ComplexTensor there =
            createStep(nested, values[0], {values[1], values[2]}, {values[3], values[4]});
        ComplexTensor back = createStep(nested, half, there, {values[1], values[2]});
        return {nested.emit<arith::DivUIOp>(half, two), back.re, back.im, there.re, there.im};
      });
  return {carried[1], carried[2]};
}

ComplexTensor tflc::transformFedMatrices(OpBuilder &builder, Location loc, Value input,
                                         OpFoldResult height, OpFoldResult width) {
  ScalarBuilder b(builder, loc);
  IndexMath math(builder, loc);
  Sizes sizes = tensor::getMixedSizes(builder, loc, input);
  SizeChecks checks(builder, loc);
  auto requirePower = [&](OpFoldResult length) {
    length = checks.requireAtLeast(length, 1);
    if (getConstantIntValue(length))
      return length;
    // A power of two has one bit.
    Value value = math.getValue(length), before = math.getValue(math.sub(length, math.get(1)));
    checks.reject(b.compare(arith::CmpIPredicate::ne, b.emit<arith::AndIOp>(value, before),
                            math.getValue(math.get(0))));
    return length;
  };
  height = requirePower(height);
  width = requirePower(width);
  checks.finish();

  OpFoldResult outer = math.product(ArrayRef(sizes).drop_back(2));
  Value real = fitMatrices(builder, loc, input, height, width);
  OpFoldResult rows = math.mul(outer, height), zero = math.get(0), one = math.get(1);
  real = reshapeFed(builder, loc, real, {rows, width});
  Value none = createFilled(builder, loc, {rows, width}, b.constant(b.f32(), 0));
  // All columns, of which the first half says what the others are.
  ComplexTensor z = RowTransform(b, rows, width, one).apply({real, none});
  OpFoldResult columns = math.add(math.div(width, math.get(2)), one);
  OpFoldResult perMatrix = math.mul(height, columns);
  auto take = [&](Value part) {
    part = sliceTensor(builder, loc, part, {zero, zero}, {rows, columns});
    return reshapeFed(builder, loc, part, {outer, perMatrix});
  };
  z = RowTransform(b, outer, height, columns).apply({take(z.re), take(z.im)});
  sizes[sizes.size() - 2] = height;
  sizes.back() = columns;
  return {reshapeFed(builder, loc, z.re, sizes), reshapeFed(builder, loc, z.im, sizes)};
}
