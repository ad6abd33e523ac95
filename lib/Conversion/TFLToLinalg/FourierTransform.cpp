//===- FourierTransform.cpp - discrete Fourier transforms -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Stockham's algorithm: each step halves the length of the transforms and doubles their number. Its
// results come in order, and all loops are elementwise, so that they are scheduled like others.
//
//===----------------------------------------------------------------------===//

#include "FourierTransform.h"

#include "DataMovement.h"
#include "IndexMath.h"
#include "Utils.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

/// exp(-2 * pi * i * turn).
static std::pair<float, float> getRootOfUnity(double turn) {
  constexpr double pi = 3.14159265358979323846;
  return {float(std::cos(2 * pi * turn)), float(-std::sin(2 * pi * turn))};
}

static Value createTable(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                         ArrayRef<float> values) {
  auto type = RankedTensorType::get(shape, builder.getF32Type());
  return arith::ConstantOp::create(builder, loc, DenseElementsAttr::get(type, values));
}

using FloatBody = llvm::function_ref<Value(ScalarBuilder &, ValueRange)>;

/// `body` of elements that `maps` read from `inputs`, for each place of `shape`.
static Value map(OpBuilder &builder, Location loc, ValueRange inputs, ArrayRef<AffineMap> maps,
                 ArrayRef<int64_t> shape, FloatBody body) {
  return buildElementwise(builder, loc, inputs, maps,
                          getAsIndexOpFoldResult(builder.getContext(), shape), builder.getF32Type(),
                          [&](OpBuilder &inner, Location at, ValueRange args) {
                            ScalarBuilder b(inner, at);
                            return body(b, args);
                          });
}

/// The real and the imaginary part of `args` as two tensors; `body` is told which one it computes.
static ComplexTensor mapParts(OpBuilder &builder, Location loc, ValueRange inputs,
                              ArrayRef<AffineMap> maps, ArrayRef<int64_t> shape,
                              llvm::function_ref<Value(ScalarBuilder &, ValueRange, bool)> body) {
  auto part = [&](bool isReal) {
    return map(builder, loc, inputs, maps, shape,
               [&](ScalarBuilder &b, ValueRange args) { return body(b, args, isReal); });
  };
  return {part(true), part(false)};
}

/// The real (or imaginary) part of (re + i im) * (cosine + i sine).
static Value multiply(ScalarBuilder &b, Value re, Value im, Value cosine, Value sine, bool isReal) {
  return isReal ? b.sub(b.mul(re, cosine), b.mul(im, sine))
                : b.add(b.mul(re, sine), b.mul(im, cosine));
}

ComplexScalar tflc::createStockhamStep(ScalarBuilder &b, ComplexScalar first, ComplexScalar second,
                                       ArrayRef<ComplexScalar> factors) {
  auto getPart = [&](bool isReal) {
    return b.add(multiply(b, first.re, first.im, factors[0].re, factors[0].im, isReal),
                 multiply(b, second.re, second.im, factors[1].re, factors[1].im, isReal));
  };
  return {getPart(true), getPart(false)};
}

/// Transforms the middle one of three dimensions.
static ComplexTensor transformMiddle(OpBuilder &builder, Location loc, ComplexTensor x) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(x.re.getType()).getShape());
  int64_t outer = shape[0], size = shape[1], inner = shape[2];
  for (int64_t length = size; length > 1; length /= 2) {
    // With tables of the factors both transforms are one loop.
    int64_t half = length / 2, count = size / length * inner;
    SmallVector<float> s0re, s0im, s1re, s1im;
    for (int64_t p = 0; p < half; ++p) {
      auto [cosine, sine] = getRootOfUnity(double(p) / double(length));
      s0re.append({1, cosine});
      s0im.append({0, sine});
      s1re.append({1, -cosine});
      s1im.append({0, -sine});
    }
    auto view = [&](Value value) {
      return reshapeTo(builder, loc, value, {outer, 2, half, count});
    };
    auto table = [&](ArrayRef<float> values) {
      return createTable(builder, loc, {half, 2}, values);
    };
    // Iterators: outer, p, which of the two, what runs along.
    auto dim = [&](unsigned i) { return builder.getAffineDimExpr(i); };
    auto which = [&](int64_t i) {
      return AffineMap::get(4, 0, {dim(0), builder.getAffineConstantExpr(i), dim(1), dim(3)},
                            builder.getContext());
    };
    AffineMap root = AffineMap::get(4, 0, {dim(1), dim(2)}, builder.getContext());
    Value re = view(x.re), im = view(x.im);
    x = mapParts(builder, loc, {re, im, re, im, table(s0re), table(s0im), table(s1re), table(s1im)},
                 {which(0), which(0), which(1), which(1), root, root, root, root},
                 {outer, half, 2, count}, [](ScalarBuilder &b, ValueRange args, bool isReal) {
                   ComplexScalar element =
                       createStockhamStep(b, {args[0], args[1]}, {args[2], args[3]},
                                          {{args[4], args[5]}, {args[6], args[7]}});
                   return isReal ? element.re : element.im;
                 });
  }
  return {reshapeTo(builder, loc, x.re, shape), reshapeTo(builder, loc, x.im, shape)};
}

/// `value` of shape [rows, size] with its first column behind its last.
static Value repeatFirst(OpBuilder &builder, Location loc, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t rows = type.getDimSize(0), size = type.getDimSize(1);
  auto get = [&](int64_t number) -> OpFoldResult { return builder.getIndexAttr(number); };
  Value longer = createEmpty(builder, loc, {get(rows), get(size + 1)}, type.getElementType());
  Value first = sliceTensor(builder, loc, value, {get(0), get(0)}, {get(rows), get(1)});
  SmallVector<OpFoldResult> ones(2, get(1));
  longer = tensor::InsertSliceOp::create(builder, loc, value, longer, {get(0), get(0)},
                                         {get(rows), get(size)}, ones);
  return tensor::InsertSliceOp::create(builder, loc, first, longer, {get(0), get(size)},
                                       {get(rows), get(1)}, ones);
}

/// Transforms rows of reals, of an even size, to the first half of the spectrum: even elements are
/// the real part and odd ones the imaginary part of rows of half the size, whose transform z gives
///   out[k] = (z[k] + z*[-k]) / 2 + exp(-2 pi i k / size) * (z[k] - z*[-k]) / 2i.
static ComplexTensor transformRealRows(OpBuilder &builder, Location loc, Value input) {
  auto type = cast<RankedTensorType>(input.getType());
  int64_t rows = type.getDimSize(0), size = type.getDimSize(1), half = size / 2;
  AffineExpr row = builder.getAffineDimExpr(0), at = builder.getAffineDimExpr(1);
  auto readAt = [&](AffineExpr place) {
    return AffineMap::get(2, 0, {row, place}, builder.getContext());
  };
  auto copy = [](ScalarBuilder &, ValueRange args) { return args[0]; };
  ComplexTensor z = {map(builder, loc, input, readAt(at * 2), {rows, half}, copy),
                     map(builder, loc, input, readAt(at * 2 + 1), {rows, half}, copy)};
  auto reshapeParts = [&](ArrayRef<int64_t> shape) {
    z = {reshapeTo(builder, loc, z.re, shape), reshapeTo(builder, loc, z.im, shape)};
  };
  reshapeParts({rows, half, 1});
  z = transformMiddle(builder, loc, z);
  reshapeParts({rows, half});
  // Element -k stands at half - k.
  Value re = repeatFirst(builder, loc, z.re), im = repeatFirst(builder, loc, z.im);
  SmallVector<float> cosines, sines;
  for (int64_t k = 0; k <= half; ++k) {
    auto [cosine, sine] = getRootOfUnity(double(k) / double(size));
    cosines.push_back(cosine);
    sines.push_back(sine);
  }
  AffineMap each = readAt(at), mirrored = readAt(-at + half), root = AffineMap::get(2, 0, at);
  return mapParts(builder, loc,
                  {re, im, re, im, createTable(builder, loc, {half + 1}, cosines),
                   createTable(builder, loc, {half + 1}, sines)},
                  {each, each, mirrored, mirrored, root, root}, {rows, half + 1},
                  [](ScalarBuilder &b, ValueRange args, bool isReal) {
                    Value oddRe = b.add(args[1], args[3]), oddIm = b.sub(args[2], args[0]);
                    Value even = isReal ? b.add(args[0], args[2]) : b.sub(args[1], args[3]);
                    Value odd = multiply(b, oddRe, oddIm, args[4], args[5], isReal);
                    return b.mul(b.add(even, odd), b.constant(b.f32(), 0.5));
                  });
}

Value tflc::fitMatrices(OpBuilder &builder, Location loc, Value input, OpFoldResult height,
                        OpFoldResult width) {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  SmallVector<OpFoldResult> zeros(sizes.size(), math.get(0)), missing = zeros;
  for (auto [dim, wanted] : {std::pair(sizes.size() - 2, height), {sizes.size() - 1, width}}) {
    missing[dim] = math.max(math.sub(wanted, sizes[dim]), math.get(0));
    sizes[dim] = math.min(wanted, sizes[dim]);
  }
  Value cut = sliceTensor(builder, loc, input, zeros, sizes);
  return padTensor(builder, loc, cut, zeros, missing,
                   createZero(builder, loc, builder.getF32Type()));
}

ComplexTensor tflc::transformMatrices(OpBuilder &builder, Location loc, Value input, int64_t height,
                                      int64_t width) {
  SmallVector<int64_t> shape(cast<RankedTensorType>(input.getType()).getShape());
  int64_t outer = 1;
  for (int64_t size : ArrayRef(shape).drop_back(2))
    outer *= size;
  Value fitted =
      fitMatrices(builder, loc, input, builder.getIndexAttr(height), builder.getIndexAttr(width));
  Value rows = reshapeTo(builder, loc, fitted, {outer * height, width});
  ComplexTensor z;
  if (width == 1)
    z = {rows, createFilled(builder, loc, tensor::getMixedSizes(builder, loc, rows),
                            createZero(builder, loc, builder.getF32Type()))};
  else
    z = transformRealRows(builder, loc, rows);
  int64_t columns = width / 2 + 1;
  auto reshapeParts = [&](ArrayRef<int64_t> parts) {
    z = {reshapeTo(builder, loc, z.re, parts), reshapeTo(builder, loc, z.im, parts)};
  };
  reshapeParts({outer, height, columns});
  z = transformMiddle(builder, loc, z);
  MutableArrayRef(shape).take_back(2)[0] = height;
  shape.back() = columns;
  reshapeParts(shape);
  return z;
}
