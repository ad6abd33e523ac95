//===- TFOps.h - all ops of the tf dialect ----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TF_IR_TFOPS_H
#define TF_IR_TFOPS_H

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConstantOps.h"
#include "TF/IR/ControlOps.h"
#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/ElementwiseOps.h"
#include "TF/IR/NormalizationOps.h"
#include "TF/IR/PoolingOps.h"
#include "TF/IR/RandomOps.h"
#include "TF/IR/RecurrentOps.h"
#include "TF/IR/ReductionOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/SliceOps.h"
#include "TF/IR/UnaryOps.h"
#include "TF/IR/VariableOps.h"

#endif // TF_IR_TFOPS_H
