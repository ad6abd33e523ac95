//===- KernelParameters.cpp - what kernels of the same code differ in -----===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KernelParameters.h"

#include "tflc/Support/ElementSize.h"

using namespace mlir;
using namespace tflc;

/// More arguments than this would take registers that the code needs.
static constexpr size_t mostNumbers = 6;
/// Ops of a function for each of its parameters that make it worth a call.
static constexpr int64_t opsForParameter = 4;

/// Buffers are always handed over, so that LLVM can be told which of them overlap.
static bool needsParameter(ArrayRef<KernelLeaf> leaves) {
  const KernelLeaf &first = leaves.front();
  return first.kind == KernelLeaf::Argument || first.kind == KernelLeaf::View ||
         llvm::any_of(leaves.drop_front(), [&](const KernelLeaf &leaf) { return leaf != first; });
}

SmallVector<KernelParameter> tflc::findParameters(ArrayRef<const KernelCode *> group) {
  SmallVector<KernelParameter> parameters;
  for (size_t site = 0; site < group.front()->sites.size(); ++site) {
    SmallVector<KernelLeaf> leaves;
    for (const KernelCode *code : group)
      leaves.push_back(code->leaves[site]);
    if (!needsParameter(leaves))
      continue;
    auto *known = llvm::find_if(
        parameters, [&](const KernelParameter &parameter) { return parameter.leaves == leaves; });
    if (known == parameters.end()) {
      parameters.push_back({std::move(leaves), {}});
      known = std::prev(parameters.end());
    }
    known->sites.push_back(site);
  }
  return parameters;
}

bool tflc::isWorthCall(const KernelCode &code, ArrayRef<KernelParameter> parameters) {
  auto numbers = llvm::count_if(parameters, [](const KernelParameter &p) { return !p.isBuffer(); });
  return numbers <= static_cast<int64_t>(mostNumbers) &&
         code.countOps() >= opsForParameter * static_cast<int64_t>(parameters.size());
}

//===----------------------------------------------------------------------===//
// Promises about buffers
//===----------------------------------------------------------------------===//

int64_t tflc::getBytes(MemRefType type) {
  return type.hasStaticShape() ? type.getNumElements() * getElementBytes(type.getElementType()) : 0;
}

/// Whether two buffers of one kernel have no byte in common that is written. Arguments of functions
/// that only the program calls are apart (docs/RuntimeABI.md).
static bool areApart(const KernelLeaf &lhs, const KernelLeaf &rhs) {
  auto isConstant = [](const KernelLeaf &leaf) {
    return leaf.kind == KernelLeaf::Global || leaf.kind == KernelLeaf::Table;
  };
  if (isConstant(lhs) || isConstant(rhs) || lhs.argument != rhs.argument)
    return true;
  if (lhs.kind != KernelLeaf::View || rhs.kind != KernelLeaf::View)
    return false;
  auto endOf = [](const KernelLeaf &leaf) {
    return leaf.shift + getBytes(cast<MemRefType>(leaf.type));
  };
  return endOf(lhs) <= rhs.shift || endOf(rhs) <= lhs.shift;
}

bool tflc::isApart(ArrayRef<KernelParameter> parameters, size_t number) {
  for (size_t other = 0; other < parameters.size(); ++other)
    if (other != number && parameters[other].isBuffer())
      for (auto [lhs, rhs] : llvm::zip_equal(parameters[number].leaves, parameters[other].leaves))
        if (!areApart(lhs, rhs))
          return false;
  return true;
}
