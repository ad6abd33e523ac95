//===- ModelRunner.cpp - a model compiled for its samples -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelRunner.h"

#include "tflc/Pipelines/DescribeModel.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"

#include <cstring>

using namespace mlir;
using namespace tflc;

ModelRunner::ModelRunner(ModuleOp module, Expose expose, OptLevel optLevel)
    : module(module), expose(expose), optLevel(optLevel), info(getModelInfo(module)) {}

/// Gives the arguments of each signature the shapes of its sample. Signatures without samples are
/// left out: nobody says what their shapes are.
static void specialize(ModuleOp module, const llvm::StringMap<Sample> &shapes) {
  for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>())) {
    auto key = function->getAttrOfType<StringAttr>("tfl.signature");
    if (!key)
      continue;
    auto sample = shapes.find(key.getValue());
    if (sample == shapes.end()) {
      function.erase();
      continue;
    }
    for (auto [argument, array] : llvm::zip_equal(function.getArguments(), sample->second.inputs)) {
      Type element = getElementTypeOrSelf(argument.getType());
      argument.setType(RankedTensorType::get(array.shape, element));
    }
    function.setFunctionType(FunctionType::get(
        module.getContext(), function.front().getArgumentTypes(), function.getResultTypes()));
  }
}

llvm::Error ModelRunner::compile() {
  // The context's diagnostics have told why.
  auto failed = [] { return llvm::createStringError("the model cannot be executed"); };
  OwningOpRef<ModuleOp> clone = module.clone();
  specialize(*clone, shapes);
  if (expose != Expose::Nothing) {
    tfl::ExposeActivationsPassOptions options;
    options.quantized = expose == Expose::Reals;
    PassManager manager(module.getContext());
    manager.addPass(tfl::createExposeActivationsPass(options));
    if (mlir::failed(manager.run(*clone)))
      return failed();
  }
  CompileOptions options;
  options.target = detectNativeTarget();
  options.optLevel = optLevel;
  result = CompileResult();
  if (mlir::failed(compileModel(*clone, options, result)))
    return failed();
  auto compiled = CompiledModel::create(result);
  if (!compiled)
    return compiled.takeError();
  model = std::move(*compiled);
  size_t size = std::max<int64_t>(result.statistics.arenaBytes, 1);
  size_t alignment = std::max<int64_t>(result.statistics.arenaAlignment, 16);
  arena = {llvm::allocate_buffer(size, alignment), AlignedFree{size, alignment}};
  model->reset(arena.get());
  return llvm::Error::success();
}

/// Whether a model that was compiled for `known` takes `sample`.
static bool hasShapesOf(const Sample &known, const Sample &sample) {
  return llvm::all_of_zip(known.inputs, sample.inputs,
                          [](const Array &a, const Array &b) { return a.shape == b.shape; });
}

llvm::Error ModelRunner::prepare(const Sample &sample) {
  auto [known, isNew] = shapes.try_emplace(sample.signature, sample);
  if (isNew || !hasShapesOf(known->second, sample)) {
    known->second = sample;
    model.reset();
  }
  return model ? llvm::Error::success() : compile();
}

llvm::Error ModelRunner::run(const Sample &sample) {
  if (llvm::Error error = prepare(sample))
    return error;
  signature = result.model.findSignature(sample.signature);
  buffers.resize(std::max(buffers.size(), signature->outputs.size()));
  std::vector<void *> outputs;
  for (auto [output, buffer] : llvm::zip(signature->outputs, buffers)) {
    if (!output.hasStaticShape())
      return llvm::createStringError("the shape of a tensor depends on the data");
    buffer.resize(std::max<size_t>(buffer.size(), output.getNumBytes()));
    outputs.push_back(buffer.data());
  }
  std::vector<const void *> inputs;
  for (const Array &array : sample.inputs)
    inputs.push_back(array.data.data());
  llvm::Expected<int32_t> status = model->invoke(sample.signature, inputs, outputs, arena.get());
  if (!status)
    return status.takeError();
  if (*status)
    return llvm::createStringError(
        llvm::formatv("{0}: the model rejects the data (status {1})", sample.place, *status));
  return llvm::Error::success();
}

template <typename Storage>
static void readStored(const void *data, std::vector<float> &values, const TensorInfo &tensor) {
  double scale = tensor.scales.empty() ? 1.0 : tensor.scales.front();
  int64_t zeroPoint = tensor.zeroPoints.empty() ? 0 : tensor.zeroPoints.front();
  const auto *stored = static_cast<const Storage *>(data);
  for (size_t i = 0; i < values.size(); ++i)
    values[i] = float(scale * double(int64_t(stored[i]) - zeroPoint));
}

std::vector<float> ModelRunner::getReals(size_t output) const {
  const TensorInfo &tensor = signature->outputs[output];
  std::vector<float> values(tensor.getNumElements());
  const void *data = getData(output);
  switch (tensor.type) {
  case ElementType::Float32:
    std::memcpy(values.data(), data, values.size() * sizeof(float));
    break;
  case ElementType::Int8:
    readStored<int8_t>(data, values, tensor);
    break;
  case ElementType::UInt8:
    readStored<uint8_t>(data, values, tensor);
    break;
  case ElementType::Int16:
    readStored<int16_t>(data, values, tensor);
    break;
  case ElementType::Int32:
    readStored<int32_t>(data, values, tensor);
    break;
  case ElementType::Int64:
    readStored<int64_t>(data, values, tensor);
    break;
  default:
    values.clear();
  }
  return values;
}
