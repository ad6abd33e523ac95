//===- Invocation.cpp - a signature with memory around it -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Execution/Invocation.h"

#include "tflc/tflc.h"

#include "llvm/Support/Alignment.h"
#include <cstring>

using namespace llvm;
using namespace tflc;

Invocation::Invocation(const CompiledModel &model, const CompileResult &result,
                       const SignatureInfo &signature)
    : model(model), result(result), signature(signature), layout(getDimsLayout(signature)),
      dims(layout.getCount()), outputs(signature.outputs.size()) {
  int64_t bytes = result.statistics.arenaBytes;
  if (CompiledModel::PlanFunction plan = model.getPlan(signature.key))
    bytes = std::max(bytes, plan(dims.data()));
  setArena(bytes);
}

/// Variables, at the beginning of the arena, keep their values.
void Invocation::setArena(int64_t bytes) {
  int64_t alignment = std::max<int64_t>(result.statistics.arenaAlignment, 1);
  std::vector<char> larger(bytes + alignment);
  char *start = reinterpret_cast<char *>(alignAddr(larger.data(), Align(alignment)));
  if (arena)
    std::memcpy(start, arena, std::min(arenaBytes, bytes));
  storage = std::move(larger);
  arena = start;
  arenaBytes = bytes;
}

void Invocation::reset() { model.reset(arena); }

std::vector<int64_t> Invocation::getShape(size_t output) const {
  return getOutputShape(signature, output, dims);
}

/// None where a dimension has no limit yet.
int64_t Invocation::countBytes(size_t output) const {
  int64_t bytes = getElementTypeSize(signature.outputs[output].type);
  std::vector<int64_t> shape = getShape(output);
  if (llvm::any_of(shape, [](int64_t size) { return size <= 0; }))
    return 0;
  for (int64_t size : shape)
    if (MulOverflow(bytes, size, bytes))
      return 0;
  return bytes;
}

std::vector<void *> Invocation::getOutputPointers() {
  std::vector<void *> pointers;
  for (auto &output : outputs)
    pointers.push_back(output.data());
  return pointers;
}

StringRef Invocation::getData(size_t output) const {
  return StringRef(reinterpret_cast<const char *>(outputs[output].data()), countBytes(output));
}

/// Whether the last run has found an output larger than its buffer.
bool Invocation::needsLargerOutput() const {
  for (size_t i = 0; i < outputs.size(); ++i)
    if (size_t(countBytes(i)) > outputs[i].size() * sizeof(std::max_align_t))
      return true;
  return false;
}

Expected<int32_t> Invocation::run(ArrayRef<const void *> inputs) {
  // A run that finds too little memory has begun to change variables.
  std::vector<char> state(arena, arena + std::min(result.statistics.stateBytes, arenaBytes));
  while (true) {
    unsigned capacity = layout.getFirstCapacity();
    for (size_t i = 0; i < outputs.size(); ++i) {
      outputs[i].resize(
          std::max(outputs[i].size(), size_t(countBytes(i)) / sizeof(std::max_align_t) + 1));
      if (signature.outputs[i].isMeasured())
        dims[capacity++] = outputs[i].size() * sizeof(std::max_align_t);
    }
    if (layout.limits)
      dims.back() = arenaBytes;
    Expected<int32_t> status =
        model.invoke(signature.key, inputs, getOutputPointers(), arena, dims);
    if (!status)
      return status;
    if (*status == TFLC_LARGER_ARENA_NEEDED && dims.back() > arenaBytes)
      setArena(dims.back());
    else if (*status != TFLC_LARGER_OUTPUT_NEEDED || !needsLargerOutput())
      return status;
    std::memcpy(arena, state.data(), state.size());
  }
}
