//===- ColumnPairs.cpp - two columns in one register of 64 bits -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ColumnPairs.h"

#include "Contraction.h"
#include "RegisterTile.h"

using namespace mlir;
using namespace tflc;

/// The largest size of an element, extended as the body does.
static int64_t largestElement(const LinearAccess &access, bool isUnsigned) {
  unsigned bits = access.elementType.getIntOrFloatBitWidth();
  return int64_t(1) << (isUnsigned ? bits : bits - 1);
}

bool tflc::pairsColumns(const LoopNest &nest, const Strategy &strategy, const TargetInfo &target) {
  const auto *form = strategy.as<Broadcast>();
  constexpr unsigned widestFactor = 16;
  if (!form || form->packs || form->group != 1 || strategy.lanes != 1 || target.vectorBits != 0 ||
      target.pointerBits != 64 || !nest.reduction->output.elementType.isInteger(32))
    return false;
  // A single row does not repay putting weights together.
  if (findRowLoops(nest, strategy).empty())
    return false;
  auto product = matchContraction(nest.reduction->body());
  if (!product || !product->isExtended())
    return false;
  int64_t largest = 1;
  for (auto [number, input] : llvm::enumerate(nest.reduction->inputs)) {
    if (!input.elementType.isInteger() || input.elementType.getIntOrFloatBitWidth() > widestFactor)
      return false;
    largest *= largestElement(input, product->isUnsigned(number));
  }
  for (const LoopDim &dim : nest.dims)
    if (dim.isReduction && dim.size > INT32_MAX / largest)
      return false;
    else if (dim.isReduction)
      largest *= dim.size;
  return true;
}
