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

using namespace mlir;
using namespace tflc;

namespace {

class Calibrator {
public:
  Calibrator(ModuleOp module, const CalibrateOptions &options)
      : module(module), options(options),
        runner(module, ModelRunner::Expose::Floats, options.optLevel) {
    calibration.range = options.range;
  }

  llvm::Error run(SampleSource &samples);
  Calibration take() { return std::move(calibration); }

private:
  llvm::Error add(const Sample &sample);

  ModuleOp module;
  const CalibrateOptions &options;
  ModelRunner runner;
  Calibration calibration;
};

/// Puts ranges into a module.
class RangeNotes {
public:
  RangeNotes(const Calibration &calibration, unsigned bits) : calibration(calibration), bits(bits) {
    summary.numSamples = calibration.numSamples;
  }

  llvm::Error add(func::FuncOp function, const SignatureObservers &seen);

  CalibrationSummary summary;

private:
  void note(Value value, const Observer &observer);

  const Calibration &calibration;
  unsigned bits;
  llvm::DenseSet<Value> noted;
};

} // namespace

llvm::Error Calibrator::add(const Sample &sample) {
  const SignatureInfo *signature = runner.getInfo().findSignature(sample.signature);
  if (llvm::Error error = checkSample(sample, *signature))
    return error;
  if (llvm::Error error = runner.run(sample))
    return error;
  auto function = module.lookupSymbol<func::FuncOp>(signature->function);
  SignatureObservers &seen = calibration.signatures[sample.signature];
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
  ++calibration.numSamples;
  if (options.progress)
    options.progress(calibration.numSamples);
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
  if (calibration.numSamples == 0)
    return llvm::createStringError("there are no samples to calibrate with");
  return llvm::Error::success();
}

/// What the model calls a value.
static std::string getName(Value value) {
  std::optional<OpLocation> place = getOpLocation(value.getLoc());
  return place ? place->tensorName.str() : std::string();
}

/// A value that is seen in several places has the range of all of them.
void RangeNotes::note(Value value, const Observer &observer) {
  std::optional<FloatRange> range = observer.choose(calibration.range, bits);
  if (!range)
    return;
  if (!noted.insert(value).second)
    range->include(*tfl::getCalibratedRange(value));
  tfl::setCalibratedRange(value, *range);
  if (observer.isConstant(calibration.range))
    summary.constantTensors.push_back(getName(value));
}

llvm::Error RangeNotes::add(func::FuncOp function, const SignatureObservers &seen) {
  SmallVector<Value> values = tfl::collectActivations(function);
  SmallVector<Value> inner = tfl::collectInnerActivations(function);
  if (values.size() != seen.tensors.size() || inner.size() != seen.inner.size())
    return llvm::createStringError("the calibration is of another model or for another mode");
  for (auto [value, observer] : llvm::zip_equal(values, seen.tensors))
    note(value, observer);
  for (auto [value, observer] : llvm::zip_equal(inner, seen.inner))
    note(value, observer);
  return llvm::Error::success();
}

llvm::Expected<Calibration> tflc::observeModel(ModuleOp module, SampleSource &samples,
                                               const CalibrateOptions &options) {
  Calibrator calibrator(module, options);
  if (llvm::Error error = calibrator.run(samples))
    return std::move(error);
  return calibrator.take();
}

llvm::Expected<CalibrationSummary> tflc::noteRanges(ModuleOp module, const Calibration &calibration,
                                                    unsigned bits) {
  RangeNotes notes(calibration, bits);
  for (auto function : module.getOps<func::FuncOp>()) {
    auto key = function->getAttrOfType<StringAttr>("tfl.signature");
    auto seen = key ? calibration.signatures.find(key.str()) : calibration.signatures.end();
    if (seen == calibration.signatures.end())
      continue;
    if (llvm::Error error = notes.add(function, seen->second))
      return std::move(error);
  }
  return std::move(notes.summary);
}

llvm::Expected<CalibrationSummary> tflc::calibrateModel(ModuleOp module, SampleSource &samples,
                                                        const CalibrateOptions &options) {
  llvm::Expected<Calibration> calibration = observeModel(module, samples, options);
  if (!calibration)
    return calibration.takeError();
  return noteRanges(module, *calibration, options.bits);
}
