//===- Compare.cpp - two models on the same data --------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Compare.h"

#include "AdaptInput.h"
#include "ModelRunner.h"
#include "TFL/Transforms/CalibratedRanges.h"
#include "TensorNames.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tflc;

namespace {

/// A tensor of both models.
struct Counterpart {
  /// Numbers among the exposed tensors.
  size_t wanted, found;
  TensorDifference result;
};

class Comparer {
public:
  Comparer(ModuleOp wanted, ModuleOp found, OptLevel level)
      : wantedModule(wanted), foundModule(found), wanted(wanted, ModelRunner::Expose::Reals, level),
        found(found, ModelRunner::Expose::Reals, level) {}

  llvm::Error add(const Sample &sample);
  Comparison finish();

private:
  /// What is compared in one signature.
  struct Pairing {
    size_t numOutputs = 0;
    std::vector<TensorDifference> outputs;
    std::vector<Counterpart> tensors;
  };
  llvm::Expected<Pairing *> getPairing(const SignatureInfo &signature);

  ModuleOp wantedModule, foundModule;
  ModelRunner wanted, found;
  llvm::StringMap<Pairing> pairings;
  int64_t numSamples = 0;
};

} // namespace

llvm::Expected<Comparer::Pairing *> Comparer::getPairing(const SignatureInfo &signature) {
  auto [entry, isNew] = pairings.try_emplace(signature.key);
  Pairing &pairing = entry->second;
  if (!isNew)
    return &pairing;
  const SignatureInfo *other = found.getInfo().findSignature(signature.key);
  if (!other || other->inputs.size() != signature.inputs.size() ||
      other->outputs.size() != signature.outputs.size())
    return llvm::createStringError(llvm::formatv(
        "the second model has no signature '{0}' with as many inputs and outputs", signature.key));
  pairing.numOutputs = signature.outputs.size();
  for (const TensorInfo &output : signature.outputs) {
    TensorDifference difference;
    difference.name = output.name;
    pairing.outputs.push_back(std::move(difference));
  }

  // The first tensor of a name that is no float shows what quantization did; those that follow
  // only repeat it.
  llvm::StringMap<std::pair<size_t, bool>> numbers;
  auto foundFunction = foundModule.lookupSymbol<func::FuncOp>(other->function);
  SmallVector<Value> foundValues = tfl::collectReals(foundFunction);
  for (auto [number, value] : llvm::enumerate(foundValues)) {
    bool isFloat = getElementTypeOrSelf(value.getType()).isF32();
    auto [known, isFirst] = numbers.try_emplace(getTensorName(value), number, isFloat);
    if (!isFirst && known->second.second && !isFloat)
      known->second = {number, false};
  }
  auto function = wantedModule.lookupSymbol<func::FuncOp>(signature.function);
  llvm::StringSet<> seen;
  for (auto [number, value] : llvm::enumerate(tfl::collectReals(function))) {
    std::string name = getTensorName(value);
    auto counterpart = numbers.find(name);
    if (name.empty() || counterpart == numbers.end() || !seen.insert(name).second)
      continue;
    Counterpart pair{number, counterpart->second.first, {}};
    pair.result.name = name;
    pair.result.operatorName = getOperatorName(value);
    pairing.tensors.push_back(std::move(pair));
  }
  return &pairing;
}

/// The sample as the second model takes it.
static Sample convert(const Sample &sample, const SignatureInfo &signature) {
  Sample result = sample;
  for (auto [array, input] : llvm::zip_equal(result.inputs, signature.inputs))
    array = adaptInput(std::move(array), input, SampleOptions());
  return result;
}

static void addNumbers(TensorDifference &result, ArrayRef<float> wanted, ArrayRef<float> found) {
  if (wanted.size() != found.size())
    return;
  result.difference.add(wanted, found);
  result.values.add(wanted);
  std::vector<float> errors;
  for (auto [a, b] : llvm::zip_equal(wanted, found))
    errors.push_back(b - a);
  result.errors.add(errors);
}

/// The reals that a tensor of one scale can hold; zeros for floats.
static FloatRange getCoveredRange(const TensorInfo &tensor) {
  if (tensor.scales.size() != 1 || tensor.zeroPoints.size() != 1)
    return {};
  int64_t bits = 8 * getElementTypeSize(tensor.type);
  bool isUnsigned = tensor.type == ElementType::UInt8;
  int64_t least = isUnsigned ? 0 : -(int64_t(1) << (bits - 1));
  int64_t most = least + ((int64_t(1) << bits) - 1);
  auto toReal = [&](int64_t stored) {
    return float(tensor.scales[0] * double(stored - tensor.zeroPoints[0]));
  };
  return {toReal(least), toReal(most)};
}

llvm::Error Comparer::add(const Sample &sample) {
  const SignatureInfo *signature = wanted.getInfo().findSignature(sample.signature);
  if (llvm::Error error = checkSample(sample, *signature))
    return error;
  llvm::Expected<Pairing *> pairing = getPairing(*signature);
  if (!pairing)
    return pairing.takeError();
  const SignatureInfo &other = *found.getInfo().findSignature(sample.signature);
  Sample converted = convert(sample, other);
  if (llvm::Error error = checkSample(converted, other))
    return error;
  if (llvm::Error error = wanted.run(sample))
    return error;
  if (llvm::Error error = found.run(converted))
    return error;
  size_t numOutputs = (*pairing)->numOutputs;
  for (auto [i, output] : llvm::enumerate((*pairing)->outputs)) {
    addNumbers(output, wanted.getReals(i), found.getReals(i));
    output.type = getElementTypeName(found.getOutputs()[i].type).str();
  }
  for (Counterpart &pair : (*pairing)->tensors) {
    size_t number = numOutputs + pair.found;
    addNumbers(pair.result, wanted.getReals(numOutputs + pair.wanted), found.getReals(number));
    pair.result.type = getElementTypeName(found.getOutputs()[number].type).str();
    pair.result.covered = getCoveredRange(found.getOutputs()[number]);
  }
  ++numSamples;
  return llvm::Error::success();
}

Comparison Comparer::finish() {
  Comparison result;
  result.numSamples = numSamples;
  for (const SignatureInfo &signature : wanted.getInfo().signatures) {
    auto pairing = pairings.find(signature.key);
    if (pairing == pairings.end())
      continue;
    for (TensorDifference &output : pairing->second.outputs)
      result.outputs.push_back(std::move(output));
    for (Counterpart &pair : pairing->second.tensors)
      if (pair.result.difference.getCount() != 0)
        result.tensors.push_back(std::move(pair.result));
  }
  return result;
}

llvm::Expected<Comparison> tflc::compareModels(ModuleOp wanted, ModuleOp found,
                                               SampleSource &samples, OptLevel level) {
  Comparer comparer(wanted, found, level);
  Sample sample;
  while (true) {
    llvm::Expected<bool> more = samples.next(sample);
    if (!more)
      return more.takeError();
    if (!*more)
      return comparer.finish();
    if (llvm::Error error = comparer.add(sample))
      return std::move(error);
  }
}
