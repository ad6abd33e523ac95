//===- Constants.cpp - values of constants --------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Constants.h"

#include "Sparsity.h"
#include "Strings.h"
#include "Types.h"

#include <cstring>

using namespace mlir;

namespace tflc {

/// Spreads elements of 2 or 4 bits, the first in the low bits, to one byte each.
static std::vector<char> unpack(ArrayRef<uint8_t> bytes, int64_t count, unsigned width) {
  std::vector<char> result(count);
  unsigned perByte = 8 / width;
  uint8_t mask = (1u << width) - 1;
  for (int64_t i = 0; i < count; ++i)
    result[i] = static_cast<char>((bytes[i / perByte] >> (i % perByte * width)) & mask);
  return result;
}

static std::string pack(ArrayRef<char> elements, unsigned width) {
  unsigned perByte = 8 / width;
  uint8_t mask = (1u << width) - 1;
  std::string result((elements.size() + perByte - 1) / perByte, '\0');
  for (size_t i = 0; i < elements.size(); ++i)
    result[i / perByte] |= static_cast<char>((elements[i] & mask) << (i % perByte * width));
  return result;
}

/// Whether all elements are the same; ends at the first that is not.
static bool isUniform(ArrayRef<char> data, size_t elementBytes) {
  return data.size() > elementBytes &&
         std::memcmp(data.data(), data.data() + elementBytes, data.size() - elementBytes) == 0;
}

DenseElementsAttr getConstantValue(const schema::Tensor &tensor, ArrayRef<uint8_t> bytes,
                                   RankedTensorType type) {
  std::vector<char> storage;
  unsigned bits = getStoredBits(tensor.type());
  if (tensor.type() == schema::TensorType::STRING) {
    bits = type.getElementTypeBitWidth();
    // No strings may have no bytes, not even those of their number.
    if (type.getNumElements() != 0)
      storage = spreadStrings(bytes, bits / 8);
  }
  ArrayRef<char> data;
  if (tensor.sparsity())
    storage = densify(tensor, bytes);
  else if (bits < 8)
    storage = unpack(bytes, type.getNumElements(), bits);
  if (!storage.empty() || type.getNumElements() == 0)
    data = storage;
  else
    data = ArrayRef<char>(reinterpret_cast<const char *>(bytes.data()),
                          type.getNumElements() * (bits / 8));

  if (tensor.type() == schema::TensorType::BOOL) {
    SmallVector<bool> values(llvm::map_range(data, [](char c) { return c != 0; }));
    return DenseElementsAttr::get(type, values);
  }
  size_t elementBytes = std::max(bits / 8, 1u);
  // A constant of equal values is a splat, as a parsed one would be.
  if (isUniform(data, elementBytes))
    data = data.take_front(elementBytes);
  return DenseElementsAttr::getFromRawBuffer(type, data);
}

std::string getConstantBytes(DenseElementsAttr value, schema::TensorType type) {
  std::string result;
  int64_t count = value.getNumElements();
  if (type == schema::TensorType::BOOL) {
    result.reserve(count);
    for (bool element : value.getValues<bool>())
      result += static_cast<char>(element);
    return result;
  }
  ArrayRef<char> raw = value.getRawData();
  if (value.isSplat()) {
    result.reserve(raw.size() * count);
    for (int64_t i = 0; i < count; ++i)
      result.append(raw.data(), raw.size());
  } else {
    result.assign(raw.data(), raw.size());
  }
  if (type == schema::TensorType::STRING)
    return joinStrings(ArrayRef<char>(result.data(), result.size()),
                       value.getElementType().getIntOrFloatBitWidth() / 8);
  unsigned bits = getStoredBits(type);
  return bits < 8 ? pack(ArrayRef<char>(result.data(), result.size()), bits) : result;
}

} // namespace tflc
