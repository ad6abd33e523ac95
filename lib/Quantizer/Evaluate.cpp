//===- Evaluate.cpp - the accuracy of a classifier ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Evaluate.h"

#include "ModelRunner.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <chrono>

using namespace tflc;

/// Counts one sample. Of equal scores the first class wins, as with argmax.
static void count(Evaluation &result, llvm::ArrayRef<float> scores, int64_t label, unsigned top) {
  auto found = int64_t(std::max_element(scores.begin(), scores.end()) - scores.begin());
  auto better = llvm::count_if(llvm::enumerate(scores), [&](auto entry) {
    auto [index, score] = entry;
    return score > scores[label] || (score == scores[label] && int64_t(index) < label);
  });
  ++result.numSamples;
  result.numRight += found == label;
  result.numInTop += better < int64_t(top);
  result.confusion.resize(std::max(result.confusion.size(), scores.size()));
  for (auto &row : result.confusion)
    row.resize(scores.size());
  ++result.confusion[label][found];
}

static double now() {
  using namespace std::chrono;
  return duration<double, std::micro>(steady_clock::now().time_since_epoch()).count();
}

llvm::Expected<Evaluation> tflc::evaluateModel(mlir::ModuleOp module, SampleSource &samples,
                                               const EvaluateOptions &options) {
  ModelRunner runner(module, ModelRunner::Expose::Nothing, options.optLevel);
  Evaluation result;
  std::vector<double> times;
  Sample sample;
  while (true) {
    llvm::Expected<bool> more = samples.next(sample);
    if (!more)
      return more.takeError();
    if (!*more)
      break;
    if (llvm::Error error = checkSample(sample, *runner.getInfo().findSignature(sample.signature)))
      return std::move(error);
    if (options.labelled && !sample.label)
      return llvm::createStringError(
          llvm::formatv("{0}: there is no label to compare with", sample.place));
    if (llvm::Error error = runner.prepare(sample))
      return std::move(error);
    double start = now();
    if (llvm::Error error = runner.run(sample))
      return std::move(error);
    times.push_back(now() - start);
    if (options.onOutput)
      for (size_t output = 0; output < runner.getOutputs().size(); ++output)
        options.onOutput(sample.signature, output, runner.getReals(output));
    if (!options.labelled)
      continue;
    std::vector<float> scores = runner.getReals(0);
    if (*sample.label < 0 || size_t(*sample.label) >= scores.size())
      return llvm::createStringError(
          llvm::formatv("{0}: the label {1} is none of the model's {2} classes", sample.place,
                        *sample.label, scores.size()));
    count(result, scores, *sample.label, options.top);
  }
  if (times.empty())
    return llvm::createStringError("there are no samples to evaluate with");
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  result.medianMicroseconds = times[times.size() / 2];
  const CompileStatistics &statistics = runner.getCompilation().statistics;
  result.codeBytes = statistics.codeBytes;
  result.constantBytes = statistics.constantBytes;
  result.arenaBytes = statistics.arenaBytes;
  return result;
}
