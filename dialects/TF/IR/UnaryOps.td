//===- UnaryOps.td - elementwise, one operand --------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A record holds what its operation computes on one element, as a C++ expression of `x`. It serves to
// fold constants. An operation without an expression is not folded.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_UNARY_OPS
#define TFLC_TF_UNARY_OPS

include "TF/IR/TFOpBase.td"

/// `real` computes on floats (as double), `integer` on integers and bools (as int64_t).
class TF_UnaryOp<string mnemonic, string real = "", string integer = ""> : TF_SameTypeOp<mnemonic> {
  let arguments = (ins TF_Tensor:$x);
  let results = (outs TF_Tensor:$y);
  code foldDefinition = [{
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor adaptor) {
      ::tflc::tf::ScalarFunctions functions;
  }] # !if(!empty(real), "", "functions.real = [](double x, double) -> double { return " # real # "; };\n")
     # !if(!empty(integer), "", "functions.integer = [](int64_t x, int64_t) -> int64_t { return " # integer # "; };\n") # [{
      return ::tflc::tf::foldElementwise(*this, adaptor.getOperands(), functions);
    }
  }];
  let hasFolder = 1;
  let extraClassDefinition = compatibleDefinition # singleDefinition # sameDefinition # foldDefinition;
}

def TF_AbsOp : TF_UnaryOp<"Abs", "std::fabs(x)", "x < 0 ? int64_t(0 - uint64_t(x)) : x">;
def TF_AcosOp : TF_UnaryOp<"Acos", "std::acos(x)">;
def TF_AcoshOp : TF_UnaryOp<"Acosh", "std::acosh(x)">;
def TF_AsinOp : TF_UnaryOp<"Asin", "std::asin(x)">;
def TF_AsinhOp : TF_UnaryOp<"Asinh", "std::asinh(x)">;
def TF_AtanOp : TF_UnaryOp<"Atan", "std::atan(x)">;
def TF_AtanhOp : TF_UnaryOp<"Atanh", "std::atanh(x)">;
def TF_CeilOp : TF_UnaryOp<"Ceil", "std::ceil(x)">;
def TF_CosOp : TF_UnaryOp<"Cos", "std::cos(x)">;
def TF_CoshOp : TF_UnaryOp<"Cosh", "std::cosh(x)">;
def TF_EluOp : TF_UnaryOp<"Elu", "x < 0 ? std::expm1(x) : x">;
def TF_ErfOp : TF_UnaryOp<"Erf", "std::erf(x)">;
def TF_ErfcOp : TF_UnaryOp<"Erfc", "std::erfc(x)">;
def TF_ExpOp : TF_UnaryOp<"Exp", "std::exp(x)">;
def TF_Expm1Op : TF_UnaryOp<"Expm1", "std::expm1(x)">;
def TF_FloorOp : TF_UnaryOp<"Floor", "std::floor(x)">;
def TF_InvOp : TF_UnaryOp<"Inv", "1 / x">;
def TF_InvertOp : TF_UnaryOp<"Invert", "", "~x">;
def TF_LgammaOp : TF_UnaryOp<"Lgamma", "std::lgamma(x)">;
def TF_LogOp : TF_UnaryOp<"Log", "std::log(x)">;
def TF_Log1pOp : TF_UnaryOp<"Log1p", "std::log1p(x)">;
def TF_LogicalNotOp : TF_UnaryOp<"LogicalNot", "", "!x">;
def TF_NegOp : TF_UnaryOp<"Neg", "-x", "int64_t(0 - uint64_t(x))">;
def TF_OnesLikeOp : TF_UnaryOp<"OnesLike", "1", "1">;
def TF_ReciprocalOp : TF_UnaryOp<"Reciprocal", "1 / x">;
def TF_ReluOp : TF_UnaryOp<"Relu", "x < 0 ? 0 : x", "x < 0 ? 0 : x">;
def TF_Relu6Op : TF_UnaryOp<"Relu6", "x < 0 ? 0 : x > 6 ? 6 : x">;
def TF_RintOp : TF_UnaryOp<"Rint", "std::nearbyint(x)">;
def TF_RoundOp : TF_UnaryOp<"Round", "std::nearbyint(x)", "x">;
def TF_RsqrtOp : TF_UnaryOp<"Rsqrt", "1 / std::sqrt(x)">;
def TF_SeluOp : TF_UnaryOp<"Selu", "1.0507009873554805 * (x < 0 ? 1.6732632423543772 * std::expm1(x) : x)">;
def TF_SigmoidOp : TF_UnaryOp<"Sigmoid", "1 / (1 + std::exp(-x))">;
def TF_SignOp : TF_UnaryOp<"Sign", "x > 0 ? 1 : x < 0 ? -1 : x", "(x > 0) - (x < 0)">;
def TF_SinOp : TF_UnaryOp<"Sin", "std::sin(x)">;
def TF_SinhOp : TF_UnaryOp<"Sinh", "std::sinh(x)">;
def TF_SoftplusOp : TF_UnaryOp<"Softplus", "x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x))">;
def TF_SoftsignOp : TF_UnaryOp<"Softsign", "x / (1 + std::fabs(x))">;
def TF_SqrtOp : TF_UnaryOp<"Sqrt", "std::sqrt(x)">;
def TF_SquareOp : TF_UnaryOp<"Square", "x * x", "int64_t(uint64_t(x) * uint64_t(x))">;
def TF_TanOp : TF_UnaryOp<"Tan", "std::tan(x)">;
def TF_TanhOp : TF_UnaryOp<"Tanh", "std::tanh(x)">;
def TF_ZerosLikeOp : TF_UnaryOp<"ZerosLike", "0", "0">;

class TF_TestOp<string mnemonic> : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$x);
  let results = (outs TF_Tensor:$y);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location>) {
      auto type = ::mlir::cast<::mlir::TensorType>(op.getX().getType());
      return type.clone(::mlir::IntegerType::get(type.getContext(), 1));
    }
  }];
}
def TF_IsFiniteOp : TF_TestOp<"IsFinite">;
def TF_IsInfOp : TF_TestOp<"IsInf">;
def TF_IsNanOp : TF_TestOp<"IsNan">;

#endif
