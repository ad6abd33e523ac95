//===- QuantizationOps.td - changes of the element type --------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_QUANTIZATION_OPS
#define TFLC_TFL_QUANTIZATION_OPS

include "TFL/IR/ElementwiseBase.td"

class TFL_ConversionOp<string mnemonic> : TFL_Op<mnemonic, [Pure, TFL_InferShapes]> {
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

def TFL_CastOp : TFL_ConversionOp<"cast"> {
  let summary = "values in another type";
  let description = [{
    Converts each stored value as C does: integers modulo the width of the result, floats to integers rounded to zero, everything
    that is not zero to true. Floats outside of the range of an integer result give the nearest of its values, NaN gives 0.
  }];
  let arguments = (ins TFL_Tensor:$input, OptionalAttr<StrAttr>:$in_data_type, OptionalAttr<StrAttr>:$out_data_type);
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
}

def TFL_DequantizeOp : TFL_ConversionOp<"dequantize"> {
  let summary = "integers to the reals that they stand for";
  let description = [{
    ```
    qint4, qint8, quint8, qint16   out = float(in - zi) * si, per tensor or per axis
    float16                        out = in, widened
    ```
  }];
}

#endif
