//===- ConvolutionOps.td - convolutions and products -------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_CONVOLUTION_OPS
#define TFLC_TF_CONVOLUTION_OPS

include "TF/IR/TFOpBase.td"

class TF_ConvolutionOp<string mnemonic> : TF_Op<mnemonic>;

def TF_Conv2DOp : TF_ConvolutionOp<"Conv2D"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$filter, DenseI64ArrayAttr:$strides,
                       StrAttr:$padding, TF_Ints<"{}">:$explicit_paddings, TF_String<"NHWC">:$data_format,
                       TF_Ints<"{}">:$dilations);
  let results = (outs TF_Tensor:$output);
}
def TF_DepthwiseConv2dNativeOp : TF_ConvolutionOp<"DepthwiseConv2dNative"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$filter, DenseI64ArrayAttr:$strides,
                       StrAttr:$padding, TF_Ints<"{}">:$explicit_paddings, TF_String<"NHWC">:$data_format,
                       TF_Ints<"{}">:$dilations);
  let results = (outs TF_Tensor:$output);
}
def TF_Conv3DOp : TF_ConvolutionOp<"Conv3D"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$filter, DenseI64ArrayAttr:$strides,
                       StrAttr:$padding, TF_String<"NDHWC">:$data_format, TF_Ints<"{}">:$dilations);
  let results = (outs TF_Tensor:$output);
}
def TF_Conv2DBackpropInputOp : TF_ConvolutionOp<"Conv2DBackpropInput"> {
  let summary = "transposed convolution; input_sizes is the shape of the result";
  let arguments = (ins TF_Tensor:$input_sizes, TF_Tensor:$filter, TF_Tensor:$out_backprop,
                       DenseI64ArrayAttr:$strides, StrAttr:$padding, TF_Ints<"{}">:$explicit_paddings,
                       TF_String<"NHWC">:$data_format, TF_Ints<"{}">:$dilations);
  let results = (outs TF_Tensor:$output);
}
def TF_Conv3DBackpropInputV2Op : TF_ConvolutionOp<"Conv3DBackpropInputV2"> {
  let arguments = (ins TF_Tensor:$input_sizes, TF_Tensor:$filter, TF_Tensor:$out_backprop,
                       DenseI64ArrayAttr:$strides, StrAttr:$padding, TF_String<"NDHWC">:$data_format,
                       TF_Ints<"{}">:$dilations);
  let results = (outs TF_Tensor:$output);
}

def TF_MatMulOp : TF_Op<"MatMul"> {
  let arguments = (ins TF_Tensor:$a, TF_Tensor:$b, TF_Bool<"false">:$transpose_a, TF_Bool<"false">:$transpose_b);
  let results = (outs TF_Tensor:$product);
}
class TF_BatchMatMulBase<string mnemonic> : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$x, TF_Tensor:$y, TF_Bool<"false">:$adj_x, TF_Bool<"false">:$adj_y);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location> location) {
      return ::tflc::tf::inferBatchMatMul(op.getX(), op.getY(), op.getAdjX(), op.getAdjY(), location);
    }
  }];
}
def TF_BatchMatMulOp : TF_BatchMatMulBase<"BatchMatMul">;
def TF_BatchMatMulV2Op : TF_BatchMatMulBase<"BatchMatMulV2">;
def TF_BatchMatMulV3Op : TF_BatchMatMulBase<"BatchMatMulV3">;
def TF_EinsumOp : TF_Op<"Einsum"> {
  let arguments = (ins Variadic<TF_Tensor>:$inputs, StrAttr:$equation);
  let results = (outs TF_Tensor:$output);
}

#endif
