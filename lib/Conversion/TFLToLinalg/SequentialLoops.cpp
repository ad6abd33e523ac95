//===- SequentialLoops.cpp - loops whose order matters --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "SequentialLoops.h"

#include "IndexMath.h"
#include "Utils.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

Value tflc::scatter(OpBuilder &builder, Location loc, Value target, Value updates,
                    PlaceBuilder getPlace, ElementCombiner combine) {
  // Nothing is written where there is nothing; loops over no element would still ask for a buffer.
  auto isEmpty = [](Value value) {
    return llvm::is_contained(cast<RankedTensorType>(value.getType()).getShape(), 0);
  };
  if (isEmpty(target) || isEmpty(updates))
    return target;
  bool hasElements = cast<RankedTensorType>(target.getType()).hasStaticShape();
  IndexMath math(builder, loc);
  SmallVector<Value> upper;
  for (OpFoldResult size : tensor::getMixedSizes(builder, loc, updates))
    upper.push_back(math.getValue(size));
  SmallVector<Value> lower(upper.size(), math.getValue(math.get(0)));
  SmallVector<Value> steps(upper.size(), math.getValue(math.get(1)));
  auto write = [&](OpBuilder &inner, Location at, ValueRange step, Value tensor, ValueRange indices,
                   ElementCombiner newValue) -> Value {
    ScalarBuilder b(inner, at);
    Value update = b.emit<tensor::ExtractOp>(updates, step);
    Value old = b.emit<tensor::ExtractOp>(tensor, indices);
    return b.emit<tensor::InsertOp>(newValue(b, old, update), tensor, indices);
  };
  scf::LoopNest nest = scf::buildLoopNest(
      builder, loc, lower, upper, steps, target,
      [&](OpBuilder &inner, Location at, ValueRange step, ValueRange carried) -> scf::ValueVector {
        ScalarBuilder b(inner, at);
        Value tensor = carried.front();
        ScatterPlace place = getPlace(b, step);
        if (!place.isWritten)
          return {write(inner, at, step, tensor, place.indices, combine)};
        if (hasElements) {
          // The first element, with the value that it has, where nothing is written.
          Value first = b.integer(inner.getIndexType(), 0);
          for (Value &index : place.indices)
            index = b.select(place.isWritten, index, first);
          return {write(inner, at, step, tensor, place.indices,
                        [&](ScalarBuilder &scalars, Value old, Value update) {
                          return scalars.select(place.isWritten, combine(scalars, old, update),
                                                old);
                        })};
        }
        auto choice = scf::IfOp::create(
            inner, at, place.isWritten,
            [&](OpBuilder &then, Location thenLoc) {
              scf::YieldOp::create(then, thenLoc,
                                   write(then, thenLoc, step, tensor, place.indices, combine));
            },
            [&](OpBuilder &otherwise, Location elseLoc) {
              scf::YieldOp::create(otherwise, elseLoc, tensor);
            });
        return {choice.getResult(0)};
      });
  return nest.results.front();
}
