//===- OperatorCost.cpp - how much work each operator is ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/OperatorCost.h"

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/TFLDialect.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tflc;

/// The shape of an operand or result with unknown dimensions as one; empty if it is no tensor.
static SmallVector<int64_t> getShape(Value value) {
  SmallVector<int64_t> shape;
  if (auto type = dyn_cast<RankedTensorType>(value.getType()))
    for (int64_t size : type.getShape())
      shape.push_back(ShapedType::isDynamic(size) ? 1 : size);
  return shape;
}

static int64_t product(ArrayRef<int64_t> shape) {
  int64_t result = 1;
  for (int64_t size : shape)
    result *= size;
  return result;
}

/// Every element of every weight matrix is used once for each step in time of each batch.
static int64_t countRecurrent(Operation *op) {
  SmallVector<int64_t> input = getShape(op->getOperand(0));
  if (input.empty())
    return 0;
  int64_t weights = 0;
  for (Value operand : op->getOperands().drop_front()) {
    SmallVector<int64_t> shape = getShape(operand);
    if (shape.size() == 2 && operand.getDefiningOp<tfl::ConstOp>())
      weights += product(shape);
  }
  return weights * product(ArrayRef(input).drop_back());
}

int64_t tflc::countMacs(Operation *op) {
  if (op->getNumResults() == 0 || op->getNumOperands() < 2)
    return 0;
  StringRef name = op->getName().stripDialect();
  SmallVector<int64_t> out = getShape(op->getResult(0));
  SmallVector<int64_t> weights = getShape(op->getOperand(1));
  // The filters of convolutions: OHWI, 1HWC, OI, and DHWIO.
  if (name == "conv_2d" && weights.size() == 4)
    return product(out) * product(ArrayRef(weights).drop_front());
  if (name == "depthwise_conv_2d" && weights.size() == 4)
    return product(out) * weights[1] * weights[2];
  if (name == "fully_connected" && weights.size() == 2)
    return product(out) * weights[1];
  if (name == "conv_3d" && weights.size() == 5)
    return product(out) * product(ArrayRef(weights).drop_back());
  if (name == "transpose_conv" && weights.size() == 4 && op->getNumOperands() > 2)
    return product(getShape(op->getOperand(2))) * product(ArrayRef(weights).drop_back());
  if (name == "batch_matmul") {
    SmallVector<int64_t> left = getShape(op->getOperand(0));
    auto transposed = op->getAttrOfType<BoolAttr>("adj_x");
    if (left.size() >= 2)
      return product(out) * left[left.size() - (transposed && transposed.getValue() ? 2 : 1)];
  }
  if (name.ends_with("_lstm") || name.ends_with("_rnn") || name == "lstm" || name == "rnn")
    return countRecurrent(op);
  return 0;
}

std::vector<OperatorCost> tflc::getOperatorCosts(ModuleOp module) {
  std::vector<OperatorCost> costs;
  module.walk([&](Operation *op) {
    if (!isa_and_nonnull<tfl::TFLDialect>(op->getDialect()) ||
        op->hasTrait<OpTrait::ConstantLike>() || op->hasTrait<OpTrait::IsTerminator>())
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
