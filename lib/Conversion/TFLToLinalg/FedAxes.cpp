//===- FedAxes.cpp - dimensions that data choose --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FedAxes.h"

#include "DataMovement.h"
#include "Guard.h"
#include "IndexMath.h"
#include "Loops.h"
#include "Utils.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// A byte for each of `rank` dimensions: 1 where one of `axes` names it, else 0.
static Value findNamed(OpBuilder &builder, Location loc, Value axes, int64_t rank) {
  unsigned numLoops = cast<RankedTensorType>(axes.getType()).getRank() + 1;
  SmallVector<utils::IteratorType> iterators(numLoops, utils::IteratorType::reduction);
  iterators[0] = utils::IteratorType::parallel;
  AffineMap whole = builder.getMultiDimIdentityMap(numLoops);
  AffineMap each = AffineMap::get(numLoops, 0, builder.getAffineDimExpr(0));
  OpFoldResult count = builder.getIndexAttr(rank);
  Value none = createFilled(builder, loc, count, createInt(builder, loc, builder.getI8Type(), 0));
  return linalg::GenericOp::create(
             builder, loc, none.getType(), axes, none,
             ArrayRef<AffineMap>{whole.dropResult(0), each}, iterators,
             [&](OpBuilder &nested, Location at, ValueRange args) {
               ScalarBuilder b(nested, at);
               Value dim = castFromIndex(b, b.emit<linalg::IndexOp>(0), args[0].getType());
               Value fromFront = b.compare(arith::CmpIPredicate::eq, args[0], dim);
               Value fromEnd = b.compare(arith::CmpIPredicate::eq, args[0], b.add(dim, -rank));
               Value isNamed = b.storeBool(b.emit<arith::OrIOp>(fromFront, fromEnd));
               linalg::YieldOp::create(nested, at, b.emit<arith::OrIOp>(args[1], isNamed));
             })
      .getResult(0);
}

/// The bytes of `named`, whose sum must be `count`.
static Value guardCount(OpBuilder &builder, Location loc, Value named, int64_t rank,
                        int64_t count) {
  ScalarBuilder b(builder, loc);
  Value sum = b.integer(b.i8(), 0);
  for (int64_t dim = 0; dim < rank; ++dim)
    sum = b.add(sum, extract(b, named, b.integer(builder.getIndexType(), dim)));
  Value isOther = b.compare(arith::CmpIPredicate::ne, sum, b.integer(b.i8(), count));
  return guardScalar(builder, loc, named, isOther, TFLC_INVALID_VALUE);
}

FedAxes::FedAxes(OpBuilder &builder, Location loc, Value axes, ArrayRef<OpFoldResult> sizes,
                 std::optional<int64_t> numNamed)
    : builder(builder), loc(loc), sizes(sizes) {
  int64_t rank = sizes.size();
  // Axes of a scalar name nothing, as in the reference.
  if (rank == 0)
    return;
  Value named = findNamed(builder, loc, guardAxes(builder, loc, axes, rank), rank);
  if (numNamed)
    named = guardCount(builder, loc, named, rank, *numNamed);
  ScalarBuilder b(builder, loc);
  for (int64_t dim = 0; dim < rank; ++dim) {
    Value byte = extract(b, named, b.integer(builder.getIndexType(), dim));
    flags.push_back(b.compare(arith::CmpIPredicate::ne, byte, b.integer(b.i8(), 0)));
  }
}

SmallVector<OpFoldResult> FedAxes::getNamedSizes() const {
  ScalarBuilder b(builder, loc);
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> result;
  for (auto [flag, size] : llvm::zip_equal(flags, sizes))
    result.push_back(b.select(flag, math.getValue(size), math.getValue(math.get(1))));
  return result;
}

SmallVector<OpFoldResult> FedAxes::getOtherSizes() const {
  ScalarBuilder b(builder, loc);
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> result;
  for (auto [flag, size] : llvm::zip_equal(flags, sizes))
    result.push_back(b.select(flag, math.getValue(math.get(1)), math.getValue(size)));
  return result;
}

SmallVector<OpFoldResult> FedAxes::collectOtherSizes(int64_t rank) const {
  ScalarBuilder b(builder, loc);
  IndexMath math(builder, loc);
  Value zero = math.getValue(math.get(0)), one = math.getValue(math.get(1)), count = zero;
  SmallVector<Value> collected(rank, one);
  for (auto [flag, size] : llvm::zip_equal(flags, sizes)) {
    for (auto [place, value] : llvm::enumerate(collected)) {
      Value isHere = b.compare(arith::CmpIPredicate::eq, count, math.getValue(math.get(place)));
      // A named one is overwritten by the next that is not.
      value = b.select(isHere, math.getValue(size), value);
    }
    count = b.add(count, b.select(flag, zero, one));
  }
  return getAsOpFoldResult(collected);
}

Value FedAxes::createRows(Value tensor) const {
  IndexMath math(builder, loc);
  SmallVector<OpFoldResult> inRow = getNamedSizes(), ofRows = getOtherSizes();
  OpFoldResult count = math.product(sizes);
  ScalarBuilder outer(builder, loc);
  // Neither is more than all sizes but empty ones make, which bounds the memory of results.
  OpFoldResult limit = math.get(1);
  for (OpFoldResult size : sizes)
    limit = math.mul(limit, math.max(size, math.get(1)));
  auto bounded = [&](ArrayRef<OpFoldResult> factors) {
    return createSize(outer, math.getValue(math.product(factors)), math.getValue(limit));
  };
  Value length = bounded(inRow), rows = bounded(ofRows);
  Value flat = gatherElements(
      builder, loc, tensor, count, [&](OpBuilder &nested, Location at, ValueRange indices) {
        ScalarBuilder b(nested, at);
        Value row = b.emit<arith::DivUIOp>(indices[0], length);
        Value place = b.emit<arith::RemUIOp>(indices[0], length);
        SmallVector<Value> places(sizes.size());
        for (int64_t dim = sizes.size() - 1; dim >= 0; --dim) {
          Value extent = cast<Value>(inRow[dim]), other = cast<Value>(ofRows[dim]);
          places[dim] = b.add(Value(b.emit<arith::RemUIOp>(place, extent)),
                              Value(b.emit<arith::RemUIOp>(row, other)));
          place = b.emit<arith::DivUIOp>(place, extent);
          row = b.emit<arith::DivUIOp>(row, other);
        }
        return places;
      });
  auto type =
      RankedTensorType::get({ShapedType::kDynamic, ShapedType::kDynamic}, getElementType(tensor));
  return reshapeTo(builder, loc, flat, type, {rows, length});
}
