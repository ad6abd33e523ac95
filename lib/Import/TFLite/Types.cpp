//===- Types.cpp - tensor types of the format and of the IR ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Types.h"

#include "TFL/IR/TFLDialect.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace tflc {

StringRef getTypeName(schema::TensorType type) {
  const char *name = schema::EnumNameTensorType(type);
  return name;
}

Type getPlainElementType(schema::TensorType type, MLIRContext *context, unsigned stringBytes) {
  auto integer = [&](unsigned width) { return IntegerType::get(context, width); };
  auto unsignedInteger = [&](unsigned width) {
    return IntegerType::get(context, width, IntegerType::Unsigned);
  };
  switch (type) {
  case schema::TensorType::FLOAT16:
    return Float16Type::get(context);
  case schema::TensorType::BFLOAT16:
    return BFloat16Type::get(context);
  case schema::TensorType::FLOAT32:
    return Float32Type::get(context);
  case schema::TensorType::FLOAT64:
    return Float64Type::get(context);
  case schema::TensorType::FLOAT8_E4M3FN:
    return Float8E4M3FNType::get(context);
  case schema::TensorType::FLOAT8_E5M2:
    return Float8E5M2Type::get(context);
  case schema::TensorType::COMPLEX64:
    return ComplexType::get(Float32Type::get(context));
  case schema::TensorType::COMPLEX128:
    return ComplexType::get(Float64Type::get(context));
  case schema::TensorType::BOOL:
    return integer(1);
  case schema::TensorType::INT2:
    return integer(2);
  case schema::TensorType::INT4:
    return integer(4);
  case schema::TensorType::INT8:
    return integer(8);
  case schema::TensorType::INT16:
    return integer(16);
  case schema::TensorType::INT32:
    return integer(32);
  case schema::TensorType::INT64:
    return integer(64);
  case schema::TensorType::UINT4:
    return unsignedInteger(4);
  case schema::TensorType::UINT8:
    return unsignedInteger(8);
  case schema::TensorType::UINT16:
    return unsignedInteger(16);
  case schema::TensorType::UINT32:
    return unsignedInteger(32);
  case schema::TensorType::UINT64:
    return unsignedInteger(64);
  case schema::TensorType::RESOURCE:
    return tfl::ResourceType::get(context);
  case schema::TensorType::STRING:
    return tfl::getStringType(context, stringBytes);
  case schema::TensorType::VARIANT:
    return {};
  }
  return {};
}

static std::optional<schema::TensorType> getIntegerType(unsigned width, bool isUnsigned) {
  switch (width) {
  case 1:
    return isUnsigned ? std::nullopt : std::optional(schema::TensorType::BOOL);
  case 2:
    return isUnsigned ? std::nullopt : std::optional(schema::TensorType::INT2);
  case 4:
    return isUnsigned ? schema::TensorType::UINT4 : schema::TensorType::INT4;
  case 8:
    return isUnsigned ? schema::TensorType::UINT8 : schema::TensorType::INT8;
  case 16:
    return isUnsigned ? schema::TensorType::UINT16 : schema::TensorType::INT16;
  case 32:
    return isUnsigned ? schema::TensorType::UINT32 : schema::TensorType::INT32;
  case 64:
    return isUnsigned ? schema::TensorType::UINT64 : schema::TensorType::INT64;
  default:
    return isUnsigned && width >= 8 * minStringBytes ? std::optional(schema::TensorType::STRING)
                                                     : std::nullopt;
  }
}

std::optional<schema::TensorType> getTensorType(Type elementType) {
  using Result = std::optional<schema::TensorType>;
  return llvm::TypeSwitch<Type, Result>(elementType)
      .Case([](IntegerType type) { return getIntegerType(type.getWidth(), type.isUnsigned()); })
      .Case([](quant::QuantizedType type) {
        return getIntegerType(type.getStorageTypeIntegralWidth(), !type.isSigned());
      })
      .Case([](Float16Type) -> Result { return schema::TensorType::FLOAT16; })
      .Case([](BFloat16Type) -> Result { return schema::TensorType::BFLOAT16; })
      .Case([](Float32Type) -> Result { return schema::TensorType::FLOAT32; })
      .Case([](Float64Type) -> Result { return schema::TensorType::FLOAT64; })
      .Case([](Float8E4M3FNType) -> Result { return schema::TensorType::FLOAT8_E4M3FN; })
      .Case([](Float8E5M2Type) -> Result { return schema::TensorType::FLOAT8_E5M2; })
      .Case([](tfl::ResourceType) -> Result { return schema::TensorType::RESOURCE; })
      .Case([](ComplexType type) -> Result {
        return type.getElementType().isF32()   ? Result(schema::TensorType::COMPLEX64)
               : type.getElementType().isF64() ? Result(schema::TensorType::COMPLEX128)
                                               : std::nullopt;
      })
      .Default([](Type) -> Result { return std::nullopt; });
}

unsigned getStoredBits(schema::TensorType type) {
  switch (type) {
  case schema::TensorType::INT2:
    return 2;
  case schema::TensorType::INT4:
  case schema::TensorType::UINT4:
    return 4;
  case schema::TensorType::BOOL:
  case schema::TensorType::INT8:
  case schema::TensorType::UINT8:
  case schema::TensorType::FLOAT8_E4M3FN:
  case schema::TensorType::FLOAT8_E5M2:
    return 8;
  case schema::TensorType::INT16:
  case schema::TensorType::UINT16:
  case schema::TensorType::FLOAT16:
  case schema::TensorType::BFLOAT16:
    return 16;
  case schema::TensorType::INT32:
  case schema::TensorType::UINT32:
  case schema::TensorType::FLOAT32:
    return 32;
  case schema::TensorType::INT64:
  case schema::TensorType::UINT64:
  case schema::TensorType::FLOAT64:
  case schema::TensorType::COMPLEX64:
    return 64;
  case schema::TensorType::COMPLEX128:
    return 128;
  case schema::TensorType::STRING:
  case schema::TensorType::RESOURCE:
  case schema::TensorType::VARIANT:
    return 0;
  }
  return 0;
}

bool isQuantizable(schema::TensorType type) {
  switch (type) {
  case schema::TensorType::INT2:
  case schema::TensorType::INT4:
  case schema::TensorType::INT8:
  case schema::TensorType::INT16:
  case schema::TensorType::INT32:
  case schema::TensorType::UINT4:
  case schema::TensorType::UINT8:
  case schema::TensorType::UINT16:
    return true;
  default:
    return false;
  }
}

int32_t getQuantizedDimension(const schema::Tensor &tensor) {
  // A vector has its scales along its only dimension. Some converters copy the number from the
  // weights to the bias, and the kernels never look at it.
  int32_t dimension = tensor.quantization()->quantized_dimension();
  return sizeOf(tensor.shape()) == 1 ? 0 : dimension;
}

Type getElementType(const schema::Tensor &tensor, MLIRContext *context, unsigned stringBytes) {
  Type plain = getPlainElementType(tensor.type(), context, stringBytes);
  const schema::QuantizationParameters *parameters = tensor.quantization();
  if (!parameters || sizeOf(parameters->scale()) == 0 || !isQuantizable(tensor.type()))
    return plain;

  bool isSigned = !plain.isUnsignedInteger();
  unsigned width = plain.getIntOrFloatBitWidth();
  unsigned flags = isSigned ? quant::QuantizationFlags::Signed : 0;
  auto storage = IntegerType::get(context, width);
  int64_t minimum = quant::QuantizedType::getDefaultMinimumForInteger(isSigned, width);
  int64_t maximum = quant::QuantizedType::getDefaultMaximumForInteger(isSigned, width);
  Type real = Float32Type::get(context);

  ArrayRef<float> scales = toArrayRef(parameters->scale());
  ArrayRef<int64_t> zeroPoints = toArrayRef(parameters->zero_point());
  if (scales.size() == 1)
    return quant::UniformQuantizedType::get(
        flags, storage, real, scales[0], zeroPoints.empty() ? 0 : zeroPoints[0], minimum, maximum);
  SmallVector<double> wideScales(scales.begin(), scales.end());
  SmallVector<int64_t> allZeroPoints(zeroPoints);
  // One zero point, or none, stands for all channels.
  if (allZeroPoints.size() != scales.size())
    allZeroPoints.assign(scales.size(), zeroPoints.empty() ? 0 : zeroPoints[0]);
  return quant::UniformQuantizedPerAxisType::get(flags, storage, real, wideScales, allZeroPoints,
                                                 getQuantizedDimension(tensor), minimum, maximum);
}

SmallVector<int64_t> getShape(const schema::Tensor &tensor, bool dynamic) {
  ArrayRef<int32_t> shape = toArrayRef(tensor.shape());
  SmallVector<int64_t> result(shape.begin(), shape.end());
  ArrayRef<int32_t> signature = toArrayRef(tensor.shape_signature());
  if (dynamic && signature.size() == shape.size())
    for (size_t i = 0; i < shape.size(); ++i)
      if (signature[i] == -1)
        result[i] = ShapedType::kDynamic;
  return result;
}

RankedTensorType getType(const schema::Tensor &tensor, bool dynamic, MLIRContext *context,
                         unsigned stringBytes) {
  return RankedTensorType::get(getShape(tensor, dynamic),
                               getElementType(tensor, context, stringBytes));
}

RankedTensorType getStorageType(RankedTensorType type) {
  if (auto quantized = dyn_cast<quant::QuantizedType>(type.getElementType()))
    return RankedTensorType::get(type.getShape(), quantized.getStorageType());
  return type;
}

} // namespace tflc
