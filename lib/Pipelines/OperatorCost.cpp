//===- OperatorCost.cpp - how much work each operator is ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/OperatorCost.h"

#include "TFL/IR/MultiplyAccumulate.h"
#include "TFL/IR/VariableOps.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace tflc;

int64_t tflc::countMacs(Operation *op) {
  auto contraction = dyn_cast<tfl::MultiplyAccumulateOpInterface>(op);
  return contraction ? contraction.countMultiplyAccumulates() : 0;
}

std::vector<OperatorCost> tflc::getOperatorCosts(ModuleOp module) {
  std::vector<OperatorCost> costs;
  module.walk([&](Operation *op) {
    if (!isa_and_nonnull<tfl::TFLDialect>(op->getDialect()) ||
        op->hasTrait<OpTrait::ConstantLike>() || op->hasTrait<OpTrait::IsTerminator>() ||
        isa<tfl::VariableTensorOp, tfl::LoadVariableTensorOp, tfl::StoreVariableTensorOp>(op))
      return;
    OperatorCost cost;
    cost.name = op->getName().stripDialect().upper();
    if (std::optional<OpLocation> place = getOpLocation(op->getLoc())) {
      if (!place->isTensor())
        cost.name = place->operatorName.str();
      cost.tensor = place->tensorName.str();
      cost.index = place->index;
      cost.subgraph = place->subgraph;
    }
    cost.macs = countMacs(op);
    costs.push_back(std::move(cost));
  });
  return costs;
}
