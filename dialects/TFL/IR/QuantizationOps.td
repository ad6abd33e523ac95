//===- QuantizationOps.td - changes of the element type --------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_QUANTIZATION_OPS
#define TFLC_TFL_QUANTIZATION_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/ElementwiseBase.td"
include "TFL/IR/ShapeArithmetic.td"

class TFL_ConversionOp<string mnemonic, list<Trait> props = []>
    : TFL_Op<mnemonic, !listconcat(props, [Pure, TFL_InferShapes])> {
  let quantization = [Converts];
  let arguments = (ins TFL_Tensor:$input);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferShapes(
        ::llvm::SmallVectorImpl<::llvm::SmallVector<int64_t>> &shapes) {
      return ::tflc::tfl::inferBroadcastShape(*this, shapes);
    }
  }];
}

def TFL_CastOp : TFL_ConversionOp<"cast", [TFL_ComputesShapes]> {
  let summary = "values in another type";
  let description = [{
    Converts each stored value as C does: integers modulo the width of the result, floats to integers rounded to zero, everything
    that is not zero to true. Complex numbers count as their real parts. Floats outside of the range of an integer result give the nearest of its values, NaN gives 0.
  }];
  let arguments = (ins TFL_Tensor:$input, OptionalAttr<StrAttr>:$in_data_type, OptionalAttr<StrAttr>:$out_data_type);
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() {
      return "bool int4 int8 uint8 int16 uint16 int32 uint32 int64 float16 bfloat16 float32 float64 complex64 "
             "qint8 quint8 qint16 qint32";
    }
  }];
}

def TFL_QuantizeOp : TFL_ConversionOp<"quantize"> {
  let summary = "reals to integers, or integers of one scale to another";
  let description = [{
    ```
    float32 to qint8, quint8, qint16 (per tensor or per axis, all in float; round: halves away from zero)
      out = clamp(round(in / so) + zo, type's limits)

    quantized to quantized (si / so computed in double)
      out = clamp(rescale<double>(in - zi, si / so) + zo, type's limits)
    ```
    Between `qint8` and `quint8` of one scale, whose zero points differ by 128, the values are only moved by 128.
  }];
  let extraClassDeclaration = TFL_Elements<"float32 qint8 quint8 qint16 qint32">.declaration;
}

def TFL_DequantizeOp : TFL_ConversionOp<"dequantize"> {
  let summary = "integers to the reals that they stand for";
  let description = [{
    ```
    qint4, qint8, quint8, qint16   out = float(in - zi) * si, per tensor or per axis
    float16                        out = in, widened
    ```
  }];
  let extraClassDeclaration = TFL_Elements<"float16 qint4 qint8 quint8 qint16">.declaration;
}

def TFL_FakeQuantOp : TFL_UnaryOp<"fake_quant", "float32"> {
  let summary = "floats rounded as a quantization would";
  let description = [{
    With scale = (max - min) / (2^num_bits - 1), and the range moved so that 0 is one of its steps (z = the nearest integer to
    -min / scale, in [0, 2^num_bits - 1]; low = -z * scale, high = (2^num_bits - 1 - z) * scale; all in float, halves away
    from zero): `out = round((min(max(in, low), high) - low) * (1 / scale)) * scale + low`. A NaN counts as low.
    A range of weights (`narrow_range`) is not supported, as in the reference.
  }];
  let arguments = (ins TFL_Tensor:$input, DefaultValuedAttr<F32Attr, "0.0">:$min, DefaultValuedAttr<F32Attr, "0.0">:$max,
    DefaultValuedAttr<I32Attr, "0">:$num_bits, DefaultValuedAttr<BoolAttr, "false">:$narrow_range);
  let extraClassDefinition = shapesDefinition;
}

def TFL_BucketizeOp : TFL_ConversionOp<"bucketize"> {
  let summary = "the buckets that numbers fall into";
  let description = [{
    `out` is the number of `boundaries`, which ascend, that `in` is not below: 0 before the first of them, their
    number behind the last. int32 and int64 are rounded to float32 to be compared. A NaN is behind all.

    ```mlir
    %y = tfl.bucketize %x {boundaries = array<f32: 0.0, 10.0>} : (tensor<4xf32>) -> tensor<4xi32>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, DefaultValuedAttr<DenseF32ArrayAttr, "{}">:$boundaries);
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() { return "float32 float64 int32 int64"; }
  }];
}

def TFL_BitcastOp : TFL_Op<"bitcast", [Pure, TFL_InferShapes]> {
  let summary = "the same bytes as another type";
  let description = [{
    The result has the bytes of the input, in order, lowest byte of an element first. Elements that are n times larger become
    a dimension of n at the end; such a dimension of n becomes one element n times larger.

    ```mlir
    %y = tfl.bitcast %x : (tensor<2x3xf32>) -> tensor<2x3x4xui8>
    ```
  }];
  let arguments = (ins TFL_Tensor:$input);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() {
      return "bool int8 uint8 int16 uint16 float16 bfloat16 int32 uint32 float32 int64 uint64 float64 complex64 complex128 "
             "qint8 quint8 qint16 quint16 qint32";
    }
    /// The bytes that an element of this type has in memory.
    static unsigned getElementBytes(::mlir::Type type);
  }];
}

#endif
