//===- Values.cpp - types and values of tensors ---------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Values.h"

#include "Schema/graph.pb.h"

#include "TF/IR/TFDialect.h"

#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mlir;

namespace tflc::savedmodel {

Type getElementType(int32_t dataType, MLIRContext *context) {
  constexpr int32_t referenceOffset = 100;
  if (dataType > referenceOffset)
    dataType -= referenceOffset;
  Builder builder(context);
  switch (dataType) {
  case 1:
    return builder.getF32Type();
  case 2:
    return builder.getF64Type();
  case 3:
    return builder.getI32Type();
  case 4:
    return IntegerType::get(context, 8, IntegerType::Unsigned);
  case 5:
    return builder.getIntegerType(16);
  case 6:
    return builder.getIntegerType(8);
  case 7:
    return tf::StringType::get(context);
  case 8:
    return ComplexType::get(builder.getF32Type());
  case 9:
    return builder.getI64Type();
  case 10:
    return builder.getI1Type();
  case 14:
    return builder.getBF16Type();
  case 17:
    return IntegerType::get(context, 16, IntegerType::Unsigned);
  case 18:
    return ComplexType::get(builder.getF64Type());
  case 19:
    return builder.getF16Type();
  case 20:
    return tf::ResourceType::get(context);
  case 21:
    return tf::VariantType::get(context);
  case 22:
    return IntegerType::get(context, 32, IntegerType::Unsigned);
  case 23:
    return IntegerType::get(context, 64, IntegerType::Unsigned);
  default:
    return {};
  }
}

unsigned getElementBytes(Type elementType) {
  if (elementType.isInteger(1))
    return 1;
  return elementType.isIntOrFloat() ? elementType.getIntOrFloatBitWidth() / 8 : 0;
}

std::optional<SmallVector<int64_t>> getShape(const proto::TensorShape &shape) {
  constexpr int maxRank = 254;
  if (shape.unknown_rank() || shape.dim_size() > maxRank)
    return std::nullopt;
  SmallVector<int64_t> result;
  for (const proto::TensorShape::Dim &dim : shape.dim()) {
    if (dim.size() < -1)
      return std::nullopt;
    result.push_back(dim.size() == -1 ? ShapedType::kDynamic : dim.size());
  }
  return result;
}

std::optional<SmallVector<int64_t>> getStaticShape(const proto::TensorShape &shape) {
  std::optional<SmallVector<int64_t>> result = getShape(shape);
  return result && llvm::is_contained(*result, ShapedType::kDynamic) ? std::nullopt : result;
}

std::optional<uint64_t> getByteCount(ArrayRef<int64_t> shape, unsigned elementBytes) {
  std::optional<int64_t> count = tf::getNumElements(shape);
  return count ? std::optional(uint64_t(*count) * elementBytes) : std::nullopt;
}

DenseElementsAttr makeConstant(RankedTensorType type, StringRef bytes) {
  if (type.getElementType().isInteger(1)) {
    SmallVector<bool> values(llvm::map_range(bytes, [](char c) { return c != 0; }));
    return DenseElementsAttr::get(type, values);
  }
  // A constant of equal values is a splat, as a parsed one would be.
  unsigned width = getElementBytes(type.getElementType());
  bool isUniform = bytes.size() > width && bytes.drop_front(width) == bytes.drop_back(width);
  return DenseElementsAttr::getFromRawBuffer(
      type, ArrayRef(bytes.data(), isUniform ? width : bytes.size()));
}

/// The bytes of a list of values, each as `Element`.
template <typename Element, typename List> static std::string pack(const List &list) {
  std::string bytes;
  bytes.reserve(list.size() * sizeof(Element));
  for (auto value : list) {
    auto element = static_cast<Element>(value);
    bytes.append(reinterpret_cast<const char *>(&element), sizeof(element));
  }
  return bytes;
}

/// The list of values for an element type.
static std::string packValues(const proto::Tensor &tensor, Type type) {
  if (type.isF32())
    return pack<float>(tensor.float_val());
  if (type.isF64())
    return pack<double>(tensor.double_val());
  if (type.isF16() || type.isBF16())
    return pack<uint16_t>(tensor.half_val());
  if (type.isInteger(1))
    return pack<uint8_t>(tensor.bool_val());
  if (type.isUnsignedInteger(32))
    return pack<uint32_t>(tensor.uint32_val());
  if (type.isUnsignedInteger(64))
    return pack<uint64_t>(tensor.uint64_val());
  switch (type.getIntOrFloatBitWidth()) {
  case 8:
    return pack<uint8_t>(tensor.int_val());
  case 16:
    return pack<uint16_t>(tensor.int_val());
  case 32:
    return pack<int32_t>(tensor.int_val());
  default:
    return pack<int64_t>(tensor.int64_val());
  }
}

static Expected<DenseElementsAttr> readStrings(const proto::Tensor &tensor, RankedTensorType type) {
  SmallVector<StringRef> values;
  for (const std::string &value : tensor.string_val())
    values.push_back(value);
  int64_t count = type.getNumElements();
  if (values.empty() && count != 0)
    values.push_back("");
  if (count != int64_t(values.size()) && values.size() != 1)
    return createStringError(inconvertibleErrorCode(), "a constant's values do not fill its shape");
  return DenseElementsAttr(DenseStringElementsAttr::get(type, values));
}

Expected<DenseElementsAttr> readTensor(const proto::Tensor &tensor, MLIRContext *context) {
  auto fault = [](const Twine &message) {
    return createStringError(inconvertibleErrorCode(), message);
  };
  Type elementType = getElementType(tensor.dtype(), context);
  std::optional<SmallVector<int64_t>> shape = getStaticShape(tensor.tensor_shape());
  if (!elementType || !shape)
    return fault("a constant has no known type and shape");
  std::optional<uint64_t> count = getByteCount(*shape, 1);
  if (!count)
    return fault("a constant is too large");
  auto type = RankedTensorType::get(*shape, elementType);
  if (isa<tf::StringType>(elementType))
    return readStrings(tensor, type);
  unsigned width = getElementBytes(elementType);
  if (width == 0)
    return fault("constants of this type are not supported");
  uint64_t size = *count * width;
  if (!tensor.tensor_content().empty() || size == 0) {
    if (tensor.tensor_content().size() != size)
      return fault("a constant's values do not fill its shape");
    return makeConstant(type, tensor.tensor_content());
  }
  std::string bytes = packValues(tensor, elementType);
  if (bytes.empty())
    bytes.assign(width, '\0');
  if (bytes.size() > size)
    return fault("a constant has more values than its shape holds");
  if (bytes.size() == width) {
    if (elementType.isInteger(1))
      return DenseElementsAttr::get(type, bytes[0] != 0);
    return DenseElementsAttr::getFromRawBuffer(type, ArrayRef(bytes.data(), width));
  }
  // The last value stands for all that follow.
  constexpr uint64_t limit = uint64_t(1) << 28;
  if (size > limit)
    return fault("a constant is too large");
  std::string last = bytes.substr(bytes.size() - width);
  bytes.reserve(size);
  while (bytes.size() < size)
    bytes += last;
  return makeConstant(type, bytes);
}

} // namespace tflc::savedmodel
