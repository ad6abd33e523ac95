//===- WinogradParts.cpp - transforms and products of patches -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "WinogradParts.h"

#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Arithmetic and memory
//===----------------------------------------------------------------------===//

Value WinogradParts::constant(int64_t value) { return arith::ConstantIndexOp::create(b, value); }

Value WinogradParts::add(Value lhs, Value rhs) {
  if (getElementTypeOrSelf(lhs.getType()).isF32())
    return arith::AddFOp::create(b, lhs, rhs);
  return arith::AddIOp::create(b, lhs, rhs);
}

Value WinogradParts::subtract(Value lhs, Value rhs) {
  if (getElementTypeOrSelf(lhs.getType()).isF32())
    return arith::SubFOp::create(b, lhs, rhs);
  return arith::SubIOp::create(b, lhs, rhs);
}

Value WinogradParts::multiply(Value lhs, int64_t rhs) {
  return rhs == 1 ? lhs : arith::MulIOp::create(b, lhs, constant(rhs)).getResult();
}

Value WinogradParts::least(Value lhs, Value rhs) { return arith::MinSIOp::create(b, lhs, rhs); }

void WinogradParts::loop(Value end, int64_t step, function_ref<void(Value)> body) {
  if (std::optional<int64_t> size = getConstantIntValue(end); size && *size <= step)
    return body(constant(0));
  loop(constant(0), end, step, body);
}

void WinogradParts::loop(Value begin, Value end, int64_t step, function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(b, begin, end, constant(step));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

Value WinogradParts::loadExtended(Value buffer, Value index, int64_t size, bool isUnsigned) {
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  auto type = VectorType::get(size, element);
  Value loaded = vector::LoadOp::create(b, type, buffer, index);
  if (element.isF32())
    return loaded;
  if (element.isF16())
    return arith::ExtFOp::create(b, type.clone(b.getF32Type()), loaded);
  auto wide = type.clone(b.getI16Type());
  return isUnsigned ? arith::ExtUIOp::create(b, wide, loaded).getResult()
                    : arith::ExtSIOp::create(b, wide, loaded);
}

/// `size` elements of the scratch buffer.
Value WinogradParts::load(Value index, int64_t size) {
  return vector::LoadOp::create(b, VectorType::get(size, b.getI16Type()), scratch, index);
}

/// Sums or factors of all lanes.
Value WinogradParts::loadLanes(Value index, VectorType type) {
  return vector::BitCastOp::create(b, type, load(index, 2 * lanes));
}

void WinogradParts::store(Value value, Value index) {
  auto type = cast<VectorType>(value.getType());
  int64_t size = type.getNumElements() * type.getElementTypeBitWidth() / 16;
  value = vector::BitCastOp::create(b, VectorType::get(size, b.getI16Type()), value);
  vector::StoreOp::create(b, value, scratch, index);
}

void WinogradParts::storeAll(const Matrix &values, Value index, int64_t distance) {
  int64_t position = 0;
  for (const Values &line : values)
    for (Value value : line) {
      store(value, add(index, position));
      position += distance;
    }
}

VectorType WinogradParts::sumType() {
  return VectorType::get(lanes, isFloat ? Type(b.getF32Type()) : Type(b.getI32Type()));
}

VectorType WinogradParts::factorType() {
  return isFloat ? sumType() : VectorType::get(2 * lanes, b.getI16Type());
}

//===----------------------------------------------------------------------===//
// Transforms
//===----------------------------------------------------------------------===//

Value WinogradParts::fourTimes(Value value) {
  auto type = cast<VectorType>(value.getType());
  auto two = DenseElementsAttr::get(type, b.getIntegerAttr(type.getElementType(), 2));
  return arith::ShLIOp::create(b, value, arith::ConstantOp::create(b, two));
}

/// G g for three values, with the factors that Winograd.h gives its rows.
WinogradParts::Values WinogradParts::lineOfWeights(const Values &g, int64_t results) {
  Value outer = add(g[0], g[2]);
  if (results == 2)
    return {twice(g[0]), add(outer, g[1]), subtract(outer, g[1]), twice(g[2])};
  Value last2 = twice(g[2]), last4 = twice(last2), middle2 = twice(g[1]);
  Value far = add(g[0], last4);
  return {twice(add(twice(g[0]), g[0])), add(outer, g[1]), subtract(outer, g[1]), add(far, middle2),
          subtract(far, middle2),        add(last4, last2)};
}

/// B^T d for four values or six.
WinogradParts::Values WinogradParts::lineOfInputs(const Values &d, int64_t results) {
  if (results == 2)
    return {subtract(d[0], d[2]), add(d[1], d[2]), subtract(d[2], d[1]), subtract(d[1], d[3])};
  Value even = subtract(d[4], fourTimes(d[2])), odd = subtract(d[3], fourTimes(d[1]));
  Value even2 = subtract(d[4], d[2]), odd2 = twice(subtract(d[3], d[1]));
  return {add(fourTimes(subtract(d[0], d[2])), even2),
          add(even, odd),
          subtract(even, odd),
          add(even2, odd2),
          subtract(even2, odd2),
          subtract(subtract(d[5], d[3]), twice(odd2))};
}

/// A^T m for four values or six, with the factors of divideByFactors.
WinogradParts::Values WinogradParts::lineOfProducts(const Values &m, int64_t results) {
  if (results == 2)
    return {add(add(m[0], m[1]), m[2]), subtract(subtract(m[1], m[2]), m[3])};
  Value sum1 = add(m[1], m[2]), difference1 = subtract(m[1], m[2]);
  Value sum2 = add(m[3], m[4]), difference2 = subtract(m[3], m[4]);
  return {add(subtract(m[0], fourTimes(sum1)), sum2), subtract(difference2, twice(difference1)),
          subtract(sum2, sum1), add(subtract(twice(difference2), difference1), m[5])};
}

/// Columns, then lines of a matrix. `one` is told for how many results.
WinogradParts::Matrix WinogradParts::transform(ArrayRef<Values> matrix,
                                               function_ref<Values(const Values &, int64_t)> one) {
  auto transpose = [](ArrayRef<Values> from) {
    Matrix to(from[0].size());
    for (const Values &line : from)
      for (auto [i, value] : llvm::enumerate(line))
        to[i].push_back(value);
    return to;
  };
  Matrix columns = transpose(matrix);
  for (Values &column : columns)
    column = one(column, winograd.lines);
  Matrix lines = transpose(columns);
  for (Values &line : lines)
    line = one(line, winograd.pixels);
  return lines;
}

WinogradParts::Matrix WinogradParts::transformWeights(const Matrix &taps) {
  return transform(taps, [&](const Values &g, int64_t count) { return lineOfWeights(g, count); });
}

WinogradParts::Matrix WinogradParts::transformInputs(const Matrix &inputs) {
  return transform(inputs, [&](const Values &d, int64_t count) { return lineOfInputs(d, count); });
}

/// A result from its multiple.
Value WinogradParts::divideByFactors(Value sum, int64_t line, int64_t pixel) {
  auto splat = [&](Attribute value) {
    return arith::ConstantOp::create(b, DenseElementsAttr::get(sumType(), value));
  };
  // 2 for two results, 24, 12, 6 and 6 for four: powers of two, and 3 for each direction.
  constexpr uint32_t inverseOf3 = 0xAAAAAAAB; // modulo 2^32
  static_assert(uint32_t(3 * inverseOf3) == 1);
  constexpr int64_t shifts[] = {3, 2, 1, 1};
  int64_t shift = 0;
  uint32_t inverse = 1;
  for (auto [results, number] : {std::pair(winograd.lines, line), {winograd.pixels, pixel}}) {
    shift += results == 2 ? 1 : shifts[number];
    inverse *= results == 2 ? 1 : inverseOf3;
  }
  if (isFloat)
    return arith::MulFOp::create(b, sum, splat(b.getF32FloatAttr(std::ldexp(1.0f, -shift))));
  if (inverse != 1)
    sum = arith::MulIOp::create(b, sum, splat(b.getI32IntegerAttr(inverse)));
  return arith::ShRSIOp::create(b, sum, splat(b.getI32IntegerAttr(shift)));
}

WinogradParts::Matrix WinogradParts::resultsOf(Value row, Value lane) {
  Value start = add(multiply(row, 2 * lanes * vectors), layout.products);
  start = add(start, multiply(lane, 2));
  Matrix products(winograd.lines + 2);
  int64_t position = 0;
  for (Values &line : products)
    for (int64_t j = 0; j < winograd.pixels + 2; ++j, ++position)
      line.push_back(loadLanes(add(start, position * layout.perProductPosition), sumType()));
  Matrix results =
      transform(products, [&](const Values &m, int64_t count) { return lineOfProducts(m, count); });
  for (auto [i, line] : llvm::enumerate(results))
    for (auto [j, result] : llvm::enumerate(line))
      result = divideByFactors(result, i, j);
  return results;
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

void WinogradParts::clearProducts() {
  Value zero = arith::ConstantOp::create(b, b.getZeroAttr(sumType()));
  loop(winograd.positions() * layout.perProductPosition, 2 * lanes,
       [&](Value at) { store(zero, add(at, layout.products)); });
}

void WinogradParts::multiplyPatches(Value columnTile, Value firstChannel, Value count) {
  Value weightStart = multiply(columnTile, layout.perColumnTile);
  Value inputStart = add(multiply(firstChannel, layout.perFactor), layout.inputs);
  // The weights of one position stay in the first cache for all patches.
  loop(winograd.positions(), 1, [&](Value position) {
    Value weights = add(weightStart, multiply(position, layout.perWeightPosition));
    Value inputs = add(inputStart, multiply(position, layout.perInputPosition));
    Value products = add(multiply(position, layout.perProductPosition), layout.products);
    multiplyPosition(weights, inputs, products, count);
  });
}

/// Products of one position, which begin there in the scratch buffer.
void WinogradParts::multiplyPosition(Value weights, Value inputs, Value products, Value count) {
  bool isPart = winograd.channels < channels;
  loop(count, winograd.rows, [&](Value row) {
    Value start = add(products, multiply(row, 2 * lanes * vectors));
    SmallVector<Value> sums(winograd.rows * vectors,
                            arith::ConstantOp::create(b, b.getZeroAttr(sumType())));
    if (isPart)
      for (auto [i, sum] : llvm::enumerate(sums))
        sum = loadLanes(add(start, i * 2 * lanes), sumType());
    sums = multiplyChannels(sums, weights, add(inputs, multiply(row, layout.perInputs)));
    for (auto [i, sum] : llvm::enumerate(sums))
      store(sum, add(start, i * 2 * lanes));
  });
}

/// Adds the products of all channels of a part in one position to the sums of a register tile.
SmallVector<Value> WinogradParts::multiplyChannels(ArrayRef<Value> initial, Value weights,
                                                   Value inputs) {
  // Two groups at once for small tiles, so that the loop's own instructions count less. LLVM would
  // load floats of both at the beginning, into more registers than there are.
  int64_t largeTile = isFloat ? 8 : 12, size = layout.perFactor * winograd.channels;
  int64_t step = winograd.rows * vectors < largeTile && size % 4 == 0 ? 4 : 2;
  auto products =
      scf::ForOp::create(b, constant(0), constant(size), constant(step), ValueRange(initial));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(products.getBody());
  Value group = products.getInductionVar();
  SmallVector<Value> sums(products.getRegionIterArgs());
  Value weight = add(weights, multiply(group, vectors * lanes));
  Value input = add(inputs, group);
  for (int64_t next = 0; next < step; next += 2)
    addGroup(sums, weight, input, next);
  scf::YieldOp::create(b, sums);
  return SmallVector<Value>(products.getResults());
}

/// Adds the products of one group of channels, which is `next` elements further.
void WinogradParts::addGroup(MutableArrayRef<Value> sums, Value weight, Value input, int64_t next) {
  SmallVector<Value> columns;
  for (int64_t v = 0; v < vectors; ++v)
    columns.push_back(loadLanes(add(weight, next * vectors * lanes + v * 2 * lanes), factorType()));
  for (int64_t r = 0; r < winograd.rows; ++r) {
    Value all = broadcastGroup(add(input, r * layout.perInputs + next));
    for (int64_t v = 0; v < vectors; ++v) {
      Value &sum = sums[r * vectors + v];
      if (isFloat)
        sum = vector::FMAOp::create(b, all, columns[v], sum);
      else
        sum = tflrt::DotOp::create(
            b, sum, vector::BitCastOp::create(b, factorType(), all).getResult(), columns[v]);
    }
  }
}

/// Two words of the scratch buffer in every lane of a sum.
Value WinogradParts::broadcastGroup(Value index) {
  auto scalarType = VectorType::get(1, sumType().getElementType());
  Value scalar = vector::ExtractOp::create(
      b, vector::BitCastOp::create(b, scalarType, load(index, 2)).getResult(), 0);
  return vector::BroadcastOp::create(b, sumType(), scalar);
}
