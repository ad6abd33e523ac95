//===- Sequence.cpp - loops over the steps of a sequence ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Sequence.h"

#include "IndexMath.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace tflc;

/// Where in a sequence of three dimensions the step `time` stands.
static SmallVector<OpFoldResult> getOffsets(OpBuilder &builder, SequenceOrder order,
                                            OpFoldResult time, int64_t column) {
  SmallVector<OpFoldResult> offsets(3, builder.getIndexAttr(0));
  offsets[order.timeDim] = time;
  offsets[2] = builder.getIndexAttr(column);
  return offsets;
}

static Value extractStep(OpBuilder &builder, Location loc, Value sequence, SequenceOrder order,
                         OpFoldResult time) {
  auto type = cast<RankedTensorType>(sequence.getType());
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, sequence);
  sizes[order.timeDim] = builder.getIndexAttr(1);
  SmallVector<OpFoldResult> strides(3, builder.getIndexAttr(1));
  SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + order.timeDim);
  return tensor::ExtractSliceOp::create(builder, loc, cast<RankedTensorType>(type.clone(shape)),
                                        sequence, getOffsets(builder, order, time, 0), sizes,
                                        strides);
}

static Value insertStep(OpBuilder &builder, Location loc, Value step, Value sequence,
                        SequenceOrder order, OpFoldResult time, int64_t column) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, step);
  sizes.insert(sizes.begin() + order.timeDim, builder.getIndexAttr(1));
  SmallVector<OpFoldResult> strides(3, builder.getIndexAttr(1));
  return tensor::InsertSliceOp::create(builder, loc, step, sequence,
                                       getOffsets(builder, order, time, column), sizes, strides);
}

Value tflc::createSequence(OpBuilder &builder, Location loc, RecurrentLayer &layer, Value inputs,
                           SequenceOrder order, Value outputs, int64_t column,
                           SmallVectorImpl<Value> &states) {
  OpFoldResult steps = tensor::getMixedSize(builder, loc, inputs, order.timeDim);
  auto visit = [&](OpBuilder &nested, Location at, OpFoldResult time, Value result,
                   ValueRange before) -> SmallVector<Value> {
    Value step = extractStep(nested, at, inputs, order, time);
    SmallVector<Value> after = layer.createStep(nested, at, step, before);
    result = insertStep(nested, at, after[0], result, order, time, column);
    after.insert(after.begin(), result);
    return after;
  };

  SmallVector<Value> results;
  if (isOneInteger(steps)) {
    results = visit(builder, loc, builder.getIndexAttr(0), outputs, states);
  } else {
    IndexMath math(builder, loc);
    SmallVector<Value> initial = {outputs};
    llvm::append_range(initial, states);
    Value zero = math.getValue(math.get(0)), one = math.getValue(math.get(1));
    Value last = order.isBackward ? math.getValue(math.sub(steps, math.get(1))) : Value();
    auto loop = scf::ForOp::create(
        builder, loc, zero, math.getValue(steps), one, initial,
        [&](OpBuilder &nested, Location at, Value time, ValueRange args) {
          OpFoldResult place = time;
          if (last)
            place = arith::SubIOp::create(nested, at, last, time).getResult();
          scf::YieldOp::create(nested, at,
                               visit(nested, at, place, args.front(), args.drop_front()));
        });
    results.assign(loop.getResults().begin(), loop.getResults().end());
  }
  states.assign(results.begin() + 1, results.end());
  return results.front();
}
