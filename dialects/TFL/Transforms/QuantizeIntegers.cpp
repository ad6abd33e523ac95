//===- QuantizeIntegers.cpp - operators that compute with integers --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "GivenTypes.h"
#include "LayerOperands.h"

#include "TFL/IR/QuantizationOps.h"
#include "TFL/Transforms/CalibratedRanges.h"
#include "TFL/Transforms/Passes.h"
#include "tflc/Support/ModelLocation.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_QUANTIZEINTEGERSPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc;
using namespace tflc::tfl;

namespace {

/// Carries out the plan of one function.
class FunctionRewriter {
public:
  FunctionRewriter(func::FuncOp function, const QuantizationPlan &plan, ModelInterface interface,
                   bool clipWeights)
      : function(function), module(function->getParentOfType<ModuleOp>()), plan(plan),
        interface(interface), clipWeights(clipWeights) {}

  void run();

private:
  /// An operator that will compute with integers, and what its activations must be. It is noted
  /// while all tensors still are floats.
  struct ActiveOp {
    QuantizationOpInterface op;
    SmallVector<std::pair<OpOperand *, quant::UniformQuantizedType>> activations;
  };

  void convertArguments();
  void convert(const ActiveOp &active);
  void convertOthers(Operation *op);
  void shareIntegers(Operation *op);
  void convertReturn(Operation *op);
  Value getQuantized(Value value, quant::UniformQuantizedType type);
  Value getFloat(Value value);
  Value insertQuantize(Value value, quant::UniformQuantizedType type);

  func::FuncOp function;
  ModuleOp module;
  const QuantizationPlan &plan;
  ModelInterface interface;
  bool clipWeights;
  QuantizedConstants constants;
  /// Arguments in uint8 have a twin in int8, which everything reads.
  llvm::DenseMap<Value, Value> twins;
  llvm::DenseMap<std::pair<Value, Type>, Value> quantized;
  llvm::DenseMap<Value, Value> floats;
};

} // namespace

static quant::QuantizedType getQuantizedElement(Value value) {
  return dyn_cast<quant::QuantizedType>(getElementTypeOrSelf(value.getType()));
}

static Type withElementType(Type type, Type elementType) {
  return RankedTensorType::get(cast<RankedTensorType>(type).getShape(), elementType);
}

//===----------------------------------------------------------------------===//
// Between floats and integers
//===----------------------------------------------------------------------===//

Value FunctionRewriter::insertQuantize(Value value, quant::UniformQuantizedType type) {
  OpBuilder builder(function.getContext());
  builder.setInsertionPointAfterValue(value);
  auto op =
      QuantizeOp::create(builder, value.getLoc(), withElementType(value.getType(), type), value);
  auto from = getQuantizedElement(value);
  bool hasWords = type.getStorageTypeIntegralWidth() == 16 ||
                  (from && from.getStorageTypeIntegralWidth() == 16);
  raiseOperatorVersion(module, op, hasWords ? 2 : 1);
  return op;
}

Value FunctionRewriter::getQuantized(Value value, quant::UniformQuantizedType type) {
  if (ConstOp constant = getFloatConstant(value))
    return constants.get(constant, type);
  if (Value twin = twins.lookup(value))
    value = twin;
  if (getQuantizedElement(value) == type)
    return value;
  // Where a float comes out of the same integers, these are taken.
  if (auto producer = value.getDefiningOp<DequantizeOp>())
    if (getQuantizedElement(producer.getInput()) == type)
      return producer.getInput();
  // Operators that narrow words to bytes are there, but none that widens bytes.
  if (auto present = getQuantizedElement(value);
      present && present.getStorageTypeIntegralWidth() < type.getStorageTypeIntegralWidth())
    value = getFloat(value);
  Value &result = quantized[{value, type}];
  if (!result)
    result = insertQuantize(value, type);
  return result;
}

Value FunctionRewriter::getFloat(Value value) {
  if (Value twin = twins.lookup(value))
    value = twin;
  auto type = getQuantizedElement(value);
  if (!type)
    return value;
  Value &result = floats[value];
  if (result)
    return result;
  OpBuilder builder(function.getContext());
  builder.setInsertionPointAfterValue(value);
  auto op = DequantizeOp::create(
      builder, value.getLoc(),
      withElementType(value.getType(), Float32Type::get(function.getContext())), value);
  raiseOperatorVersion(module, op, type.getStorageTypeIntegralWidth() == 16 ? 3 : 2);
  result = op;
  return result;
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

void FunctionRewriter::convert(const ActiveOp &active) {
  Operation *op = active.op;
  const QuantizationRule &rule = cast<QuantizationOpInterface>(op).getQuantizationRule();
  for (auto [operand, type] : active.activations)
    operand->set(getQuantized(operand->get(), type));
  LayerOperands(active.op, plan, constants, clipWeights).quantize();
  for (Value result : op->getResults())
    if (isFloatTensor(result))
      result.setType(withElementType(result.getType(), plan.getType(result)));
  // The kernels' shortcut for powers of two holds only where all scales are such.
  constexpr StringLiteral powerOfTwoName = "pot_scale_int16";
  if (plan.getWidth(op) == 16 &&
      llvm::is_contained(op->getName().getAttributeNames(), powerOfTwoName))
    op->setAttr(powerOfTwoName, BoolAttr::get(op->getContext(), false));
  raiseOperatorVersion(module, op, rule.getVersion(plan.getMode(op), /*perChannel=*/true));
}

/// Operators that stay in float read floats; the shape is the same in any type.
void FunctionRewriter::convertOthers(Operation *op) {
  auto interfaceOp = dyn_cast<QuantizationOpInterface>(op);
  if (isa<DequantizeOp>(op) || (interfaceOp && takesAnyType(interfaceOp.getQuantizationRule())))
    return;
  for (OpOperand &operand : op->getOpOperands())
    if (plan.getType(operand.get()))
      operand.set(getFloat(operand.get()));
}

/// What looks at the shape alone reads the integers, where there are such, rather than keep a float
/// tensor alive. Comes when all conversions are there.
void FunctionRewriter::shareIntegers(Operation *op) {
  auto interfaceOp = dyn_cast<QuantizationOpInterface>(op);
  if (!interfaceOp || !takesAnyType(interfaceOp.getQuantizationRule()))
    return;
  for (OpOperand &operand : op->getOpOperands())
    if (quant::UniformQuantizedType type = plan.getType(operand.get()))
      if (Value integers = quantized.lookup({operand.get(), type}))
        operand.set(integers);
}

//===----------------------------------------------------------------------===//
// The function's interface
//===----------------------------------------------------------------------===//

/// The type that stands for the same numbers outside of the model.
static quant::UniformQuantizedType getOutsideType(quant::UniformQuantizedType type,
                                                  InterfaceType interface) {
  if (interface != InterfaceType::UInt8)
    return type;
  return getActivationType(type.getContext(), 8, /*isSigned=*/false,
                           {float(type.getScale()), type.getZeroPoint() + 128});
}

void FunctionRewriter::convertArguments() {
  for (BlockArgument argument : function.getArguments()) {
    quant::UniformQuantizedType type =
        isFloatTensor(argument) ? plan.getType(argument) : quant::UniformQuantizedType();
    if (!type)
      continue;
    quant::UniformQuantizedType outside = getOutsideType(type, interface.inputs);
    argument.setType(withElementType(argument.getType(), outside));
    if (outside != type && !argument.use_empty())
      twins[argument] = insertQuantize(argument, type);
  }
}

void FunctionRewriter::convertReturn(Operation *op) {
  for (OpOperand &operand : op->getOpOperands()) {
    Value value = operand.get();
    ConstOp constant = getFloatConstant(value);
    bool wasFloat = isFloatTensor(value) || plan.getType(value);
    if (!wasFloat)
      continue;
    if (interface.outputs == InterfaceType::Float) {
      operand.set(getFloat(value));
      continue;
    }
    quant::UniformQuantizedType type =
        constant
            ? getActivationType(op->getContext(), plan.getWidth(), getRange(getFloats(constant)))
            : plan.getType(value, plan.getWidth());
    if (!type)
      continue;
    Value inside = getQuantized(value, type);
    operand.set(getQuantized(inside, getOutsideType(type, interface.outputs)));
  }
}

void FunctionRewriter::run() {
  SmallVector<Operation *> ops;
  llvm::DenseMap<Operation *, ActiveOp> activeOps;
  for (Operation &op : function.front()) {
    ops.push_back(&op);
    if (!plan.isActive(&op))
      continue;
    ActiveOp &active = activeOps[&op];
    active.op = cast<QuantizationOpInterface>(op);
    for (OpOperand *operand : getActivationOperands(active.op, plan.getWidth(&op)))
      active.activations.emplace_back(operand, plan.getOperandType(&op, operand->get()));
  }
  if (interface.inputs != InterfaceType::Float)
    convertArguments();
  for (Operation *op : ops) {
    if (auto active = activeOps.find(op); active != activeOps.end())
      convert(active->second);
    else if (op->hasTrait<OpTrait::IsTerminator>())
      convertReturn(op);
    else
      convertOthers(op);
  }
  llvm::for_each(ops, [&](Operation *op) { shareIntegers(op); });
  function.setFunctionType(FunctionType::get(function.getContext(),
                                             function.front().getArgumentTypes(),
                                             function.front().getTerminator()->getOperandTypes()));
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {

class QuantizeIntegers : public tflc::tfl::impl::QuantizeIntegersPassBase<QuantizeIntegers> {
public:
  using Base = tflc::tfl::impl::QuantizeIntegersPassBase<QuantizeIntegers>;
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<std::pair<func::FuncOp, std::unique_ptr<QuantizationPlan>>> plans;
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function.isExternal() || (onlyGiven && !hasGivenTypes(function)))
        continue;
      ModelInterface interface = getInterface(function);
      plans.emplace_back(function, std::make_unique<QuantizationPlan>(
                                       function, mode, interface.inputs != InterfaceType::Float,
                                       interface.outputs != InterfaceType::Float));
    }
    if (!allowFloat && reportRefusals(plans))
      return signalPassFailure();
    for (auto &[function, plan] : plans)
      FunctionRewriter(function, *plan, getInterface(function), clipWeights).run();
    for (auto function : module.getOps<func::FuncOp>()) {
      eraseGivenTypes(function);
      eraseCalibratedRanges(function);
    }
    eraseUnusedConstants(module);
  }

private:
  /// Only callers of the model see other types than its own functions.
  ModelInterface getInterface(func::FuncOp function) const {
    return function.isPrivate() ? ModelInterface() : ModelInterface{inputs, outputs};
  }

  /// One error for all operators that would stay in float.
  static bool
  reportRefusals(ArrayRef<std::pair<func::FuncOp, std::unique_ptr<QuantizationPlan>>> plans) {
    SmallVector<std::pair<Operation *, StringRef>> refusals;
    for (const auto &[function, plan] : plans)
      for (const auto &[op, reason] : plan->getRefusals())
        refusals.emplace_back(op, reason);
    if (refusals.empty())
      return false;
    // Operators of one kind with one reason share a line.
    llvm::MapVector<std::pair<OperationName, StringRef>, SmallVector<Operation *>> kinds;
    for (auto [op, reason] : refusals)
      kinds[{op->getName(), reason}].push_back(op);
    InFlightDiagnostic error = refusals.front().first->emitError(refusals.front().second);
    error << " and would stay in float32";
    for (const auto &[kind, ops] : kinds) {
      Diagnostic &note = error.attachNote(ops.front()->getLoc());
      note << kind.second << ": " << ops.size() << " of " << kind.first.stripDialect().upper();
      for (Operation *op : llvm::drop_begin(ops))
        if (std::optional<OpLocation> place = getOpLocation(op->getLoc()))
          note << ", op " << place->index << " \"" << place->tensorName << "\"";
    }
    error.attachNote() << "help: --allow-float leaves them in float32, between DEQUANTIZE and "
                          "QUANTIZE";
    return true;
  }
};

} // namespace
