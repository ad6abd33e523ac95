//===- TensorNames.cpp - what a model calls its tensors -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TensorNames.h"

#include "tflc/Support/ModelLocation.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;

std::string tflc::getTensorName(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    if (auto function = dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()))
      if (auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), "tfl.name"))
        return name.str();
  std::optional<OpLocation> place = getOpLocation(value.getLoc());
  std::string name = place ? place->tensorName.str() : std::string();
  if (auto result = dyn_cast<OpResult>(value))
    if (result.getResultNumber() != 0)
      name += ":" + std::to_string(result.getResultNumber());
  return name;
}

std::string tflc::getOperatorName(Value value) {
  Operation *op = value.getDefiningOp();
  return op ? op->getName().stripDialect().upper() : std::string();
}
