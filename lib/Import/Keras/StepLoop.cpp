//===- StepLoop.cpp - a loop over the steps of a sequence -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "StepLoop.h"

#include "TF/IR/TFOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

/// `outputs` with the output of one step in its place.
static Value insertStep(LayerBuilder &layer, Value outputs, Value output, Value number) {
  Values place(layer.getRank(outputs), layer.makeIndex(0));
  place[1] = number;
  Value indices = layer.makeAs<tf::PackOp>(layer.b.getI32Type(), ValueRange(place), 0);
  return layer.make<tf::XlaDynamicUpdateSliceOp>(outputs, layer.expandDims(output, 1), indices);
}

Values tflc::keras::buildStepLoop(LayerBuilder &layer, Value steps, ArrayRef<Value> states,
                                  Value outputs, StepFunction compute) {
  Values carried = {layer.makeIndex(0)};
  append_range(carried, states);
  if (outputs)
    carried.push_back(outputs);
  if (layer.hasFailed())
    return {};
  SmallVector<Type> types(ValueRange(carried).getTypes());
  SmallVector<Location> locations(types.size(), layer.b.getLoc());
  auto loop = tf::WhileRegionOp::create(layer.b, types, carried);
  OpBuilder::InsertionGuard guard(layer.b);
  Block *condition = layer.b.createBlock(&loop.getCond(), {}, types, locations);
  Value goesOn = layer.makeAs<tf::LessOp>(layer.b.getI1Type(), condition->getArgument(0), steps);
  tf::YieldOp::create(layer.b, ValueRange(goesOn));

  Block *body = layer.b.createBlock(&loop.getBody(), {}, types, locations);
  Value number = body->getArgument(0);
  Values present(body->getArguments().slice(1, states.size()));
  StepResult next = compute(number, present);
  Values yielded = {layer.make<tf::AddV2Op>(number, layer.makeIndex(1))};
  append_range(yielded, next.states);
  if (outputs && next.output)
    yielded.push_back(insertStep(layer, body->getArguments().back(), next.output, number));
  tf::YieldOp::create(layer.b, ValueRange(yielded));

  Values results(loop.getResults().drop_front());
  results.insert(results.begin(), outputs ? results.pop_back_val() : results.front());
  return results;
}
