//===- BlockScales.h - constants with a scale for each block ----*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// In blockwise quantization neighbours along the last dimension share a scale: as many as the block
// size says, which divides that dimension. The scales are a float16 constant of their own, which
// the tensor's details name; its last dimension counts blocks. There are no zero points.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_BLOCKSCALES_H
#define TFLC_LIB_IMPORT_TFLITE_BLOCKSCALES_H

#include "ModelFile.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/BuiltinTypes.h"

namespace tflc {

/// Whether a tensor has a scale for each block.
bool hasBlockScales(const schema::Tensor &tensor);

/// What is wrong with the scales of a tensor with blocks, nullopt if nothing is. Type and shape of
/// the tensor are checked already.
std::optional<std::string> checkBlockScales(const ModelFile &file, uint32_t subgraph,
                                            const schema::Tensor &tensor);

/// The type of a checked constant with blocks.
mlir::RankedTensorType getBlockwiseType(const ModelFile &file, uint32_t subgraph,
                                        const schema::Tensor &tensor);

/// The scales of such a type as the file has them; null where one of them is no float16.
mlir::DenseElementsAttr getHalfScales(mlir::quant::UniformQuantizedSubChannelType type);

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_BLOCKSCALES_H
