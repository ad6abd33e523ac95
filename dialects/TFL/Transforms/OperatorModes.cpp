//===- OperatorModes.cpp - operators in a mode of their own ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "OperatorModes.h"

using namespace mlir;
using namespace tflc::tfl;

std::optional<QuantizationMode> tflc::tfl::getOwnMode(Operation *op) {
  auto name = op->getAttrOfType<StringAttr>(quantizationModeName);
  return name ? parseQuantizationMode(name) : std::nullopt;
}
