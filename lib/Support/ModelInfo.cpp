//===- ModelInfo.cpp - what the outside sees of a model -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/ModelInfo.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace tflc;

namespace {
struct TypeEntry {
  ElementType type;
  llvm::StringLiteral name;
  unsigned size;
};
} // namespace

static constexpr TypeEntry typeTable[] = {
    {ElementType::Float32, "float32", 4},     {ElementType::Float16, "float16", 2},
    {ElementType::BFloat16, "bfloat16", 2},   {ElementType::Float64, "float64", 8},
    {ElementType::Int4, "int4", 1},           {ElementType::Int8, "int8", 1},
    {ElementType::UInt8, "uint8", 1},         {ElementType::Int16, "int16", 2},
    {ElementType::UInt16, "uint16", 2},       {ElementType::Int32, "int32", 4},
    {ElementType::UInt32, "uint32", 4},       {ElementType::Int64, "int64", 8},
    {ElementType::UInt64, "uint64", 8},       {ElementType::Bool, "bool", 1},
    {ElementType::Complex64, "complex64", 8}, {ElementType::Complex128, "complex128", 16},
    {ElementType::String, "string", 1},       {ElementType::Resource, "resource", 0},
    {ElementType::Variant, "variant", 0},
};

static const TypeEntry &lookUp(ElementType type) {
  return *llvm::find_if(typeTable, [&](const TypeEntry &entry) { return entry.type == type; });
}

llvm::StringRef tflc::getElementTypeName(ElementType type) { return lookUp(type).name; }

unsigned tflc::getElementTypeSize(ElementType type) { return lookUp(type).size; }

std::optional<ElementType> tflc::getElementType(llvm::StringRef name) {
  for (const TypeEntry &entry : typeTable)
    if (entry.name == name)
      return entry.type;
  return std::nullopt;
}

bool TensorInfo::hasStaticShape() const {
  return llvm::none_of(shape, [](int64_t size) { return size < 0; });
}

int64_t TensorInfo::getNumElements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

DimsLayout tflc::getDimsLayout(const SignatureInfo &signature) {
  DimsLayout layout;
  for (const TensorInfo &input : signature.inputs)
    layout.inputs += llvm::count(input.shape, dynamicDim);
  for (const TensorInfo &output : signature.outputs) {
    layout.derived += llvm::count(output.shape, dynamicDim);
    layout.measured += llvm::count(output.shape, measuredDim);
    layout.capacities += output.isMeasured();
  }
  layout.limits = signature.hasLimits;
  return layout;
}

std::vector<int64_t> tflc::getOutputShape(const SignatureInfo &signature, size_t output,
                                          llvm::ArrayRef<int64_t> dims) {
  DimsLayout layout = getDimsLayout(signature);
  unsigned derived = layout.inputs, measured = layout.getFirstMeasured();
  std::vector<int64_t> shape;
  for (size_t i = 0; i <= output; ++i) {
    shape = signature.outputs[i].shape;
    for (int64_t &size : shape)
      size = size == measuredDim ? dims[measured++] : size == dynamicDim ? dims[derived++] : size;
  }
  return shape;
}

const SignatureInfo *ModelInfo::findSignature(llvm::StringRef key) const {
  for (const SignatureInfo &signature : signatures)
    if (signature.key == key)
      return &signature;
  return nullptr;
}

std::string tflc::formatShape(llvm::ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  return llvm::join(
      llvm::map_range(
          shape, [](int64_t size) { return size < 0 ? std::string("?") : std::to_string(size); }),
      "x");
}

std::string tflc::formatTensorType(const TensorInfo &tensor) {
  std::string name = getElementTypeName(tensor.type).str();
  return tensor.shape.empty() ? name : name + "[" + formatShape(tensor.shape) + "]";
}

std::string tflc::formatCount(int64_t value) {
  std::string text = std::to_string(value);
  for (size_t at = text.size(), first = value < 0 ? 1 : 0; at > first + 3;)
    text.insert(at -= 3, ",");
  return text;
}

std::string tflc::makeIdentifier(llvm::StringRef text) {
  std::string name;
  for (char c : text)
    name += llvm::isAlnum(c) || c == '_' ? c : '_';
  if (name.empty() || llvm::isDigit(name.front()))
    name.insert(name.begin(), '_');
  return name;
}

std::optional<size_t> tflc::findInput(const SignatureInfo &signature, llvm::StringRef name) {
  for (auto [i, input] : llvm::enumerate(signature.inputs))
    if (input.name == name)
      return i;
  for (auto [i, input] : llvm::enumerate(signature.inputs))
    if (input.tensorName == name)
      return i;
  size_t number;
  if (!name.getAsInteger(10, number) && number < signature.inputs.size())
    return number;
  return std::nullopt;
}
