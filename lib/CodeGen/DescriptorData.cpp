//===- DescriptorData.cpp - strings and tensors of the runtime ABI --------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "DescriptorWriter.h"

#include "tflc/tflc.h"

using namespace tflc;
using llvm::ArrayRef;
using llvm::Constant;
using llvm::Error;
using llvm::StringRef;

/// The number of `type` in the interface, or none where no input or output can have it.
static std::optional<uint8_t> getTypeNumber(ElementType type) {
  switch (type) {
  case ElementType::Float32:
    return TFLC_FLOAT32;
  case ElementType::Float16:
    return TFLC_FLOAT16;
  case ElementType::BFloat16:
    return TFLC_BFLOAT16;
  case ElementType::Float64:
    return TFLC_FLOAT64;
  case ElementType::Int4:
    return TFLC_INT4;
  case ElementType::Int8:
    return TFLC_INT8;
  case ElementType::UInt8:
    return TFLC_UINT8;
  case ElementType::Int16:
    return TFLC_INT16;
  case ElementType::UInt16:
    return TFLC_UINT16;
  case ElementType::Int32:
    return TFLC_INT32;
  case ElementType::UInt32:
    return TFLC_UINT32;
  case ElementType::Int64:
    return TFLC_INT64;
  case ElementType::UInt64:
    return TFLC_UINT64;
  case ElementType::Bool:
    return TFLC_BOOL;
  case ElementType::Complex64:
    return TFLC_COMPLEX64;
  case ElementType::Complex128:
    return TFLC_COMPLEX128;
  case ElementType::String:
    return TFLC_UINT8;
  case ElementType::Resource:
  case ElementType::Variant:
    return std::nullopt;
  }
  llvm_unreachable("unknown element type");
}

Constant *DescriptorWriter::writeData(Constant *value, const llvm::Twine &name) {
  auto *global = new llvm::GlobalVariable(module, value->getType(), /*isConstant=*/true,
                                          llvm::GlobalValue::PrivateLinkage, value, name);
  global->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  return global;
}

Constant *DescriptorWriter::writeString(StringRef text) {
  Constant *&string = strings[text];
  if (!string) {
    string = writeData(llvm::ConstantDataArray::getString(context, text), "tflc.string");
    llvm::cast<llvm::GlobalVariable>(string)->setAlignment(llvm::Align(1));
  }
  return string;
}

Constant *DescriptorWriter::writeInt32s(ArrayRef<int64_t> values) {
  if (values.empty())
    return getNull();
  llvm::SmallVector<uint32_t> words(values.begin(), values.end());
  return writeData(llvm::ConstantDataArray::get(context, words), "tflc.ints");
}

Error DescriptorWriter::checkTypes(ArrayRef<TensorInfo> tensors) {
  for (const TensorInfo &tensor : tensors)
    if (!getTypeNumber(tensor.type))
      return llvm::createStringError("tensor \"%s\" of type %s cannot be an input or output",
                                     tensor.name.c_str(),
                                     getElementTypeName(tensor.type).str().c_str());
  return Error::success();
}

/// Structures in the layout of `tflc_tensor`. Unknown dimensions are numbered from `nextDim` on,
/// measured ones from `nextMeasured`.
Constant *DescriptorWriter::writeTensors(ArrayRef<TensorInfo> tensors, int64_t &nextDim,
                                         int64_t &nextMeasured) {
  if (tensors.empty())
    return getNull();
  llvm::SmallVector<Constant *> entries;
  for (const TensorInfo &tensor : tensors) {
    llvm::SmallVector<int64_t> shape;
    for (int64_t size : tensor.shape)
      shape.push_back(size == measuredDim  ? -1 - nextMeasured++
                      : size == dynamicDim ? -1 - nextDim++
                                           : size);
    Constant *scales = getNull(), *zeroPoints = getNull();
    if (tensor.isQuantized()) {
      llvm::SmallVector<int64_t> points(tensor.zeroPoints.begin(), tensor.zeroPoints.end());
      points.resize(tensor.scales.size(), points.empty() ? 0 : points.back());
      scales = writeData(llvm::ConstantDataArray::get(context, ArrayRef<float>(tensor.scales)),
                         "tflc.scales");
      zeroPoints = writeInt32s(points);
    }
    entries.push_back(llvm::ConstantStruct::getAnon(
        {writeString(tensor.name), writeString(tensor.tensorName), writeInt32s(shape), scales,
         zeroPoints, getInt(int32, tensor.scales.size()), getInt(int8, *getTypeNumber(tensor.type)),
         getInt(int8, tensor.shape.size()),
         getInt(int16, tensor.isPerAxis() ? tensor.quantizedDimension : -1)}));
  }
  auto *type = llvm::ArrayType::get(entries.front()->getType(), entries.size());
  return writeData(llvm::ConstantArray::get(type, entries), "tflc.tensors");
}
