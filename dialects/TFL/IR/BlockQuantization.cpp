//===- BlockQuantization.cpp - a scale for each block ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/BlockQuantization.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace tflc::tfl;

bool BlockQuantization::fits(RankedTensorType matrix) const {
  ArrayRef<int64_t> shape = scales.getType().getShape();
  return matrix.getRank() == 2 && shape.size() == 2 && shape[0] == matrix.getDimSize(0) &&
         shape[1] * blockSize == matrix.getDimSize(1);
}

quant::QuantizedType tflc::tfl::getBlockType(MLIRContext *context, ArrayRef<int64_t> shape,
                                             ArrayRef<float> scales, int64_t blockSize) {
  Type real = Float32Type::get(context), storage = IntegerType::get(context, 4);
  auto dimensions = llvm::to_vector(llvm::seq<int32_t>(0, int32_t(shape.size())));
  SmallVector<int64_t> sizes(shape.size(), 1);
  sizes.back() = blockSize;
  return quant::UniformQuantizedSubChannelType::get(
      quant::QuantizationFlags::Signed, storage, real,
      DenseElementsAttr::get(RankedTensorType::get(shape, real), scales),
      DenseElementsAttr::get(RankedTensorType::get(shape, storage), APInt(4, 0)), dimensions, sizes,
      quant::QuantizedType::getDefaultMinimumForInteger(true, 4),
      quant::QuantizedType::getDefaultMaximumForInteger(true, 4));
}

std::optional<BlockQuantization> tflc::tfl::getBlockQuantization(Type type) {
  auto blocks = dyn_cast<quant::UniformQuantizedSubChannelType>(getElementTypeOrSelf(type));
  if (!blocks)
    return std::nullopt;
  int64_t rank = blocks.getScales().getType().getRank();
  BlockQuantization result{blocks.getScales(), 0};
  for (auto [dimension, size] : blocks.getBlockSizeInfo()) {
    if (dimension == rank - 1)
      result.blockSize = size;
    else if (size != 1)
      return std::nullopt;
  }
  bool hasZeroPoint = llvm::any_of(blocks.getZeroPoints().getValues<APInt>(),
                                   [](const APInt &zeroPoint) { return !zeroPoint.isZero(); });
  return result.blockSize == 0 || hasZeroPoint ? std::nullopt : std::optional(result);
}
