//===- QuantizeModel.cpp - from a float model to a quantized one ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Quantize.h"

#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/QuantizationOps.h"
#include "TFL/IR/ReshapeOps.h"
#include "TFL/Transforms/OperatorModes.h"
#include "TFL/Transforms/WeightPasses.h"

#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

/// Quantized integers, or weights in half precision.
static bool isReduced(Type type) {
  Type element = getElementTypeOrSelf(type);
  return isa<quant::QuantizedType, Float16Type>(element);
}

LogicalResult tflc::checkFloatModel(ModuleOp module) {
  WalkResult result = module.walk([](Operation *op) {
    bool isConstant = op->hasTrait<OpTrait::ConstantLike>();
    bool found = isConstant ? llvm::any_of(op->getResultTypes(), isReduced)
                            : !isa<QuantizeOp, DequantizeOp>(op) &&
                                  llvm::any_of(op->getOperandTypes(), isReduced);
    if (!found)
      return WalkResult::advance();
    op->emitError("the model is quantized already");
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

bool tflc::hasSmallWeights(const QuantizeOptions &options) {
  return options.weightBits < 8 ||
         llvm::any_of(
             options.rules,
             [](const QuantizeRule &rule) { return rule.weightBits.value_or(8) < 8; });
}

/// Whether weights of `bits` may share a scale in blocks of so many.
static llvm::Error checkBlock(const QuantizeOptions &options, unsigned bits, unsigned block) {
  if (block == 0)
    return llvm::Error::success();
  if (!llvm::is_contained({32u, 64u, 128u, 256u}, block))
    return llvm::createStringError(
        llvm::formatv("blocks have 32, 64, 128 or 256 weights, not {0}", block));
  if (options.mode != QuantizationMode::DynamicRange)
    return llvm::createStringError(
        llvm::formatv("mode {0} has no weights with a scale for each block; dynamic-range has",
                      getQuantizationModeName(options.mode)));
  if (bits != 4)
    return llvm::createStringError(llvm::formatv(
        "weights with a scale for each block of {0} have 4 bits, not {1}", block, bits));
  return llvm::Error::success();
}

llvm::Error tflc::checkOptions(const QuantizeOptions &options) {
  for (InterfaceType type : {options.interface.inputs, options.interface.outputs}) {
    if (type == InterfaceType::Float)
      continue;
    StringRef mode = getQuantizationModeName(options.mode);
    if (!needsCalibration(options.mode))
      return llvm::createStringError(
          llvm::formatv("mode {0} leaves inputs and outputs in float", mode));
    bool isShort = type == InterfaceType::Int16;
    if (isShort != (options.mode == QuantizationMode::Int16x8))
      return llvm::createStringError(
          llvm::formatv("mode {0} has inputs and outputs of {1} bits", mode, isShort ? "8" : "16"));
  }
  if (options.weightBits != 8 && options.weightBits != 4)
    return llvm::createStringError(
        llvm::formatv("weights have 8 or 4 bits, not {0}", options.weightBits));
  bool takesNibbles =
      options.mode == QuantizationMode::Int8 || options.mode == QuantizationMode::DynamicRange;
  if (hasSmallWeights(options) && !takesNibbles)
    return llvm::createStringError(
        llvm::formatv("mode {0} has no weights of 4 bits", getQuantizationModeName(options.mode)));
  if (llvm::Error error = checkBlock(options, options.weightBits, options.weightBlock))
    return error;
  if (options.correctBiases && options.mode == QuantizationMode::Float16)
    return llvm::createStringError("mode float16 has no biases to correct");
  for (const std::string &text : options.keepFloat)
    if (llvm::Error error = checkExpression(text))
      return error;
  for (const QuantizeRule &rule : options.rules) {
    if (llvm::Error error = checkRule(rule))
      return error;
    if (llvm::Error error = checkBlock(options, rule.weightBits.value_or(options.weightBits),
                                       rule.weightBlock.value_or(0)))
      return error;
  }
  return llvm::Error::success();
}

/// What makes quantized weights better, beside `hybrid` float activations or beside integers.
static void addWeightPasses(OpPassManager &manager, const QuantizeOptions &options, bool hybrid) {
  OpPassManager &functions = manager.nest<func::FuncOp>();
  if (hasSmallWeights(options)) {
    RoundWeightsPassOptions round;
    round.bits = options.weightBits;
    round.block = options.weightBlock;
    round.hybrid = hybrid;
    round.correctBiases = options.correctBiases;
    functions.addPass(createRoundWeightsPass(round));
  }
  if (options.correctBiases) {
    CorrectBiasesPassOptions correct;
    correct.clipWeights = options.clipWeights;
    functions.addPass(createCorrectBiasesPass(correct));
  }
}

static void addPasses(OpPassManager &manager, const QuantizeOptions &options) {
  QuantizeIntegersPassOptions integers;
  integers.mode = options.mode;
  integers.inputs = options.interface.inputs;
  integers.outputs = options.interface.outputs;
  integers.allowFloat = options.allowFloat;
  integers.clipWeights = options.clipWeights;
  switch (options.mode) {
  case QuantizationMode::Int8:
  case QuantizationMode::Int16x8:
    addWeightPasses(manager, options, /*hybrid=*/false);
    manager.addPass(createQuantizeIntegersPass(integers));
    return;
  case QuantizationMode::Float16:
  case QuantizationMode::DynamicRange:
    // A model trained for int8 is int8, whatever becomes of its other parts.
    integers.mode = QuantizationMode::Int8;
    integers.allowFloat = true;
    integers.onlyGiven = true;
    manager.addPass(createQuantizeIntegersPass(integers));
    if (options.mode == QuantizationMode::Float16) {
      manager.addPass(createQuantizeFloat16Pass());
    } else {
      addWeightPasses(manager, options, /*hybrid=*/true);
      QuantizeDynamicRangePassOptions dynamic;
      dynamic.clipWeights = options.clipWeights;
      manager.addPass(createQuantizeDynamicRangePass(dynamic));
    }
    return;
  }
}

/// Stores weights with their zeros again: only what an operator reads itself can be quantized.
static void densifyWeights(ModuleOp module) {
  module.walk([](DensifyOp op) {
    auto constant = op.getInput().getDefiningOp<ConstOp>();
    if (!constant || constant.getOutput().getType() != op.getOutput().getType())
      return;
    constant->removeAttr("sparsity");
    op.getOutput().replaceAllUsesWith(constant.getOutput());
    op.erase();
  });
}

/// What has no kernel for integers and leads from inputs to outputs alone is as cheap in float as
/// what could stand for it.
static void leaveLoneOperators(ModuleOp module, QuantizationMode mode) {
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function.isPrivate() || function.isExternal())
      continue;
    for (Operation &op : function.front()) {
      auto interface = dyn_cast<QuantizationOpInterface>(op);
      bool hasKernel = interface && interface.getQuantizationRule().getVersion(
                                        getOwnMode(&op).value_or(mode), false);
      bool isLone = llvm::none_of(op.getOperands(),
                                  [](Value operand) {
                                    Operation *producer = operand.getDefiningOp();
                                    return producer && !producer->hasTrait<OpTrait::ConstantLike>();
                                  }) &&
                    llvm::all_of(op.getUsers(), [](Operation *user) {
                      return user->hasTrait<OpTrait::IsTerminator>();
                    });
      if (!hasKernel && isLone && op.getNumOperands() != 0)
        op.setAttr(keepFloatName, UnitAttr::get(op.getContext()));
    }
  }
}

LogicalResult tflc::prepareModel(ModuleOp module, const QuantizeOptions &options) {
  markByRules(module, options);
  densifyWeights(module);
  bool hasFloatInterface = options.interface.inputs == InterfaceType::Float &&
                           options.interface.outputs == InterfaceType::Float;
  if (options.allowFloat && hasFloatInterface && needsCalibration(options.mode))
    leaveLoneOperators(module, options.mode);
  PassManager manager(module.getContext());
  if (options.equalize)
    manager.addNestedPass<func::FuncOp>(createEqualizeLayersPass());
  manager.addNestedPass<func::FuncOp>(createFoldFakeQuantPass());
  if (needsCalibration(options.mode)) {
    ExpandForIntegersPassOptions expand;
    expand.mode = options.mode;
    manager.addNestedPass<func::FuncOp>(createExpandForIntegersPass(expand));
  }
  return manager.run(module);
}

LogicalResult tflc::quantizeModel(ModuleOp module, const QuantizeOptions &options) {
  PassManager manager(module.getContext());
  addPasses(manager, options);
  if (failed(manager.run(module)))
    return failure();
  eraseMarks(module);
  module.walk([](Operation *op) {
    op->removeAttr(inputMeansName);
    op->removeAttr(inputProductsName);
  });
  return success();
}
