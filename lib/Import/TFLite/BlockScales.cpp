//===- BlockScales.cpp - constants with a scale for each block ------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "BlockScales.h"

#include "TFL/IR/BlockQuantization.h"
#include "Types.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace tflc {

static const schema::BlockwiseQuantization *getDetails(const schema::Tensor &tensor) {
  const schema::QuantizationParameters *parameters = tensor.quantization();
  return parameters ? parameters->details_as_BlockwiseQuantization() : nullptr;
}

bool hasBlockScales(const schema::Tensor &tensor) { return getDetails(tensor) != nullptr; }

static APFloat readHalf(ArrayRef<uint8_t> bytes, size_t number) {
  uint16_t bits = llvm::support::endian::read16le(bytes.data() + 2 * number);
  return APFloat(APFloat::IEEEhalf(), APInt(16, bits));
}

/// The tensor that holds the scales, or what is wrong with it.
static std::optional<std::string> checkScales(const ModelFile &file, uint32_t subgraph,
                                              int32_t index, ArrayRef<int64_t> shape) {
  if (index < 0 || static_cast<size_t>(index) >= sizeOf(file.subgraph(subgraph).tensors()))
    return "the scales of its blocks are tensor " + std::to_string(index) + ", which is not there";
  const schema::Tensor &scales = file.tensor(subgraph, index);
  std::string name = "the scales of its blocks, tensor " + std::to_string(index) + ", ";
  if (scales.type() != schema::TensorType::FLOAT16)
    return name + "must be FLOAT16, found " + getTypeName(scales.type()).str();
  int64_t count = ShapedType::getNumElements(shape), elements = 1;
  for (int32_t size : toArrayRef(scales.shape()))
    if (size < 0 || llvm::MulOverflow<int64_t>(elements, size, elements))
      return name + "have no shape";
  if (elements != count)
    return name + "are " + std::to_string(elements) + " for " + std::to_string(count) + " blocks";
  std::optional<ArrayRef<uint8_t>> bytes;
  if (scales.buffer() < sizeOf(file.model.buffers()) && !scales.sparsity())
    bytes = file.bufferBytes(scales.buffer());
  if (!bytes || bytes->size() / 2 < static_cast<uint64_t>(count))
    return name + "must be a constant";
  for (int64_t i = 0; i < count; ++i) {
    APFloat scale = readHalf(*bytes, i);
    if (!scale.isFinite() || scale.isZero() || scale.isNegative())
      return "the scale of block " + std::to_string(i) + " is not a positive number";
  }
  return std::nullopt;
}

static SmallVector<int64_t> getBlockShape(const schema::Tensor &tensor) {
  SmallVector<int64_t> shape = getShape(tensor, /*dynamic=*/false);
  shape.back() /= getDetails(tensor)->block_size();
  return shape;
}

std::optional<std::string> checkBlockScales(const ModelFile &file, uint32_t subgraph,
                                            const schema::Tensor &tensor) {
  const schema::BlockwiseQuantization &details = *getDetails(tensor);
  if (tensor.type() != schema::TensorType::INT4)
    return "scales for each block of " + getTypeName(tensor.type()).str() + " are not supported";
  // The format's default is 0, which its kernels take for none.
  if (details.zero_points() > 0)
    return "zero points for each block are not supported";
  ArrayRef<int32_t> shape = toArrayRef(tensor.shape());
  if (shape.empty() || details.block_size() <= 0 || shape.back() % details.block_size() != 0)
    return "blocks of " + std::to_string(details.block_size()) +
           " do not divide the last dimension" +
           (shape.empty() ? "" : " of " + std::to_string(shape.back()));
  std::optional<ArrayRef<uint8_t>> bytes;
  if (tensor.buffer() < sizeOf(file.model.buffers()))
    bytes = file.bufferBytes(tensor.buffer());
  if (!bytes || bytes->empty())
    return "scales for each block of a tensor that is no constant are not supported";
  return checkScales(file, subgraph, details.scales(), getBlockShape(tensor));
}

RankedTensorType getBlockwiseType(const ModelFile &file, uint32_t subgraph,
                                  const schema::Tensor &tensor) {
  const schema::BlockwiseQuantization &details = *getDetails(tensor);
  SmallVector<int64_t> shape = getBlockShape(tensor);
  ArrayRef<uint8_t> bytes = file.tensorBytes(file.tensor(subgraph, details.scales()));
  SmallVector<float> scales;
  for (int64_t i = 0, count = ShapedType::getNumElements(shape); i < count; ++i) {
    APFloat scale = readHalf(bytes, i);
    bool losesInfo = false;
    scale.convert(APFloat::IEEEsingle(), APFloat::rmNearestTiesToEven, &losesInfo);
    scales.push_back(scale.convertToFloat());
  }
  quant::QuantizedType element =
      tfl::getBlockType(file.context, shape, scales, details.block_size());
  return RankedTensorType::get(getShape(tensor, /*dynamic=*/false), element);
}

DenseElementsAttr getHalfScales(quant::UniformQuantizedSubChannelType type) {
  DenseElementsAttr scales = type.getScales();
  bool loses = false;
  SmallVector<APFloat> halves;
  for (APFloat scale : scales.getValues<APFloat>()) {
    bool losesInfo = false;
    scale.convert(APFloat::IEEEhalf(), APFloat::rmNearestTiesToEven, &losesInfo);
    loses |= losesInfo;
    halves.push_back(scale);
  }
  auto shape = scales.getType().clone(Float16Type::get(type.getContext()));
  return loses ? nullptr : DenseElementsAttr::get(shape, halves);
}

} // namespace tflc
