//===- ReductionOps.td - reductions ------------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_REDUCTION_OPS
#define TFLC_TF_REDUCTION_OPS

include "TF/IR/TFOpBase.td"

/// `axes` is a constant vector or scalar in all that can be converted.
class TF_ReduceOp<string mnemonic> : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$reduction_indices, TF_Bool<"false">:$keep_dims);
  let results = (outs TF_Tensor:$output);
  code reduceDefinition = [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location> location) {
      return ::tflc::tf::inferReduction(op.getInput(), op.getReductionIndices(), op.getKeepDims(), location);
    }
    ::mlir::OpFoldResult $cppClass::fold(FoldAdaptor adaptor) {
      return ::tflc::tf::foldReduction(*this, adaptor.getOperands());
    }
  }];
  let hasFolder = 1;
  let extraClassDefinition = compatibleDefinition # singleDefinition # reduceDefinition;
}
def TF_AllOp : TF_ReduceOp<"All">;
def TF_AnyOp : TF_ReduceOp<"Any">;
def TF_MaxOp : TF_ReduceOp<"Max">;
def TF_MeanOp : TF_ReduceOp<"Mean">;
def TF_MinOp : TF_ReduceOp<"Min">;
def TF_ProdOp : TF_ReduceOp<"Prod">;
def TF_SumOp : TF_ReduceOp<"Sum">;

class TF_ArgOp<string mnemonic> : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$dimension,
                       OptionalAttr<TypeAttr>:$output_type);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location> location) {
      return ::tflc::tf::inferArg(op.getInput(), op.getDimension(), ::tflc::tf::getTypeOr(op.getOutputType(), 64, op.getInput()), location);
    }
  }];
}
def TF_ArgMaxOp : TF_ArgOp<"ArgMax">;
def TF_ArgMinOp : TF_ArgOp<"ArgMin">;

def TF_CumsumOp : TF_SameTypeOp<"Cumsum"> {
  let arguments = (ins TF_Tensor:$x, TF_Tensor:$axis, TF_Bool<"false">:$exclusive, TF_Bool<"false">:$reverse);
  let results = (outs TF_Tensor:$out);
}
def TF_CumprodOp : TF_SameTypeOp<"Cumprod"> {
  let arguments = (ins TF_Tensor:$x, TF_Tensor:$axis, TF_Bool<"false">:$exclusive, TF_Bool<"false">:$reverse);
  let results = (outs TF_Tensor:$out);
}
def TF_TopKV2Op : TF_InferredOp<"TopKV2"> {
  let arguments = (ins TF_Tensor:$input, TF_Tensor:$k, TF_Bool<"true">:$sorted,
                       OptionalAttr<TypeAttr>:$index_type);
  let results = (outs TF_Tensor:$values, TF_Tensor:$indices);
}
def TF_UniqueOp : TF_InferredOp<"Unique"> {
  let arguments = (ins TF_Tensor:$x,
                       OptionalAttr<TypeAttr>:$out_idx);
  let results = (outs TF_Tensor:$y, TF_Tensor:$idx);
}
def TF_BucketizeOp : TF_Op<"Bucketize"> {
  let arguments = (ins TF_Tensor:$input, DefaultValuedAttr<DenseF32ArrayAttr, "{}">:$boundaries);
  let results = (outs TF_Tensor:$output);
}

class TF_SegmentOp<string mnemonic> : TF_Op<mnemonic> {
  let arguments = (ins TF_Tensor:$data, TF_Tensor:$segment_ids, TF_Tensor:$num_segments);
  let results = (outs TF_Tensor:$output);
  let extraClassDefinition = compatibleDefinition # singleDefinition # [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location> location) {
      return ::tflc::tf::inferSegments(op.getData(), op.getSegmentIds(), op.getNumSegments());
    }
  }];
}
def TF_UnsortedSegmentMaxOp : TF_SegmentOp<"UnsortedSegmentMax">;
def TF_UnsortedSegmentMinOp : TF_SegmentOp<"UnsortedSegmentMin">;
def TF_UnsortedSegmentProdOp : TF_SegmentOp<"UnsortedSegmentProd">;
def TF_UnsortedSegmentSumOp : TF_SegmentOp<"UnsortedSegmentSum">;
def TF_SegmentSumOp : TF_Op<"SegmentSum"> {
  let arguments = (ins TF_Tensor:$data, TF_Tensor:$segment_ids);
  let results = (outs TF_Tensor:$output);
}

#endif
