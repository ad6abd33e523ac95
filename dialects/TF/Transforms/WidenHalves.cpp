//===- WidenHalves.cpp - half precision as single precision ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/ControlOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/VariableOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_WIDENHALVESPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

static bool isHalf(Type type) { return type.isF16() || type.isBF16(); }

/// The type with float32 in place of half precision; null for any other type.
static Type widen(Type type) {
  if (isHalf(type))
    return Float32Type::get(type.getContext());
  auto tensor = dyn_cast<TensorType>(type);
  return tensor && isHalf(tensor.getElementType())
             ? Type(tensor.clone(Float32Type::get(type.getContext())))
             : Type();
}

static void widenOp(Operation *op) {
  if (auto constant = dyn_cast<ConstOp>(op))
    if (auto value = dyn_cast<DenseElementsAttr>(constant.getValue());
        value && isHalf(value.getElementType())) {
      auto type = cast<RankedTensorType>(widen(value.getType()));
      constant.setValueAttr(makeReals(type, getReals(value)));
    }
  // What an op makes of its operands may stand in an attribute as well.
  for (NamedAttribute attribute : llvm::to_vector(op->getAttrs()))
    if (auto type = dyn_cast<TypeAttr>(attribute.getValue()))
      if (Type wide = widen(type.getValue()))
        op->setAttr(attribute.getName(), TypeAttr::get(wide));
  for (Value result : op->getResults())
    if (Type wide = widen(result.getType()))
      result.setType(wide);
  for (Region &region : op->getRegions())
    for (BlockArgument argument : region.getArguments())
      if (Type wide = widen(argument.getType()))
        argument.setType(wide);
}

/// Whether anything but conversions takes or gives half precision. These alone round as they say.
static bool computesInHalf(func::FuncOp function) {
  return function.getBody()
      .walk([](Operation *op) {
        bool isHalf =
            llvm::any_of(op->getOperandTypes(), widen) || llvm::any_of(op->getResultTypes(), widen);
        bool isMove = isa<CastOp, ConstOp, IdentityOp, YieldOp, func::ReturnOp>(op);
        return isHalf && !isMove ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

/// Variables that live on hold what they hold.
static bool readsHalfVariables(func::FuncOp function) {
  return function
      .walk([](ReadVariableOp read) {
        return widen(read.getValue().getType()) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

static Value convert(OpBuilder &builder, Value value, Type type) {
  auto elementType = cast<TensorType>(type).getElementType();
  return CastOp::create(builder, value.getLoc(), type, value, elementType, /*Truncate=*/false);
}

namespace {

class WidenHalves : public tflc::tf::impl::WidenHalvesPassBase<WidenHalves> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal() || !computesInHalf(function) || readsHalfVariables(function))
      return;
    function.getBody().walk([](Operation *op) { widenOp(op); });
    // Callers keep the types that they know.
    Block &block = function.getBody().front();
    OpBuilder builder = OpBuilder::atBlockBegin(&block);
    for (BlockArgument argument : block.getArguments())
      if (Type wide = widen(argument.getType())) {
        Value value = convert(builder, argument, wide);
        argument.replaceAllUsesExcept(value, value.getDefiningOp());
      }
    Operation *end = block.getTerminator();
    builder.setInsertionPoint(end);
    for (OpOperand &operand : end->getOpOperands())
      if (Type type = function.getResultTypes()[operand.getOperandNumber()]; widen(type))
        operand.set(convert(builder, operand.get(), type));
  }
};

} // namespace
