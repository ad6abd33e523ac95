//===- OperatorCost.cpp - how much work each operator is ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/OperatorCost.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/MultiplyAccumulate.h"
#include "TFL/IR/Subgraphs.h"
#include "TFL/IR/TFLDialect.h"
#include "TFL/IR/VariableOps.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace tflc;

int64_t tflc::countMacs(Operation *op) {
  auto contraction = dyn_cast<tfl::MultiplyAccumulateOpInterface>(op);
  return contraction ? contraction.countMultiplyAccumulates() : 0;
}

/// Whether an operator leads from one type to another, or only looks at a shape.
static bool computesNothing(Operation *op) {
  auto interface = dyn_cast<tfl::QuantizationOpInterface>(op);
  return interface && interface.getQuantizationRule().shapeOnly &&
         !interface.getQuantizationRule().sameScale;
}

static std::string getComputedType(Operation *op) {
  if (!tfl::getSubgraphs(op).empty() || computesNothing(op) || op->getNumResults() == 0)
    return {};
  auto computes = [](Value value) {
    return isa<quant::QuantizedType, FloatType>(getElementTypeOrSelf(value.getType()));
  };
  Value number = op->getResult(0);
  for (Value value : llvm::concat<Value>(llvm::to_vector_of<Value>(op->getResults()),
                                         llvm::to_vector_of<Value>(op->getOperands())))
    if (computes(value)) {
      number = value;
      break;
    }
  return tfl::getElementTypeName(number.getType());
}

std::map<std::string, int64_t> tflc::countTypes(ArrayRef<OperatorCost> operators) {
  std::map<std::string, int64_t> counts;
  for (const OperatorCost &op : operators)
    if (!op.type.empty())
      ++counts[op.type];
  return counts;
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
    cost.type = getComputedType(op);
    costs.push_back(std::move(cost));
  });
  return costs;
}
