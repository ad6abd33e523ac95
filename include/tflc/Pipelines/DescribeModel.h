//===- DescribeModel.h - from a tfl module to plain data --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_PIPELINES_DESCRIBEMODEL_H
#define TFLC_PIPELINES_DESCRIBEMODEL_H

#include "tflc/Support/ModelInfo.h"

namespace mlir {
class ModuleOp;
class RankedTensorType;
} // namespace mlir

namespace tflc {

/// The signatures and variables of a module of the tfl dialect, as imported or normalized.
ModelInfo getModelInfo(mlir::ModuleOp module);

/// Type, shape and quantization of a tensor; the names stay empty.
TensorInfo getTensorInfo(mlir::RankedTensorType type);

} // namespace tflc

#endif // TFLC_PIPELINES_DESCRIBEMODEL_H
