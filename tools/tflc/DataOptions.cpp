//===- DataOptions.cpp - options of all that read data --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DataOptions.h"

#include "Progress.h"

using namespace llvm;
using namespace tflc;

/// "0.5", "1/255", "123.7,116.3,103.5": a number for all channels, or one for each.
static bool readNumbers(const Arguments &arguments, StringRef name, std::vector<double> &numbers,
                        Diagnostics &diagnostics) {
  std::optional<StringRef> text = arguments.get(name);
  if (!text)
    return true;
  SmallVector<StringRef> parts;
  text->split(parts, ',');
  for (StringRef part : parts) {
    auto [above, below] = part.split('/');
    double numerator, denominator = 1;
    if (above.getAsDouble(numerator) ||
        (!below.empty() && (below.getAsDouble(denominator) || denominator == 0))) {
      diagnostics.error("'--" + name + "=" + *text +
                        "' is no list of numbers such as 0.5 or 1/255");
      return false;
    }
    numbers.push_back(numerator / denominator);
  }
  return true;
}

std::unique_ptr<SampleSource> tflc::openData(const Arguments &arguments, ArrayRef<StringRef> paths,
                                             const ModelInfo &model, Diagnostics &diagnostics) {
  SampleOptions options;
  options.signature = arguments.get("signature").value_or("").str();
  options.resize = arguments.has("resize");
  if (std::optional<StringRef> labels = arguments.get("labels"))
    options.labels = labels->str();
  if (!readNumbers(arguments, "mean", options.mean, diagnostics) ||
      !readNumbers(arguments, "scale", options.scale, diagnostics))
    return nullptr;
  std::vector<std::unique_ptr<SampleSource>> sources;
  for (StringRef path : paths) {
    Expected<std::unique_ptr<SampleSource>> source = openSamples(path, model, options);
    if (!source) {
      diagnostics.check(source.takeError());
      return nullptr;
    }
    sources.push_back(std::move(*source));
  }
  return joinSamples(std::move(sources));
}

SessionOptions tflc::getNativeOptions(StringRef path) {
  SessionOptions options;
  options.path = path.str();
  options.compile.target = detectNativeTarget();
  options.onWork = showOnTerminal;
  return options;
}

std::unique_ptr<ModelSession> tflc::openNativeModel(StringRef path, Diagnostics &diagnostics) {
  return ModelSession::open(getNativeOptions(path), diagnostics);
}
