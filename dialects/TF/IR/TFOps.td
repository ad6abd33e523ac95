//===- TFOps.td - all ops of the tf dialect ----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_OPS
#define TFLC_TF_OPS

// The families, in alphabetical order.
include "TF/IR/BinaryOps.td"
include "TF/IR/ConstantOps.td"
include "TF/IR/ControlOps.td"
include "TF/IR/ConvolutionOps.td"
include "TF/IR/ElementwiseOps.td"
include "TF/IR/NormalizationOps.td"
include "TF/IR/PoolingOps.td"
include "TF/IR/RandomOps.td"
include "TF/IR/RecurrentOps.td"
include "TF/IR/ReductionOps.td"
include "TF/IR/ShapeOps.td"
include "TF/IR/SliceOps.td"
include "TF/IR/UnaryOps.td"
include "TF/IR/VariableOps.td"

#endif
