//===- ShapeOverride.cpp - shapes given on a command line -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Import/Import.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tflc {

FailureOr<ShapeOverride> parseShapeOverride(StringRef text) {
  // Names of tensors may contain colons themselves ("serving_default_x:0").
  auto [name, sizes] = text.rsplit(':');
  if (name.empty() || name.size() == text.size())
    return failure();
  ShapeOverride result;
  result.input = name.str();
  if (sizes.empty()) // a scalar
    return result;
  for (StringRef size : llvm::split(sizes, 'x')) {
    int64_t value = ShapedType::kDynamic;
    if (size != "?" && (!llvm::to_integer(size, value, 10) || value < 1 || value > INT32_MAX))
      return failure();
    result.shape.push_back(value);
  }
  return result;
}

} // namespace tflc
