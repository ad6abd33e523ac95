//===- TFLOps.td - all ops of the tfl dialect ------------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_OPS
#define TFLC_TFL_OPS

// The families, in alphabetical order.
include "TFL/IR/ActivationOps.td"
include "TFL/IR/ArithmeticOps.td"
include "TFL/IR/ComplexOps.td"
include "TFL/IR/ConstantOps.td"
include "TFL/IR/ControlFlowOps.td"
include "TFL/IR/ConvolutionOps.td"
include "TFL/IR/CustomOps.td"
include "TFL/IR/DiagonalOps.td"
include "TFL/IR/JoinOps.td"
include "TFL/IR/LogicOps.td"
include "TFL/IR/LookupOps.td"
include "TFL/IR/MatMulOps.td"
include "TFL/IR/NormalizationOps.td"
include "TFL/IR/PadOps.td"
include "TFL/IR/PermuteOps.td"
include "TFL/IR/PoolingOps.td"
include "TFL/IR/QuantizationOps.td"
include "TFL/IR/RandomOps.td"
include "TFL/IR/RecurrentOps.td"
include "TFL/IR/ReduceWindowOps.td"
include "TFL/IR/ReductionOps.td"
include "TFL/IR/RepeatOps.td"
include "TFL/IR/ReshapeOps.td"
include "TFL/IR/ResizeOps.td"
include "TFL/IR/ScanOps.td"
include "TFL/IR/ScatterOps.td"
include "TFL/IR/SearchOps.td"
include "TFL/IR/SegmentOps.td"
include "TFL/IR/SliceOps.td"
include "TFL/IR/SoftmaxOps.td"
include "TFL/IR/StablehloOps.td"
include "TFL/IR/SuppressionOps.td"
include "TFL/IR/UnaryOps.td"
include "TFL/IR/VariableOps.td"

#endif
