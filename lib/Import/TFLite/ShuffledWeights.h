//===- ShuffledWeights.h - weights in the order of a kernel -----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_SHUFFLEDWEIGHTS_H
#define TFLC_LIB_IMPORT_TFLITE_SHUFFLEDWEIGHTS_H

#include "ModelFile.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OperationSupport.h"

namespace tflc {

/// FULLY_CONNECTED with SHUFFLED4x16INT8 has uint8 weights in tiles of 4 rows and 16 columns, and a
/// second output, the room for an input in that order. Whether `state` is one.
bool hasShuffledWeights(const mlir::OperationState &state);

/// Makes `state`, read from operator `index` of `subgraph`, the same layer with weights in the
/// order of rows and one output. Reports what has no such form.
llvm::LogicalResult orderShuffledWeights(const ModelFile &file, uint32_t subgraph, uint32_t index,
                                         mlir::OpBuilder &builder, mlir::OperationState &state);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_SHUFFLEDWEIGHTS_H
