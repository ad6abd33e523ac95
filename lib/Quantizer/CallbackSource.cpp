//===- CallbackSource.cpp - samples that a program makes ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Samples.h"

#include "AdaptInput.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace tflc;

namespace {
class CallbackSource : public SampleSource {
public:
  CallbackSource(SampleFunction function, const ModelInfo &model, const SampleOptions &options)
      : function(std::move(function)), model(model), options(options) {}

  Expected<bool> next(Sample &sample) override;

private:
  Expected<const SignatureInfo *> findSignature(Sample &sample) const;
  Error arrange(Sample &sample, const SignatureInfo &signature) const;

  SampleFunction function;
  ModelInfo model;
  SampleOptions options;
  int64_t number = 0;
};
} // namespace

Expected<const SignatureInfo *> CallbackSource::findSignature(Sample &sample) const {
  if (model.signatures.empty())
    return createStringError("the model has no function to give samples to");
  if (sample.signature.empty())
    sample.signature = model.signatures.front().key;
  if (const SignatureInfo *signature = model.findSignature(sample.signature))
    return signature;
  return createStringError(
      formatv("{0}: the model has no signature '{1}'", sample.place, sample.signature));
}

/// Brings arrays into the order of the inputs that they name.
Error CallbackSource::arrange(Sample &sample, const SignatureInfo &signature) const {
  if (sample.inputs.size() != signature.inputs.size())
    return createStringError(formatv("{0}: signature '{1}' has {2} inputs, the sample has {3}",
                                     sample.place, signature.key, signature.inputs.size(),
                                     sample.inputs.size()));
  std::vector<Array> arranged(signature.inputs.size());
  std::vector<bool> found(signature.inputs.size());
  for (auto [i, array] : llvm::enumerate(sample.inputs)) {
    size_t place = i;
    if (!array.name.empty())
      for (place = 0; place < signature.inputs.size(); ++place)
        if (array.name == signature.inputs[place].name ||
            array.name == signature.inputs[place].tensorName)
          break;
    if (place == signature.inputs.size() || found[place])
      return createStringError(
          formatv("{0}: signature '{1}' has no {2}input '{3}'", sample.place, signature.key,
                  place == signature.inputs.size() ? "" : "second ", array.name));
    found[place] = true;
    arranged[place] = adaptInput(std::move(array), signature.inputs[place], options);
  }
  sample.inputs = std::move(arranged);
  return Error::success();
}

Expected<bool> CallbackSource::next(Sample &sample) {
  sample = Sample();
  sample.signature = options.signature;
  sample.place = formatv("sample {0}", number++);
  Expected<bool> more = function(sample);
  if (!more || !*more)
    return more;
  Expected<const SignatureInfo *> signature = findSignature(sample);
  if (!signature)
    return signature.takeError();
  if (Error error = arrange(sample, **signature))
    return std::move(error);
  return true;
}

std::unique_ptr<SampleSource> tflc::makeSampleSource(SampleFunction function,
                                                     const ModelInfo &model,
                                                     const SampleOptions &options) {
  return std::make_unique<CallbackSource>(std::move(function), model, options);
}
