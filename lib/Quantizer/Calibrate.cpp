//===- Calibrate.cpp - the ranges of a model's tensors --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Calibrate.h"

#include "ModelRunner.h"
#include "TFL/Transforms/CalibratedRanges.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace tflc;

namespace {

/// What has been seen of one tensor.
class Observer {
public:
  void add(ArrayRef<float> values, const RangeOptions &options) {
    if (values.empty())
      return;
    if (options.needsHistogram()) {
      histogram.add(values);
      seen |= histogram.getCount() != 0;
      return;
    }
    FloatRange found = getRange(values);
    if (!seen) {
      range = found;
    } else if (options.method == RangeMethod::MovingAverage) {
      range.min += movingAverageShare * (found.min - range.min);
      range.max += movingAverageShare * (found.max - range.max);
    } else {
      range.include(found);
    }
    seen = true;
  }

  /// Nothing where no value has been seen.
  std::optional<FloatRange> choose(const RangeOptions &options, unsigned bits) const {
    if (!seen)
      return std::nullopt;
    return options.needsHistogram() ? chooseRange(histogram, options, bits) : range;
  }

  bool isConstant(const RangeOptions &options) const {
    FloatRange extremes = options.needsHistogram() ? histogram.getRange() : range;
    return extremes.min == extremes.max;
  }

private:
  bool seen = false;
  FloatRange range;
  Histogram histogram;
};

/// What has been seen in a signature, in the order in which its tensors are exposed.
struct Observers {
  std::vector<Observer> tensors;
  /// Of the tensors in subgraphs only the extremes are seen.
  std::vector<Observer> inner;
};

class Calibrator {
public:
  Calibrator(ModuleOp module, const CalibrateOptions &options)
      : module(module), options(options),
        runner(module, ModelRunner::Expose::Floats, options.optLevel) {}

  llvm::Error run(SampleSource &samples);
  CalibrationSummary finish();

private:
  llvm::Error add(const Sample &sample);
  void note(Value value, const Observer &observer, llvm::DenseSet<Value> &noted);

  ModuleOp module;
  const CalibrateOptions &options;
  ModelRunner runner;
  CalibrationSummary summary;
  llvm::StringMap<Observers> observers;
};

} // namespace

llvm::Error Calibrator::add(const Sample &sample) {
  const SignatureInfo *signature = runner.getInfo().findSignature(sample.signature);
  if (llvm::Error error = checkSample(sample, *signature))
    return error;
  if (llvm::Error error = runner.run(sample))
    return error;
  auto function = module.lookupSymbol<func::FuncOp>(signature->function);
  Observers &seen = observers[sample.signature];
  seen.tensors.resize(tfl::collectActivations(function).size());
  seen.inner.resize(tfl::collectInnerActivations(function).size());
  ArrayRef<TensorInfo> outputs = runner.getOutputs();
  size_t place = outputs.size() - seen.tensors.size() - 2 * seen.inner.size();
  auto takeValues = [&] {
    size_t output = place++;
    return ArrayRef(static_cast<const float *>(runner.getData(output)),
                    outputs[output].getNumElements());
  };
  for (Observer &observer : seen.tensors)
    observer.add(takeValues(), options.range);
  for (Observer &observer : seen.inner) {
    float least = takeValues().front(), largest = takeValues().front();
    // A branch that did not run has seen nothing.
    if (least <= largest)
      observer.add({least, largest}, options.range);
  }
  ++summary.numSamples;
  if (options.progress)
    options.progress(summary.numSamples);
  return llvm::Error::success();
}

llvm::Error Calibrator::run(SampleSource &samples) {
  Sample sample;
  while (true) {
    llvm::Expected<bool> found = samples.next(sample);
    if (!found)
      return found.takeError();
    if (!*found)
      break;
    if (llvm::Error error = add(sample))
      return error;
  }
  if (summary.numSamples == 0)
    return llvm::createStringError("there are no samples to calibrate with");
  return llvm::Error::success();
}

/// What the model calls a value.
static std::string getName(Value value) {
  std::optional<OpLocation> place = getOpLocation(value.getLoc());
  return place ? place->tensorName.str() : std::string();
}

/// A value that is seen in several places has the range of all of them.
void Calibrator::note(Value value, const Observer &observer, llvm::DenseSet<Value> &noted) {
  std::optional<FloatRange> range = observer.choose(options.range, options.bits);
  if (!range)
    return;
  if (!noted.insert(value).second)
    range->include(*tfl::getCalibratedRange(value));
  tfl::setCalibratedRange(value, *range);
  if (observer.isConstant(options.range))
    summary.constantTensors.push_back(getName(value));
}

CalibrationSummary Calibrator::finish() {
  llvm::DenseSet<Value> noted;
  for (auto function : module.getOps<func::FuncOp>()) {
    auto key = function->getAttrOfType<StringAttr>("tfl.signature");
    auto seen = key ? observers.find(key.getValue()) : observers.end();
    if (seen == observers.end())
      continue;
    for (auto [value, observer] :
         llvm::zip_equal(tfl::collectActivations(function), seen->second.tensors))
      note(value, observer, noted);
    for (auto [value, observer] :
         llvm::zip_equal(tfl::collectInnerActivations(function), seen->second.inner))
      note(value, observer, noted);
  }
  return std::move(summary);
}

llvm::Expected<CalibrationSummary> tflc::calibrateModel(ModuleOp module, SampleSource &samples,
                                                        const CalibrateOptions &options) {
  Calibrator calibrator(module, options);
  if (llvm::Error error = calibrator.run(samples))
    return std::move(error);
  return calibrator.finish();
}
