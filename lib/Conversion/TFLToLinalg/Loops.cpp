//===- Loops.cpp - algorithms that go step by step ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Loops.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

SmallVector<Value> tflc::buildLoops(ScalarBuilder &b, ArrayRef<Value> sizes, ValueRange carried,
                                    StepBuilder step) {
  Type index = b.getBuilder().getIndexType();
  SmallVector<Value> zeros(sizes.size(), b.integer(index, 0));
  SmallVector<Value> ones(sizes.size(), b.integer(index, 1));
  scf::LoopNest nest = scf::buildLoopNest(
      b.getBuilder(), b.getLoc(), zeros, sizes, ones, carried,
      [&](OpBuilder &builder, Location loc, ValueRange indices, ValueRange args) {
        ScalarBuilder nested(builder, loc);
        return scf::ValueVector(step(nested, indices, args));
      });
  return SmallVector<Value>(nest.results);
}

Value tflc::buildLoop(ScalarBuilder &b, Value count, Value initial, ValueStep step) {
  return buildLoops(b, count, initial,
                    [&](ScalarBuilder &nested, ValueRange indices, ValueRange carried) {
                      return SmallVector<Value>{step(nested, indices[0], carried[0])};
                    })[0];
}

SmallVector<Value> tflc::buildWhile(ScalarBuilder &b, ValueRange carried,
                                    function_ref<Value(ScalarBuilder &, ValueRange)> condition,
                                    ValuesBuilder step) {
  auto loop = scf::WhileOp::create(
      b.getBuilder(), b.getLoc(), carried.getTypes(), carried,
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        ScalarBuilder nested(builder, loc);
        scf::ConditionOp::create(builder, loc, condition(nested, args), args);
      },
      [&](OpBuilder &builder, Location loc, ValueRange args) {
        ScalarBuilder nested(builder, loc);
        scf::YieldOp::create(builder, loc, step(nested, args));
      });
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value> tflc::buildIf(ScalarBuilder &b, Value condition, ValueRange values,
                                 ValuesBuilder step) {
  auto choice = scf::IfOp::create(
      b.getBuilder(), b.getLoc(), condition,
      [&](OpBuilder &builder, Location loc) {
        ScalarBuilder nested(builder, loc);
        scf::YieldOp::create(builder, loc, step(nested, values));
      },
      [&](OpBuilder &builder, Location loc) { scf::YieldOp::create(builder, loc, values); });
  return SmallVector<Value>(choice.getResults());
}

Value tflc::getSize(ScalarBuilder &b, Value tensor, int64_t dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return b.integer(b.getBuilder().getIndexType(), type.getDimSize(dim));
  return b.emit<tensor::DimOp>(tensor, dim);
}

Value tflc::extract(ScalarBuilder &b, Value tensor, ValueRange place) {
  return b.emit<tensor::ExtractOp>(tensor, place);
}

Value tflc::insert(ScalarBuilder &b, Value element, Value tensor, ValueRange place) {
  return b.emit<tensor::InsertOp>(element, tensor, place);
}

Value tflc::castToIndex(ScalarBuilder &b, Value integer) {
  return b.emit<arith::IndexCastOp>(b.getBuilder().getIndexType(), integer);
}

Value tflc::castFromIndex(ScalarBuilder &b, Value index, Type type) {
  return b.emit<arith::IndexCastOp>(type, index);
}

Value tflc::createSize(ScalarBuilder &b, Value size, Value limit) {
  return b.emit<arith::MinUIOp>(size, limit);
}
