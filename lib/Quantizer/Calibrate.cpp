//===- Calibrate.cpp - the ranges of a model's tensors --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Calibrate.h"

#include "ModelRunner.h"
#include "TFL/Transforms/CalibratedRanges.h"
#include "TFL/Transforms/LinearLayers.h"
#include "TFL/Transforms/OperatorModes.h"
#include "TFL/Transforms/WeightPasses.h"
#include "tflc/Quantization/RoundWeights.h"
#include "tflc/Quantizer/QuantizeRule.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/MapVector.h"

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
  /// Notes in the module what was seen of the inputs of layers.
  void noteMoments();
  Calibration take() { return std::move(calibration); }

private:
  llvm::Error add(const Sample &sample);
  void collectLayerInputs(func::FuncOp function);
  void addMoments(Value value, ArrayRef<float> values);

  ModuleOp module;
  const CalibrateOptions &options;
  ModelRunner runner;
  Calibration calibration;
  /// Of the inputs of operators with weights.
  llvm::MapVector<Value, SecondMoments> moments;
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
  if (options.moments != InputMoments::None && !calibration.signatures.count(sample.signature))
    collectLayerInputs(function);
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
  for (auto [value, observer] : llvm::zip_equal(tfl::collectActivations(function), seen.tensors)) {
    ArrayRef<float> values = takeValues();
    observer.add(values, getRangeOptions(value, options.range));
    addMoments(value, values);
  }
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

//===----------------------------------------------------------------------===//
// Inputs of layers
//===----------------------------------------------------------------------===//

void Calibrator::collectLayerInputs(func::FuncOp function) {
  // The products of so many channels are as much work as their layer.
  constexpr int64_t mostChannels = 2048;
  for (Operation &op : function.front())
    if (std::optional<tfl::LinearLayer> layer = tfl::LinearLayer::get(&op)) {
      bool withProducts = options.moments == InputMoments::Products && !layer->isDepthwise() &&
                          layer->getNumInputs() <= mostChannels;
      moments.try_emplace(layer->getInput().get(), layer->getNumInputs(), withProducts);
    }
}

/// Neighbours in a picture are alike: of many vectors, some at equal distances will do.
void Calibrator::addMoments(Value value, ArrayRef<float> values) {
  auto found = moments.find(value);
  if (found == moments.end())
    return;
  constexpr size_t mostVectors = 256;
  size_t size = found->second.getSize(), count = values.size() / size;
  for (size_t i = 0; i < count; i += std::max<size_t>(count / mostVectors, 1))
    found->second.add(values.slice(i * size, size));
}

void Calibrator::noteMoments() {
  Builder builder(module.getContext());
  for (auto &[value, seen] : moments) {
    if (seen.getCount() == 0)
      continue;
    for (Operation *user : value.getUsers()) {
      std::optional<tfl::LinearLayer> layer = tfl::LinearLayer::get(user);
      if (!layer || layer->getInput().get() != value)
        continue;
      user->setAttr(tfl::inputMeansName, builder.getDenseF32ArrayAttr(seen.getMeans()));
      if (std::vector<float> products = seen.getProducts(); !products.empty())
        user->setAttr(tfl::inputProductsName, builder.getDenseF32ArrayAttr(products));
    }
  }
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// What the model calls a value.
static std::string getName(Value value) {
  std::optional<OpLocation> place = getOpLocation(value.getLoc());
  return place ? place->tensorName.str() : std::string();
}

/// Whether an operator's numbers are copies of constants, which vary by their places at most.
static bool readsOnlyConstants(Operation *op) {
  return llvm::all_of(op->getOperands(), [](Value operand) {
    return !getElementTypeOrSelf(operand.getType()).isF32() || matchPattern(operand, m_Constant());
  });
}

/// A value that is seen in several places has the range of all of them.
void RangeNotes::note(Value value, const Observer &observer) {
  RangeOptions options = getRangeOptions(value, calibration.range);
  Operation *producer = value.getDefiningOp();
  std::optional<tfl::QuantizationMode> mode = producer ? tfl::getOwnMode(producer) : std::nullopt;
  std::optional<FloatRange> range =
      observer.choose(options, mode ? tfl::getActivationWidth(*mode) : bits);
  if (!range)
    return;
  if (!noted.insert(value).second)
    range->include(*tfl::getCalibratedRange(value));
  tfl::setCalibratedRange(value, *range);
  if (observer.isConstant(options) && !(producer && readsOnlyConstants(producer)))
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
  Calibrator calibrator(module, options);
  if (llvm::Error error = calibrator.run(samples))
    return std::move(error);
  calibrator.noteMoments();
  return noteRanges(module, calibrator.take(), options.bits);
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

static std::vector<Operation *> listOperations(ModuleOp module) {
  std::vector<Operation *> ops;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) { ops.push_back(op); });
  return ops;
}

static void copyNotes(Operation *from, Operation *to) {
  for (StringRef name : {StringRef(tfl::inputMeansName), StringRef(tfl::inputProductsName)})
    if (Attribute attr = from->getAttr(name))
      to->setAttr(name, attr);
  auto copyRanges = [](ValueRange sources, ValueRange targets) {
    for (auto [source, target] : llvm::zip_equal(sources, targets))
      if (std::optional<FloatRange> range = tfl::getCalibratedRange(source))
        tfl::setCalibratedRange(target, *range);
  };
  copyRanges(from->getResults(), to->getResults());
  if (auto function = dyn_cast<func::FuncOp>(from); function && !function.isExternal())
    copyRanges(function.getArguments(), cast<func::FuncOp>(to).getArguments());
}

bool tflc::copyCalibration(ModuleOp from, ModuleOp to) {
  std::vector<Operation *> sources = listOperations(from), targets = listOperations(to);
  auto isSame = [](Operation *a, Operation *b) {
    return a->getName() == b->getName() && a->getNumOperands() == b->getNumOperands() &&
           a->getResultTypes() == b->getResultTypes();
  };
  if (sources.size() != targets.size() || !llvm::equal(sources, targets, isSame))
    return false;
  for (auto [source, target] : llvm::zip_equal(sources, targets))
    copyNotes(source, target);
  return true;
}
