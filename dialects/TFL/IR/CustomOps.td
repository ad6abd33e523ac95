//===- CustomOps.td - operators that are known by a name ---*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_CUSTOM_OPS
#define TFLC_TFL_CUSTOM_OPS

include "TFL/IR/TFLOpBase.td"

def TFL_CustomOp : TFL_Op<"custom", [Pure, TFL_InferShapes]> {
  let summary = "an operator that the schema does not list";
  let description = [{
    `custom_code` names the operator, `custom_options` are bytes that it alone understands. These are known:

    | name | computes | options |
    |---|---|---|
    | `TFLite_Detection_PostProcess` | boxes from anchors, then the best that do not overlap | a FlexBuffers map |
    | `AudioSpectrogram` | magnitudes of windowed Fourier transforms | a FlexBuffers map |
    | `Mfcc` | mel-frequency cepstral coefficients of a spectrogram | a FlexBuffers map |
    | `Convolution2DTransposeBias` | a transposed convolution and a bias | `TfLiteTransposeConvParams` |
    | `MaxPoolingWithArgmax2D` | maxima of windows and where they stand | `TfLitePoolParams` |
    | `MaxUnpooling2D` | elements back where they stood | `TfLitePoolParams` |

    The position that `MaxPoolingWithArgmax2D` gives is a float32: the number of the greatest element in its window, row by
    row, plus 0.1. `MaxUnpooling2D` cuts the fraction off; positions that lead outside of the result are passed over.

    With `function`, the operator is a call of the C function of that name, whatever `custom_code` says
    (docs/RuntimeABI.md); the results have the shapes that the model notes.
  }];
  let arguments = (ins Variadic<TFL_TensorOrNone>:$inputs, StrAttr:$custom_code, StrAttr:$custom_options,
                       OptionalAttr<StrAttr>:$function);
  let results = (outs Variadic<TFL_Tensor>:$outputs);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif
