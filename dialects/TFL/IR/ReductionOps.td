//===- ReductionOps.td - reductions along axes -----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_REDUCTION_OPS
#define TFLC_TFL_REDUCTION_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/ShapeArithmetic.td"
include "TFL/IR/TFLOpBase.td"

/// Reduces the dimensions that `axes` names; negative ones count from the end, repeated ones count
/// once. Without `keep_dims` they vanish from the shape.
class TFL_ReductionOp<string mnemonic, string types, list<Trait> props = []>
    : TFL_Op<mnemonic, !listconcat(props, [Pure, TFL_InferShapes])> {
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$axes, BoolAttr:$keep_dims);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    static ::llvm::StringRef getElementTypes() { return "}] # types # [{"; }
  }];
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferShapes(
        ::llvm::SmallVectorImpl<::llvm::SmallVector<int64_t>> &shapes) {
      return ::tflc::tfl::inferReducedShape(*this, getKeepDims(), shapes);
    }
    ::llvm::LogicalResult $cppClass::verify() { return ::tflc::tfl::verifyReduction(*this, getElementTypes()); }
  }];
}

def TFL_MeanOp : TFL_ReductionOp<"mean", "float32 int32 int64 qint8 quint8 qint16"> {
  let quantization = [Int8Since<2>, Int16Since<3>];
  let summary = "mean along axes";
  let description = [{
    ```
    n = number of elements that are reduced to one
    float32                 out = sum(in) / n
    int32, int64            out = sum(in) / n in i64, rounded to zero

    qint8, quint8, qint16   (m, s: quantized multiplier and shift of si / so)
      k   = min(floor(log2(n)), 32, 31 + s)
      out = clamp(rescale<double>(sum(in) - zi * n, (m << k) / n, s - k) + zo, type's limits)
    ```

    ```mlir
    %axes = tfl.const dense<[1, 2]> : tensor<2xi32> -> tensor<2xi32>
    %y = tfl.mean %x, %axes {keep_dims = false} : (tensor<1x7x7x8xf32>, tensor<2xi32>) -> tensor<1x8xf32>
    ```
  }];
}

def TFL_SumOp : TFL_ReductionOp<"sum", "float32 int32 int64 qint8 quint8 qint16"> {
  let quantization = [Int8Since<2>, Int16Since<2>];
  let summary = "sum along axes";
  let description = [{
    ```
    float32, int32, int64   out = sum(in), integers modulo their width

    quint8                  out = clamp(rescale<double>(sum(in) - zi * n, si / so) + zo, type's limits)

    qint8, qint16           (in float32, each step rounded; s = si / so)
      out = clamp(round(sum(in) * s + -zi * s * n) + zo, type's limits), halves away from zero
    ```
  }];
}

def TFL_ReduceMaxOp : TFL_ReductionOp<"reduce_max", "float32 int16 int32 int64 int8 uint8 qint8 quint8 qint16"> {
  let quantization = [Int8Since<2>, Int16Since<3>, Picks];
  let summary = "maximum along axes";
  let description = [{
    The largest of the stored values; input and result have one scale. Of nothing it is the type's least value. NaN never wins.
  }];
}

def TFL_ReduceMinOp : TFL_ReductionOp<"reduce_min", "float32 int16 int32 int64 int8 uint8 qint8 quint8 qint16"> {
  let quantization = [Int8Since<2>, Int16Since<3>, Picks];
  let summary = "minimum along axes";
  let description = [{
    The least of the stored values; input and result have one scale. Of nothing it is the type's largest value. NaN never wins.
  }];
}

def TFL_ReduceProdOp : TFL_ReductionOp<"reduce_prod", "float32 int32 int64 qint8 qint16", [TFL_ComputesShapes]> {
  let quantization = [Int8Since<2>, Int16Since<2>];
  let summary = "product along axes";
  let description = [{
    ```
    float32, int32, int64   out = product(in), integers modulo their width

    qint8, qint16           (scale = si / so^(1/n) in double; elements in the order of the tensor)
      p   = in[0] - zi;  then for each of the others  p = rescale<reduced>(p * (in - zi), scale)
      out = clamp(rescale<reduced>(p, scale) + zo, type's limits)
    ```
  }];
}

def TFL_ReduceAnyOp : TFL_ReductionOp<"reduce_any", "bool"> {
  let summary = "whether any element along axes is true";
  let description = "False of nothing.";
}

def TFL_ReduceAllOp : TFL_ReductionOp<"reduce_all", "bool"> {
  let summary = "whether all elements along axes are true";
  let description = "True of nothing.";
}

class TFL_ArgOp<string mnemonic, string extremum> : TFL_Op<mnemonic, [Pure, TFL_InferShapes]> {
  let summary = "index of the " # extremum # " along an axis";
  let description = [{
    The index of the first }] # extremum # [{ of the stored values along the dimension that the constant `axis` names, which vanishes from
    the shape. The result is int32 or int64, as `output_type` says.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$axis, DefaultValuedAttr<StrAttr, "\"FLOAT32\"">:$output_type);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferShapes(
        ::llvm::SmallVectorImpl<::llvm::SmallVector<int64_t>> &shapes) {
      return ::tflc::tfl::inferReducedShape(*this, /*keepDims=*/false, shapes);
    }
    ::llvm::LogicalResult $cppClass::verify() { return ::tflc::tfl::verifyArgReduction(*this); }
  }];
  let extraClassDeclaration = TFL_Elements<"float32 bool int8 uint8 int16 int32 int64 qint8 quint8 qint16">.declaration;
}

def TFL_ArgMaxOp : TFL_ArgOp<"arg_max", "largest"> {
  let quantization = [Int8Since<2>];
}
def TFL_ArgMinOp : TFL_ArgOp<"arg_min", "least"> {
  let quantization = [Int8Since<2>];
}

#endif
