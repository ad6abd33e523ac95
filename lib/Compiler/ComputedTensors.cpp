//===- ComputedTensors.cpp - the tensors between the operators ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/ComputedTensors.h"

#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace tflc;

/// The key of a function that callers see, or null.
static StringAttr getKey(func::FuncOp function) {
  return function->getAttrOfType<StringAttr>("tfl.signature");
}

/// Calls back for each tensor with a fixed element size that an operator computes.
static void forEachComputed(
    func::FuncOp function,
    llvm::function_ref<void(OpResult value, RankedTensorType type, const OpLocation &)> callback) {
  for (Operation &op : function.front()) {
    std::optional<OpLocation> place = getOpLocation(op.getLoc());
    if (!place || place->isTensor() || op.hasTrait<OpTrait::ConstantLike>())
      continue;
    for (OpResult result : op.getResults())
      if (auto type = dyn_cast<RankedTensorType>(result.getType());
          type && getElementTypeSize(getTensorInfo(type).type) != 0)
        callback(result, type, *place);
  }
}

std::vector<SignatureTensors> tflc::listComputedTensors(ModuleOp module) {
  std::vector<SignatureTensors> signatures;
  for (auto function : module.getOps<func::FuncOp>()) {
    StringAttr key = getKey(function);
    if (!key)
      continue;
    SignatureTensors signature;
    signature.key = key.str();
    forEachComputed(function, [&](OpResult value, RankedTensorType type, const OpLocation &place) {
      signature.tensors.push_back(
          {place.subgraph, place.index, value.getResultNumber(), getTensorInfo(type).shape});
    });
    signatures.push_back(std::move(signature));
  }
  return signatures;
}

void tflc::exposeComputedTensors(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>()) {
    if (!getKey(function))
      continue;
    Operation *terminator = function.front().getTerminator();
    SmallVector<Attribute> attributes;
    if (ArrayAttr present = function.getAllResultAttrs())
      llvm::append_range(attributes, present);
    attributes.resize(terminator->getNumOperands(), DictionaryAttr::get(module.getContext()));
    SmallVector<Value> values;
    forEachComputed(function, [&](OpResult value, RankedTensorType, const OpLocation &) {
      values.push_back(value);
    });
    terminator->insertOperands(terminator->getNumOperands(), values);
    attributes.resize(terminator->getNumOperands(), DictionaryAttr::get(module.getContext()));
    function.setFunctionType(FunctionType::get(module.getContext(), function.getArgumentTypes(),
                                               terminator->getOperandTypes()));
    function.setAllResultAttrs(attributes);
  }
}
