//===- PoolingOps.td - windows and images ------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_POOLING_OPS
#define TFLC_TF_POOLING_OPS

include "TF/IR/TFOpBase.td"

class TF_PoolOp<string mnemonic> : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$input, DenseI64ArrayAttr:$ksize, DenseI64ArrayAttr:$strides, StrAttr:$padding,
                       TF_Ints<"{}">:$explicit_paddings, StrAttr:$data_format);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location> location) {
      return ::tflc::tf::inferPool(op.getInput(), op.getKsize(), op.getStrides(), op.getPadding(),
                                   op.getExplicitPaddings(), op.getDataFormat(), location);
    }
  }];
}
class TF_Pool2DOp<string mnemonic> : TF_PoolOp<mnemonic> {
  let arguments = (ins TF_Tensor:$input, DenseI64ArrayAttr:$ksize, DenseI64ArrayAttr:$strides, StrAttr:$padding,
                       TF_Ints<"{}">:$explicit_paddings, TF_String<"NHWC">:$data_format);
}
class TF_Pool3DOp<string mnemonic> : TF_PoolOp<mnemonic> {
  let arguments = (ins TF_Tensor:$input, DenseI64ArrayAttr:$ksize, DenseI64ArrayAttr:$strides, StrAttr:$padding,
                       TF_Ints<"{}">:$explicit_paddings, TF_String<"NDHWC">:$data_format);
}
def TF_AvgPoolOp : TF_Pool2DOp<"AvgPool">;
def TF_AvgPool3DOp : TF_Pool3DOp<"AvgPool3D">;
def TF_MaxPoolOp : TF_Pool2DOp<"MaxPool">;
def TF_MaxPool3DOp : TF_Pool3DOp<"MaxPool3D">;

class TF_ResizeOp<string mnemonic> : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$images, TF_Tensor:$size, TF_Bool<"false">:$align_corners,
                       TF_Bool<"false">:$half_pixel_centers);
  let results = (outs TF_Tensor:$resized_images);
}
def TF_ResizeBicubicOp : TF_ResizeOp<"ResizeBicubic">;
def TF_ResizeBilinearOp : TF_ResizeOp<"ResizeBilinear">;
def TF_ResizeNearestNeighborOp : TF_ResizeOp<"ResizeNearestNeighbor">;

class TF_SuppressionOp<string mnemonic, dag operands, dag outputs> : TF_InferredOp<mnemonic> {
  let arguments = operands;
  let results = outputs;
}
def TF_NonMaxSuppressionV2Op
    : TF_SuppressionOp<"NonMaxSuppressionV2",
                       (ins TF_Tensor:$boxes, TF_Tensor:$scores, TF_Tensor:$max_output_size,
                            TF_Tensor:$iou_threshold),
                       (outs TF_Tensor:$selected_indices)>;
def TF_NonMaxSuppressionV3Op
    : TF_SuppressionOp<"NonMaxSuppressionV3",
                       (ins TF_Tensor:$boxes, TF_Tensor:$scores, TF_Tensor:$max_output_size,
                            TF_Tensor:$iou_threshold, TF_Tensor:$score_threshold),
                       (outs TF_Tensor:$selected_indices)>;
def TF_NonMaxSuppressionV4Op
    : TF_SuppressionOp<"NonMaxSuppressionV4",
                       (ins TF_Tensor:$boxes, TF_Tensor:$scores, TF_Tensor:$max_output_size,
                            TF_Tensor:$iou_threshold, TF_Tensor:$score_threshold,
                            TF_Bool<"false">:$pad_to_max_output_size),
                       (outs TF_Tensor:$selected_indices, TF_Tensor:$valid_outputs)>;
def TF_NonMaxSuppressionV5Op
    : TF_SuppressionOp<"NonMaxSuppressionV5",
                       (ins TF_Tensor:$boxes, TF_Tensor:$scores, TF_Tensor:$max_output_size,
                            TF_Tensor:$iou_threshold, TF_Tensor:$score_threshold, TF_Tensor:$soft_nms_sigma,
                            TF_Bool<"false">:$pad_to_max_output_size),
                       (outs TF_Tensor:$selected_indices, TF_Tensor:$selected_scores, TF_Tensor:$valid_outputs)>;

def TF_SpaceToDepthOp : TF_Op<"SpaceToDepth"> {
  let arguments = (ins TF_Tensor:$input, I64Attr:$block_size, TF_String<"NHWC">:$data_format);
  let results = (outs TF_Tensor:$output);
}
def TF_DepthToSpaceOp : TF_Op<"DepthToSpace"> {
  let arguments = (ins TF_Tensor:$input, I64Attr:$block_size, TF_String<"NHWC">:$data_format);
  let results = (outs TF_Tensor:$output);
}
def TF_SpaceToBatchNDOp : TF_Op<"SpaceToBatchND"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$block_shape, TF_Tensor:$paddings);
  let results = (outs TF_Tensor:$output);
}
def TF_BatchToSpaceNDOp : TF_Op<"BatchToSpaceND"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$block_shape, TF_Tensor:$crops);
  let results = (outs TF_Tensor:$output);
}

#endif
