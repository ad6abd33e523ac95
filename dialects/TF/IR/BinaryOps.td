//===- BinaryOps.td - elementwise, two operands ------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// A record holds what its operation computes on one element, as a C++ expression of `x` and `y`. It serves to
// fold constants. An operation without an expression is not folded.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_BINARY_OPS
#define TFLC_TF_BINARY_OPS

include "TF/IR/TFOpBase.td"

/// Operands are broadcast; the result has the first one's element type, or that in `element`.
class TF_BinaryOp<string mnemonic, string real = "", string integer = "", string element = "nullptr">
    : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$x, TF_Tensor:$y);
  let results = (outs TF_Tensor:$z);
  code broadcastDefinition = [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location> location) {
      [[maybe_unused]] ::mlir::Builder builder(op.getX().getContext());
      return ::tflc::tf::inferBroadcast(op.getOperands(), }] # element # [{, location);
    }
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor adaptor) {
      ::tflc::tf::ScalarFunctions functions;
  }] # !if(!empty(real), "", "functions.real = [](double x, double y) -> double { return " # real # "; };\n")
     # !if(!empty(integer), "", "functions.integer = [](int64_t x, int64_t y) -> int64_t { return " # integer # "; };\n") # [{
      return ::tflc::tf::foldElementwise(*this, adaptor.getOperands(), functions);
    }
  }];
  let hasFolder = 1;
  let extraClassDefinition = compatibleDefinition # singleDefinition # broadcastDefinition;
}

class TF_CompareOp<string mnemonic, string expression>
    : TF_BinaryOp<mnemonic, expression, expression, "builder.getI1Type()">;

// Unsigned, so that an overflow wraps as it does at run time.
class TF_WrappingOp<string mnemonic, string operator>
    : TF_BinaryOp<mnemonic, "x " # operator # " y", "int64_t(uint64_t(x) " # operator # " uint64_t(y))">;

def TF_AddOp : TF_WrappingOp<"Add", "+">;
def TF_AddV2Op : TF_WrappingOp<"AddV2", "+">;
def TF_Atan2Op : TF_BinaryOp<"Atan2", "std::atan2(x, y)">;
def TF_BitwiseAndOp : TF_BinaryOp<"BitwiseAnd", "", "x & y">;
def TF_BitwiseOrOp : TF_BinaryOp<"BitwiseOr", "", "x | y">;
def TF_BitwiseXorOp : TF_BinaryOp<"BitwiseXor", "", "x ^ y">;
def TF_DivOp : TF_BinaryOp<"Div", "x / y", "y == 0 || y == -1 ? int64_t(0 - uint64_t(x)) : x / y">;
def TF_DivNoNanOp : TF_BinaryOp<"DivNoNan", "y == 0 ? 0 : x / y">;
def TF_FloorDivOp : TF_BinaryOp<"FloorDiv", "std::floor(x / y)", "::tflc::tf::floorDivide(x, y)">;
def TF_FloorModOp
    : TF_BinaryOp<"FloorMod", "x - std::floor(x / y) * y", "int64_t(uint64_t(x) - uint64_t(::tflc::tf::floorDivide(x, y)) * uint64_t(y))">;
def TF_LeftShiftOp : TF_BinaryOp<"LeftShift">;
def TF_MaximumOp : TF_BinaryOp<"Maximum", "x < y ? y : x", "x < y ? y : x">;
def TF_MinimumOp : TF_BinaryOp<"Minimum", "y < x ? y : x", "y < x ? y : x">;
def TF_ModOp : TF_BinaryOp<"Mod", "std::fmod(x, y)", "y == 0 || y == -1 ? 0 : x % y">;
def TF_MulOp : TF_WrappingOp<"Mul", "*">;
def TF_MulNoNanOp : TF_BinaryOp<"MulNoNan", "y == 0 ? 0 : x * y">;
def TF_PowOp : TF_BinaryOp<"Pow", "std::pow(x, y)">;
def TF_RealDivOp : TF_BinaryOp<"RealDiv", "x / y">;
def TF_RightShiftOp : TF_BinaryOp<"RightShift">;
def TF_SigmoidGradOp : TF_BinaryOp<"SigmoidGrad", "x * (1 - x) * y">;
def TF_SquaredDifferenceOp
    : TF_BinaryOp<"SquaredDifference", "(x - y) * (x - y)", "int64_t((uint64_t(x) - uint64_t(y)) * (uint64_t(x) - uint64_t(y)))">;
def TF_SubOp : TF_WrappingOp<"Sub", "-">;
def TF_TruncateDivOp : TF_BinaryOp<"TruncateDiv", "", "y == 0 || y == -1 ? int64_t(0 - uint64_t(x)) : x / y">;
def TF_XdivyOp : TF_BinaryOp<"Xdivy", "x == 0 ? 0 : x / y">;
def TF_XlogyOp : TF_BinaryOp<"Xlogy", "x == 0 ? 0 : x * std::log(y)">;
def TF_Xlog1pyOp : TF_BinaryOp<"Xlog1py", "x == 0 ? 0 : x * std::log1p(y)">;

def TF_EqualOp : TF_CompareOp<"Equal", "x == y">;
def TF_GreaterOp : TF_CompareOp<"Greater", "x > y">;
def TF_GreaterEqualOp : TF_CompareOp<"GreaterEqual", "x >= y">;
def TF_LessOp : TF_CompareOp<"Less", "x < y">;
def TF_LessEqualOp : TF_CompareOp<"LessEqual", "x <= y">;
def TF_LogicalAndOp : TF_CompareOp<"LogicalAnd", "x && y">;
def TF_LogicalOrOp : TF_CompareOp<"LogicalOr", "x || y">;
def TF_NotEqualOp : TF_CompareOp<"NotEqual", "x != y">;

#endif
