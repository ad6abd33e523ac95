//===- NormalizationOps.td - norms, softmax, fake quantization -*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_NORMALIZATION_OPS
#define TFLC_TF_NORMALIZATION_OPS

include "TF/IR/TFOpBase.td"

class TF_FusedBatchNormBase<string mnemonic, dag outputs> : TF_InferredOp<mnemonic> {
  let summary = "batch normalization over channels";
  let description = [{
    With `is_training` false: `y = (x - mean) / sqrt(variance + epsilon) * scale + offset`. The other results
    serve training.
  }];
  let arguments = (ins TF_Tensor:$x, TF_Tensor:$scale, TF_Tensor:$offset, TF_Tensor:$mean, TF_Tensor:$variance,
                       TF_Float<"1e-4f">:$epsilon, TF_Float<"1.0f">:$exponential_avg_factor,
                       TF_String<"NHWC">:$data_format, TF_Bool<"true">:$is_training);
  let results = outputs;
  let extraClassDefinition = compatibleDefinition # [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *, ::std::optional<::mlir::Location>, Adaptor op,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      types.push_back(op.getX().getType());
      types.append(}] # !sub(!size(outputs), 1) # [{, op.getScale().getType());
      return ::llvm::success();
    }
  }];
}
def TF_FusedBatchNormOp : TF_FusedBatchNormBase<"FusedBatchNorm",
    (outs TF_Tensor:$y, TF_Tensor:$batch_mean, TF_Tensor:$batch_variance, TF_Tensor:$reserve_space_1,
          TF_Tensor:$reserve_space_2)>;
def TF_FusedBatchNormV2Op : TF_FusedBatchNormBase<"FusedBatchNormV2",
    (outs TF_Tensor:$y, TF_Tensor:$batch_mean, TF_Tensor:$batch_variance, TF_Tensor:$reserve_space_1,
          TF_Tensor:$reserve_space_2)>;
def TF_FusedBatchNormV3Op : TF_FusedBatchNormBase<"FusedBatchNormV3",
    (outs TF_Tensor:$y, TF_Tensor:$batch_mean, TF_Tensor:$batch_variance, TF_Tensor:$reserve_space_1,
          TF_Tensor:$reserve_space_2, TF_Tensor:$reserve_space_3)>;

def TF_SoftmaxOp : TF_SameTypeOp<"Softmax"> {
  let arguments = (ins TF_Tensor:$logits);
  let results = (outs TF_Tensor:$softmax);
}
def TF_LogSoftmaxOp : TF_SameTypeOp<"LogSoftmax"> {
  let arguments = (ins TF_Tensor:$logits);
  let results = (outs TF_Tensor:$logsoftmax);
}
def TF_SoftmaxCrossEntropyWithLogitsOp : TF_InferredOp<"SoftmaxCrossEntropyWithLogits"> {
  let summary = "-sum(labels * log_softmax(features)) for each row, and its gradient";
  let arguments = (ins TF_Tensor:$features, TF_Tensor:$labels);
  let results = (outs TF_Tensor:$loss, TF_Tensor:$backprop);
}
def TF_SparseSoftmaxCrossEntropyWithLogitsOp : TF_InferredOp<"SparseSoftmaxCrossEntropyWithLogits"> {
  let summary = "-log_softmax(features) at the place that labels names, for each row, and its gradient";
  let arguments = (ins TF_Tensor:$features, TF_Tensor:$labels);
  let results = (outs TF_Tensor:$loss, TF_Tensor:$backprop);
}
def TF_LRNOp : TF_SameTypeOp<"LRN"> {
  let arguments = (ins TF_Tensor:$input, TF_Int<"5">:$depth_radius, TF_Float<"1.0f">:$bias, TF_Float<"1.0f">:$alpha,
                       TF_Float<"0.5f">:$beta);
  let results = (outs TF_Tensor:$output);
}

def TF_FakeQuantWithMinMaxArgsOp : TF_SameTypeOp<"FakeQuantWithMinMaxArgs"> {
  let arguments = (ins TF_Tensor:$inputs, TF_Float<"-6.0f">:$min, TF_Float<"6.0f">:$max, TF_Int<"8">:$num_bits,
                       TF_Bool<"false">:$narrow_range);
  let results = (outs TF_Tensor:$outputs);
}
class TF_FakeQuantOp<string mnemonic> : TF_SameTypeOp<mnemonic> {
  let arguments = (ins TF_Tensor:$inputs, TF_Tensor:$min, TF_Tensor:$max, TF_Int<"8">:$num_bits,
                       TF_Bool<"false">:$narrow_range);
  let results = (outs TF_Tensor:$outputs);
}
def TF_FakeQuantWithMinMaxVarsOp : TF_FakeQuantOp<"FakeQuantWithMinMaxVars">;
def TF_FakeQuantWithMinMaxVarsPerChannelOp : TF_FakeQuantOp<"FakeQuantWithMinMaxVarsPerChannel">;

// What the patterns of this level recognize. TensorFlow writes these as several operations.

def TF_GeluOp : TF_SameTypeOp<"Gelu"> {
  let summary = "x * P(X <= x) for a standard normal X, or its approximation by TANH";
  let arguments = (ins TF_Tensor:$features, TF_Bool<"false">:$approximate);
  let results = (outs TF_Tensor:$activations);
}
def TF_HardSwishOp : TF_SameTypeOp<"HardSwish"> {
  let summary = "x * relu6(x + 3) / 6";
  let arguments = (ins TF_Tensor:$features);
  let results = (outs TF_Tensor:$activations);
}
def TF_L2NormalizeOp : TF_SameTypeOp<"L2Normalize"> {
  let summary = "x / sqrt(sum(x * x)) over the last axis";
  let arguments = (ins TF_Tensor:$x);
  let results = (outs TF_Tensor:$y);
}
def TF_PreluOp : TF_SameTypeOp<"Prelu"> {
  let summary = "x where it is positive, alpha * x elsewhere";
  let arguments = (ins TF_Tensor:$features, TF_Tensor:$alpha);
  let results = (outs TF_Tensor:$activations);
}

#endif
