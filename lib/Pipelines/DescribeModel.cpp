//===- DescribeModel.cpp - from a tfl module to plain data ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Pipelines/DescribeModel.h"

#include "TFL/IR/State.h"
#include "TFL/IR/TFLDialect.h"
#include "TFLRT/IR/TFLRTDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinOps.h"

using namespace mlir;
using namespace tflc;

static ElementType getIntegerType(unsigned width, bool isUnsigned) {
  switch (width) {
  case 1:
    return ElementType::Bool;
  case 4:
    return ElementType::Int4;
  case 8:
    return isUnsigned ? ElementType::UInt8 : ElementType::Int8;
  case 16:
    return isUnsigned ? ElementType::UInt16 : ElementType::Int16;
  case 32:
    return isUnsigned ? ElementType::UInt32 : ElementType::Int32;
  default:
    return isUnsigned ? ElementType::UInt64 : ElementType::Int64;
  }
}

static ElementType getElementTypeOf(Type type) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(type))
    return getIntegerType(quantized.getStorageTypeIntegralWidth(), !quantized.isSigned());
  if (auto integer = dyn_cast<IntegerType>(type); integer && integer.getWidth() > 64)
    return ElementType::String;
  if (auto integer = dyn_cast<IntegerType>(type))
    return getIntegerType(integer.getWidth(), integer.isUnsigned());
  if (auto complex = dyn_cast<ComplexType>(type))
    return complex.getElementType().isF64() ? ElementType::Complex128 : ElementType::Complex64;
  if (type.isF16())
    return ElementType::Float16;
  if (type.isBF16())
    return ElementType::BFloat16;
  if (type.isF64())
    return ElementType::Float64;
  if (isa<tfl::ResourceType>(type))
    return ElementType::Resource;
  return ElementType::Float32;
}

TensorInfo tflc::getTensorInfo(RankedTensorType type) {
  TensorInfo tensor;
  tensor.type = getElementTypeOf(type.getElementType());
  for (int64_t size : type.getShape())
    tensor.shape.push_back(ShapedType::isDynamic(size) ? dynamicDim : size);
  // The bytes of a string are one more dimension.
  if (tensor.type == ElementType::String)
    tensor.shape.push_back(type.getElementTypeBitWidth() / 8);
  if (auto uniform = dyn_cast<quant::UniformQuantizedType>(type.getElementType())) {
    tensor.scales = {float(uniform.getScale())};
    tensor.zeroPoints = {uniform.getZeroPoint()};
  } else if (auto perAxis = dyn_cast<quant::UniformQuantizedPerAxisType>(type.getElementType())) {
    tensor.scales.assign(perAxis.getScales().begin(), perAxis.getScales().end());
    tensor.zeroPoints.assign(perAxis.getZeroPoints().begin(), perAxis.getZeroPoints().end());
    tensor.quantizedDimension = perAxis.getQuantizedDimension();
  }
  return tensor;
}

static TensorInfo describe(Type type, DictionaryAttr attrs, StringRef kind, unsigned index) {
  TensorInfo tensor;
  if (auto ranked = dyn_cast<RankedTensorType>(type))
    tensor = getTensorInfo(ranked);
  auto get = [&](StringRef name) {
    auto value = attrs ? attrs.getAs<StringAttr>(name) : StringAttr();
    return value ? value.str() : std::string();
  };
  tensor.tensorName = get("tfl.name");
  tensor.name = get("tfl.signature_name");
  if (tensor.name.empty())
    tensor.name = tensor.tensorName;
  if (tensor.name.empty())
    tensor.name = (kind + Twine(index)).str();
  return tensor;
}

static void collectVariables(ModuleOp module, ModelInfo &info) {
  auto add = [&](StringRef name, RankedTensorType type) {
    for (VariableInfo &known : info.variables)
      if (known.name == name)
        return;
    VariableInfo variable;
    variable.name = name.str();
    if (type) {
      TensorInfo tensor = getTensorInfo(type);
      variable.type = tensor.type;
      variable.shape = tensor.shape;
    }
    info.variables.push_back(std::move(variable));
  };
  module.walk([&](Operation *op) {
    if (auto variable = dyn_cast<tflrt::VariableOp>(op))
      add(variable.getSymName(), dyn_cast<RankedTensorType>(variable.getType()));
    else if (auto state = dyn_cast<tfl::StateOpInterface>(op)) {
      tfl::StateInfo known = state.getStateInfo();
      // A handle without a name names nothing that a user could ask for.
      if (known.name.empty() && !known.initial)
        return;
      std::string name = known.name.str();
      if (name.empty())
        name = op->getName().stripDialect().str() + std::to_string(info.variables.size());
      add(name, known.type);
    }
  });
}

ModelInfo tflc::getModelInfo(ModuleOp module) {
  ModelInfo info;
  if (auto name = module->getAttrOfType<StringAttr>("tfl.name"))
    info.name = makeIdentifier(name.getValue());
  if (auto description = module->getAttrOfType<StringAttr>("tfl.description"))
    info.description = description.str();
  for (auto function : module.getOps<func::FuncOp>()) {
    auto key = function->getAttrOfType<StringAttr>("tfl.signature");
    if (!key)
      continue;
    SignatureInfo signature;
    signature.key = key.str();
    signature.function = function.getSymName().str();
    for (auto [i, type] : llvm::enumerate(function.getArgumentTypes()))
      signature.inputs.push_back(describe(type, function.getArgAttrDict(i), "input", i));
    for (auto [i, type] : llvm::enumerate(function.getResultTypes()))
      signature.outputs.push_back(describe(type, function.getResultAttrDict(i), "output", i));
    info.signatures.push_back(std::move(signature));
  }
  collectVariables(module, info);
  return info;
}
