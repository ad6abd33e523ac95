//===- Samples.h - data to calibrate and to evaluate with -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_SAMPLES_H
#define TFLC_QUANTIZER_SAMPLES_H

#include "tflc/Support/ModelInfo.h"
#include "tflc/Support/Npz.h"

#include <functional>
#include <memory>

namespace tflc {

/// The inputs of one invocation.
struct Sample {
  /// The key of the signature to invoke.
  std::string signature;
  /// In the order of the signature's inputs, of their types.
  std::vector<Array> inputs;
  /// The right class, where the data say it.
  std::optional<int64_t> label;
  /// Where it comes from, for messages: "data.npz: sample 3".
  std::string place;
};

/// A stream of samples; one is in memory at a time.
class SampleSource {
public:
  virtual ~SampleSource() = default;
  /// Reads the next sample; false at the end. An error names the file and, where there is one, the
  /// sample and the tensor.
  virtual llvm::Expected<bool> next(Sample &sample) = 0;
  /// The number of samples, if it is known in advance.
  virtual std::optional<int64_t> getSize() const { return std::nullopt; }
};

struct SampleOptions {
  /// The signature of arrays that name none; empty for the model's first.
  std::string signature;
  /// The model sees (number - mean) * scale; one value for all channels (the last dimension), or
  /// one for each. Empty: numbers as they are.
  std::vector<double> mean, scale;
  /// The array with the right classes; no input, if the model has none of that name.
  std::string labels = "labels";
  /// Resize pictures to the size that the model takes, instead of asking for that.
  bool resize = false;
};

/// Opens `path` as data for `model`: an .npz whose arrays have the names of inputs (or
/// SIGNATURE/NAME) and a leading axis of samples, or a folder of .npy, .png and .jpeg files for the
/// only input, one a sample. `KEY=PATH` gives the signature for one source.
llvm::Expected<std::unique_ptr<SampleSource>>
openSamples(llvm::StringRef path, const ModelInfo &model, const SampleOptions &options);

/// Fills in the inputs of a sample, by their names in the signature or, where the arrays have none,
/// in its order, and the signature's key if it is another than the options say; false at the end.
using SampleFunction = std::function<llvm::Expected<bool>(Sample &)>;

/// The samples that a program makes one by one.
std::unique_ptr<SampleSource> makeSampleSource(SampleFunction function, const ModelInfo &model,
                                               const SampleOptions &options = {});

/// The samples of several sources, one source after the other.
std::unique_ptr<SampleSource> joinSamples(std::vector<std::unique_ptr<SampleSource>> sources);

/// Whether a sample can be an input of its signature: element types and shapes, and no NaN or
/// infinity among floats.
llvm::Error checkSample(const Sample &sample, const SignatureInfo &signature);

} // namespace tflc

#endif // TFLC_QUANTIZER_SAMPLES_H
