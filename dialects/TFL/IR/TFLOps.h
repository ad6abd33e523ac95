//===- TFLOps.h - all ops of the tfl dialect --------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// For the few files that need every op: code that names some includes their families.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_TFLOPS_H
#define TFL_IR_TFLOPS_H

#include "TFL/IR/ActivationOps.h"
#include "TFL/IR/ArithmeticOps.h"
#include "TFL/IR/ComplexOps.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/ControlFlowOps.h"
#include "TFL/IR/ConvolutionOps.h"
#include "TFL/IR/CustomOps.h"
#include "TFL/IR/DiagonalOps.h"
#include "TFL/IR/JoinOps.h"
#include "TFL/IR/LogicOps.h"
#include "TFL/IR/LookupOps.h"
#include "TFL/IR/MatMulOps.h"
#include "TFL/IR/NormalizationOps.h"
#include "TFL/IR/PadOps.h"
#include "TFL/IR/PermuteOps.h"
#include "TFL/IR/PoolingOps.h"
#include "TFL/IR/QuantizationOps.h"
#include "TFL/IR/RandomOps.h"
#include "TFL/IR/RecurrentOps.h"
#include "TFL/IR/ReduceWindowOps.h"
#include "TFL/IR/ReductionOps.h"
#include "TFL/IR/RepeatOps.h"
#include "TFL/IR/ReshapeOps.h"
#include "TFL/IR/ResizeOps.h"
#include "TFL/IR/ScanOps.h"
#include "TFL/IR/ScatterOps.h"
#include "TFL/IR/SearchOps.h"
#include "TFL/IR/SegmentOps.h"
#include "TFL/IR/SliceOps.h"
#include "TFL/IR/SoftmaxOps.h"
#include "TFL/IR/StablehloOps.h"
#include "TFL/IR/SuppressionOps.h"
#include "TFL/IR/UnaryOps.h"
#include "TFL/IR/VariableOps.h"

#endif // TFL_IR_TFLOPS_H
