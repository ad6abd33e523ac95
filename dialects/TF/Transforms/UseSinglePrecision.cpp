//===- UseSinglePrecision.cpp - other floats as float32 -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ControlOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/RandomOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/UnaryOps.h"
#include "TF/IR/VariableOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <cmath>

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_USESINGLEPRECISIONPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

static bool isOther(Type type) { return type.isF16() || type.isBF16() || type.isF64(); }

/// The type with float32 in place of any other float; null for other types.
static Type getSingle(Type type) {
  if (isOther(type))
    return Float32Type::get(type.getContext());
  auto tensor = dyn_cast<TensorType>(type);
  return tensor && isOther(tensor.getElementType())
             ? Type(tensor.clone(Float32Type::get(type.getContext())))
             : Type();
}

static bool isDouble(Type type) {
  auto tensor = dyn_cast<TensorType>(type);
  return tensor && tensor.getElementType().isF64();
}

/// Whether float32 has a value near each of a constant's: none becomes zero or infinite.
static bool fitsSingle(ConstOp constant) {
  auto value = dyn_cast<DenseElementsAttr>(constant.getValue());
  return !value || !value.getElementType().isF64() ||
         llvm::all_of(getReals(value), [](double real) {
           float single = static_cast<float>(real);
           return std::isfinite(single) == std::isfinite(real) && (single == 0) == (real == 0);
         });
}

static void convertOp(Operation *op) {
  if (auto constant = dyn_cast<ConstOp>(op))
    if (auto value = dyn_cast<DenseElementsAttr>(constant.getValue());
        value && isOther(value.getElementType())) {
      auto type = cast<RankedTensorType>(getSingle(value.getType()));
      constant.setValueAttr(makeReals(type, getReals(value)));
    }
  // What an op makes of its operands may stand in an attribute as well.
  for (NamedAttribute attribute : llvm::to_vector(op->getAttrs()))
    if (auto type = dyn_cast<TypeAttr>(attribute.getValue()))
      if (Type single = getSingle(type.getValue()))
        op->setAttr(attribute.getName(), TypeAttr::get(single));
  for (Value result : op->getResults())
    if (Type single = getSingle(result.getType()))
      result.setType(single);
  for (Region &region : op->getRegions())
    for (BlockArgument argument : region.getArguments())
      if (Type single = getSingle(argument.getType()))
        argument.setType(single);
}

/// Whether an op has a kernel for float64. That of ATAN2 does not broadcast.
static bool takesDouble(Operation *op) {
  if (isa<ComplexAbsOp, ImagOp, RealOp>(op))
    return true;
  return isa<Atan2Op>(op) && getElementType(op->getResult(0)).isF64() &&
         llvm::all_equal(op->getOperandTypes()) &&
         op->getOperandTypes().front() == op->getResultTypes().front();
}

/// The first op that computes with such types, if any. Conversions round as they say, and what only
/// moves elements, and SIGN, takes all types; FILL takes float16.
static Operation *findComputation(func::FuncOp function, llvm::function_ref<bool(Type)> isOther) {
  Operation *found = nullptr;
  function.getBody().walk([&](Operation *op) {
    bool hasOther =
        llvm::any_of(op->getOperandTypes(), isOther) || llvm::any_of(op->getResultTypes(), isOther);
    bool isMove = isa<CastOp, ConstOp, ExpandDimsOp, IdentityOp, ReshapeOp, ShapeOp, SignOp,
                      SqueezeOp, YieldOp, func::ReturnOp>(op) ||
                  (isa<FillOp>(op) && getElementType(op->getResult(0)).isF16()) || takesDouble(op);
    if (hasOther && !isMove)
      found = op;
    return found ? WalkResult::interrupt() : WalkResult::advance();
  });
  return found;
}

/// Variables that live on hold what they hold, and a constant may have no value in float32.
static bool needsOther(func::FuncOp function) {
  return function
      .walk([](Operation *op) {
        auto read = dyn_cast<ReadVariableOp>(op);
        auto constant = dyn_cast<ConstOp>(op);
        bool needs =
            (read && getSingle(read.getValue().getType())) || (constant && !fitsSingle(constant));
        return needs ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

static Value convert(OpBuilder &builder, Value value, Type type) {
  auto elementType = cast<TensorType>(type).getElementType();
  return CastOp::create(builder, value.getLoc(), type, value, elementType, /*Truncate=*/false);
}

namespace {

class UseSinglePrecision : public tflc::tf::impl::UseSinglePrecisionPassBase<UseSinglePrecision> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    auto isOther = [](Type type) { return bool(getSingle(type)); };
    if (function.isExternal() || !findComputation(function, isOther) || needsOther(function))
      return;
    if (Operation *op = findComputation(function, isDouble)) {
      InFlightDiagnostic warning = op->emitWarning()
                                   << "no operator of TensorFlow Lite computes in float64";
      warning.attachNote() << "what the model computes in float64 is computed in float32";
    }
    function.getBody().walk([](Operation *op) { convertOp(op); });
    // Callers keep the types that they know.
    Block &block = function.getBody().front();
    OpBuilder builder = OpBuilder::atBlockBegin(&block);
    for (BlockArgument argument : block.getArguments())
      if (Type single = getSingle(argument.getType())) {
        Value value = convert(builder, argument, single);
        argument.replaceAllUsesExcept(value, value.getDefiningOp());
      }
    Operation *end = block.getTerminator();
    builder.setInsertionPoint(end);
    for (OpOperand &operand : end->getOpOperands())
      if (Type type = function.getResultTypes()[operand.getOperandNumber()]; getSingle(type))
        operand.set(convert(builder, operand.get(), type));
  }
};

} // namespace
