//===- ResultTypes.cpp - types that kernels give their results ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// LiteRT's kernels set the type of a result while they prepare, or leave the one that the file has.
// Which ones set it was measured: each operator with a result of another type, LiteRT 2.3.
//
//===----------------------------------------------------------------------===//

#include "ResultTypes.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;

/// The operand whose type the results have; nothing where the kernel does not ask an operand.
static std::optional<unsigned> getTypingOperand(StringRef name) {
  return llvm::StringSwitch<std::optional<unsigned>>(name)
      .Cases({"add",
              "add_n",
              "bitwise_xor",
              "densify",
              "div",
              "dynamic_update_slice",
              "exp",
              "expand_dims",
              "fake_quant",
              "floor",
              "floor_div",
              "floor_mod",
              "gather",
              "gather_nd",
              "matrix_diag",
              "matrix_set_diag",
              "maximum",
              "minimum",
              "neg",
              "pow",
              "prelu",
              "range",
              "resize_bilinear",
              "resize_nearest_neighbor",
              "right_shift",
              "split_v",
              "squared_difference",
              "sub",
              "zeros_like"},
             0)
      .Cases({"fill", "scatter_nd", "select", "select_v2", "split"}, 1)
      .Cases({"one_hot", "sparse_to_dense"}, 2)
      .Default(std::nullopt);
}

/// The type that all results have, whatever the operands are; null where there is none.
static Type getFixedType(StringRef name, MLIRContext *context) {
  Builder builder(context);
  return llvm::StringSwitch<Type>(name)
      .Cases({"equal", "greater", "greater_equal", "less", "less_equal", "logical_and",
              "logical_or", "not_equal"},
             builder.getI1Type())
      .Cases({"bucketize", "rank"}, builder.getI32Type())
      .Case("where", builder.getI64Type())
      .Case("dequantize", builder.getF32Type())
      .Default(Type());
}

static bool isQuantized(Type type) { return isa<quant::QuantizedType>(getElementTypeOrSelf(type)); }

void tflc::setKernelResultTypes(OperationState &state) {
  StringRef name = state.name.stripDialect();
  MLIRContext *context = state.location.getContext();
  Type element = getFixedType(name, context);
  if (std::optional<unsigned> operand = getTypingOperand(name);
      operand && *operand < state.operands.size())
    element = getElementTypeOrSelf(state.operands[*operand]);
  // A scale belongs to the type that the file gives.
  if (!element || isQuantized(element) || llvm::any_of(state.types, isQuantized))
    return;
  for (Type &type : state.types)
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      type = tensor.clone(element);
}
