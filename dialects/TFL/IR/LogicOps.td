//===- LogicOps.td - comparisons, logic, selection -------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_LOGIC_OPS
#define TFLC_TFL_LOGIC_OPS

include "TFL/IR/ElementwiseBase.td"

class TFL_ComparisonOp<string mnemonic, string types, string sign> : TFL_BinaryOp<mnemonic, types> {
  let summary = "elementwise lhs " # sign # " rhs";
  let description = [{
    The result is bool. A comparison with NaN is false, except that NaN differs from everything.

    ```
    float32, plain integers, bool   out = lhs }] # sign # [{ rhs
    qint8, quint8, qint16           out = rescale<double>((lhs - z1) << 8, s1) }] # sign # [{ rescale<double>((rhs - z2) << 8, s2)
    ```
  }];
  let extraClassDefinition = shapesDefinition # [{
    ::llvm::LogicalResult $cppClass::verify() { return ::tflc::tfl::verifyComparison(*this, getElementTypes()); }
  }];
}

def TFL_EqualOp : TFL_ComparisonOp<"equal", "float32 float16 bfloat16 int8 int16 int32 int64 uint8 bool qint8 quint8 qint16", "=="> {
  let quantization = [Int8Since<2>];
}
def TFL_NotEqualOp : TFL_ComparisonOp<"not_equal", "float32 float16 bfloat16 int8 int16 int32 int64 uint8 bool qint8 quint8 qint16", "!="> {
  let quantization = [Int8Since<2>];
}
def TFL_LessOp : TFL_ComparisonOp<"less", "float32 float16 bfloat16 int8 int16 int32 int64 uint8 qint8 quint8 qint16", "<"> {
  let quantization = [Int8Since<2>, Orders];
}
def TFL_LessEqualOp : TFL_ComparisonOp<"less_equal", "float32 float16 bfloat16 int8 int16 int32 int64 uint8 qint8 quint8 qint16", "<="> {
  let quantization = [Int8Since<2>, Orders];
}
def TFL_GreaterOp : TFL_ComparisonOp<"greater", "float32 float16 bfloat16 int8 int16 int32 int64 uint8 qint8 quint8 qint16", ">"> {
  let quantization = [Int8Since<2>, Orders];
}
def TFL_GreaterEqualOp : TFL_ComparisonOp<"greater_equal", "float32 float16 bfloat16 int8 int16 int32 int64 uint8 qint8 quint8 qint16", ">="> {
  let quantization = [Int8Since<2>, Orders];
}

def TFL_LogicalAndOp : TFL_BinaryOp<"logical_and", "bool"> {
  let summary = "elementwise lhs and rhs";
  let description = "True where both operands are.";
}

def TFL_LogicalOrOp : TFL_BinaryOp<"logical_or", "bool"> {
  let summary = "elementwise lhs or rhs";
  let description = "True where one of the operands is.";
}

def TFL_LogicalNotOp : TFL_UnaryOp<"logical_not", "bool"> {
  let summary = "elementwise negation";
  let description = "True where the operand is false.";
}

def TFL_BitwiseXorOp : TFL_BinaryOp<"bitwise_xor", "int8 int16 int32 uint8 uint16 uint32"> {
  let summary = "elementwise exclusive or of bits";
  let description = "`out = lhs ^ rhs`";
}

def TFL_RightShiftOp : TFL_BinaryOp<"right_shift", "int8 int16 int32 uint8 uint16 uint32"> {
  let summary = "elementwise shift of bits to the right";
  let description = [{
    `out = lhs >> min(max(rhs, 0), bits - 1)`, where bits is the width of the type. Signed integers keep their sign.
  }];
}

class TFL_SelectLikeOp<string mnemonic> : TFL_ElementwiseOp<mnemonic,
    "float32 float16 bfloat16 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool complex64 qint8 quint8 qint16"> {
  let arguments = (ins TFL_Tensor:$condition, TFL_Tensor:$on_true, TFL_Tensor:$on_false);
}

def TFL_SelectOp : TFL_SelectLikeOp<"select"> {
  let quantization = [Int8Since<2>, Int16Since<1>, Picks, Selects];
  let summary = "elements of one tensor or the other";
  let description = [{
    `out = condition ? on_true : on_false` on the stored values. `on_true` and `on_false` have one shape. `condition` has that shape
    too, or is a scalar, or a vector that decides about whole rows (the first dimension).
  }];
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::verify() { return ::tflc::tfl::verifySelect(*this, getElementTypes()); }
  }];
}

def TFL_SelectV2Op : TFL_SelectLikeOp<"select_v2"> {
  let quantization = [Int8Since<1>, Int16Since<1>, Picks, Selects];
  let summary = "elements of one tensor or the other, with broadcasting";
  let description = [{
    `out = condition ? on_true : on_false` on the stored values, all three broadcast against each other. Where all of them and the
    result have one element, the result keeps the shape that the model gives it.
  }];
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::verify() { return ::tflc::tfl::verifySelect(*this, getElementTypes()); }
  }];
}

#endif
