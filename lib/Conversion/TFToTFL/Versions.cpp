//===- Versions.cpp - what a runtime must know ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Steps.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace tflc;

static bool isSet(Operation *op, StringRef name) {
  Attribute attribute = op->getAttr(name);
  if (auto flag = dyn_cast_or_null<BoolAttr>(attribute))
    return flag.getValue();
  auto number = dyn_cast_or_null<IntegerAttr>(attribute);
  return number && !number.getValue().isZero();
}

static bool isMoreThanOne(Operation *op, StringRef name) {
  auto number = op->getAttrOfType<IntegerAttr>(name);
  return number && number.getInt() > 1;
}

static int64_t getRank(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type ? type.getRank() : 0;
}

/// The version of an operator that brought the features which an op uses.
static int32_t getVersion(Operation *op, StringRef name) {
  auto operandRank = [&](unsigned i) {
    return i < op->getNumOperands() ? getRank(op->getOperand(i)) : 0;
  };
  if (name == "FULLY_CONNECTED") {
    if (isa<NoneType>(op->getOperand(2).getType()))
      return 6;
    return isSet(op, "keep_num_dims") ? 5 : 1;
  }
  if (name == "DEPTHWISE_CONV_2D")
    return isMoreThanOne(op, "dilation_w_factor") || isMoreThanOne(op, "dilation_h_factor") ? 2 : 1;
  if (name == "TRANSPOSE_CONV")
    return op->getNumOperands() > 3 ? 3 : 1;
  if (name == "GATHER")
    return isSet(op, "batch_dims") ? 5 : 1;
  if (name == "STRIDED_SLICE")
    return isSet(op, "ellipsis_mask") || isSet(op, "new_axis_mask") ? 6
           : operandRank(0) > 4                                     ? 4
                                                                    : 1;
  if (name == "RESIZE_BILINEAR" || name == "RESIZE_NEAREST_NEIGHBOR")
    return isSet(op, "half_pixel_centers") ? 3 : 1;
  if (name == "DEQUANTIZE") {
    Type type = getElementTypeOrSelf(op->getOperand(0).getType());
    return isa<quant::UniformQuantizedPerAxisType>(type) ? 5 : 2;
  }
  // There was no first one.
  if (name == "BROADCAST_TO")
    return 2;
  if (name == "TRANSPOSE" && operandRank(0) > 4)
    return operandRank(0) > 5 ? 6 : 4;
  if (name == "SLICE" && operandRank(0) > 4)
    return 5;
  if ((name == "PAD" || name == "PADV2") && operandRank(0) > 4)
    return 3;
  return 1;
}

void tflc::setOperatorVersions(ModuleOp module) {
  llvm::StringMap<int32_t> versions;
  module.walk([&](Operation *op) {
    auto [dialect, rest] = op->getName().getStringRef().split('.');
    if (dialect != "tfl" && dialect != "unsupported")
      return;
    std::string name = rest.upper();
    int32_t &version = versions[name];
    version = std::max(version, getVersion(op, name));
  });
  Builder builder(module.getContext());
  SmallVector<NamedAttribute> entries;
  for (const auto &entry : versions)
    if (entry.getValue() > 1)
      entries.push_back(
          builder.getNamedAttr(entry.getKey(), builder.getI32IntegerAttr(entry.getValue())));
  if (!entries.empty())
    module->setAttr("tfl.operator_versions", builder.getDictionaryAttr(entries));
}
