//===- ResizeOps.td - images in another size ---------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_RESIZE_OPS
#define TFLC_TFL_RESIZE_OPS

include "TFL/IR/ElementSets.td"
include "TFL/IR/TFLOpBase.td"

def TFL_ResizeNearestNeighborOp : TFL_Op<"resize_nearest_neighbor", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, Picks];
  let summary = "an image in another size, each pixel the nearest one";
  let description = [{
    `size` is a vector of the new height and width, neither negative. In single precision, for height and width alike:

    ```
    scale = align_corners && out > 1 ? (in - 1) / (out - 1) : in / out
    at    = half_pixel_centers ? (o + 0.5) * scale : o * scale
    i     = min(align_corners ? round(at) : floor(at), in - 1), at least 0 with half_pixel_centers
    ```
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$size, DefaultValuedAttr<BoolAttr, "false">:$align_corners,
    DefaultValuedAttr<BoolAttr, "false">:$half_pixel_centers);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_MovedElements.declaration # [{
    /// What the new height and width are at least.
    static int64_t getLeastSize() { return 0; }
  }];
}

def TFL_ResizeBilinearOp : TFL_Op<"resize_bilinear", [Pure, TFL_InferShapes]> {
  let quantization = [Int8Since<2>, Int16Since<4>, SameScale];
  let summary = "an image in another size, interpolated";
  let description = [{
    `size` is a vector of the new height and width, both positive; `new_height` and `new_width` are relics of the schema without
    meaning. For height and width alike:

    ```
    scale = align_corners && out > 1 ? (in - 1) / (out - 1) : in / out
    at    = half_pixel_centers ? (o + 0.5) * scale - 0.5 : o * scale
    low   = max(floor(at), 0), high = min(ceil(at), in - 1)
    ```

    The result is the mean of the four pixels at low and high, weighted by the distances. Floats: in single precision.
    8 and 16-bit integers: `scale` and `at` in fixed point with 10 fractional bits,

    ```
    scale = ((1 << 10) * in + out / 2) / out     with align_corners: ((1 << 10) * (in - 1) + (out - 1) / 2) / (out - 1)
    at    = half_pixel_centers ? o * scale + scale / 2 - (1 << 9) : o * scale
    out   = (sum + sign(sum) * (1 << 19)) / (1 << 20), truncated; the sum in 64 bits of the pixels times both weights
    ```

    where uint8 is computed like a float, plus 0.5, and then cut off toward zero.
  }];
  let arguments = (ins TFL_Tensor:$input, TFL_Tensor:$size, DefaultValuedAttr<I32Attr, "0">:$new_height,
    DefaultValuedAttr<I32Attr, "0">:$new_width, DefaultValuedAttr<BoolAttr, "false">:$align_corners,
    DefaultValuedAttr<BoolAttr, "false">:$half_pixel_centers);
  let results = (outs TFL_Tensor:$output);
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
  let extraClassDeclaration = TFL_Elements<"float32 qint8 quint8 qint16 int8 uint8 int16">.declaration # [{
    /// What the new height and width are at least.
    static int64_t getLeastSize() { return 1; }
  }];
}

#endif
