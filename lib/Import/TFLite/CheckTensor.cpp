//===- CheckTensor.cpp - checks one tensor of a model file ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "BlockScales.h"
#include "ModelFile.h"
#include "Sparsity.h"
#include "Strings.h"
#include "Types.h"

#include "TFL/IR/ShapeValues.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "llvm/Support/CheckedArithmetic.h"

#include <cmath>

using namespace mlir;

namespace tflc {

namespace {

class TensorChecker {
public:
  TensorChecker(const ModelFile &file, uint32_t subgraph, uint32_t index, Findings &findings)
      : file(file), tensor(file.tensor(subgraph, index)), subgraph(subgraph),
        location(file.tensorLocation(subgraph, index)), findings(findings) {}

  void check(uint64_t &constantBytes);

private:
  bool checkType();
  bool checkShape();
  void checkSignature();
  void checkQuantization();
  void checkScales(const schema::QuantizationParameters &parameters);
  void checkBuffer(uint64_t &constantBytes);
  InFlightDiagnostic error() { return findings.error(location); }

  const ModelFile &file;
  const schema::Tensor &tensor;
  uint32_t subgraph;
  Location location;
  Findings &findings;
  /// Bytes of all elements as the file stores them, known after checkShape.
  int64_t denseBytes = 0;
  int64_t elements = 1;
};

} // namespace

void TensorChecker::check(uint64_t &constantBytes) {
  if (!checkType() || !checkShape())
    return;
  checkSignature();
  checkQuantization();
  checkBuffer(constantBytes);
}

bool TensorChecker::checkType() {
  if (getTypeName(tensor.type()).empty()) {
    error() << "unknown tensor type " << static_cast<int>(tensor.type());
    return false;
  }
  if (!getPlainElementType(tensor.type(), file.context)) {
    error() << "tensor type " << getTypeName(tensor.type()) << " is not supported";
    return false;
  }
  return true;
}

bool TensorChecker::checkShape() {
  ArrayRef<int32_t> shape = toArrayRef(tensor.shape());
  if (shape.size() > tfl::kMaxRank) {
    error() << "a rank of " << shape.size() << " is not supported, the limit is " << tfl::kMaxRank;
    return false;
  }
  for (auto [i, size] : llvm::enumerate(shape)) {
    if (size < 0) {
      error() << "dimension " << i << " is " << size;
      return false;
    }
  }
  bool overflow = false;
  for (int32_t size : shape) {
    std::optional<int64_t> product = llvm::checkedMul<int64_t>(elements, size);
    overflow |= !product;
    elements = product.value_or(0);
  }
  std::optional<int64_t> bits = llvm::checkedMul<int64_t>(elements, getStoredBits(tensor.type()));
  if (overflow || !bits) {
    InFlightDiagnostic diagnostic = error() << "the size of shape ";
    llvm::interleave(shape, diagnostic, "x");
    diagnostic << " overflows";
    return false;
  }
  denseBytes = *bits / 8 + (*bits % 8 != 0);
  return true;
}

void TensorChecker::checkSignature() {
  ArrayRef<int32_t> signature = toArrayRef(tensor.shape_signature());
  if (signature.empty())
    return;
  if (signature.size() != sizeOf(tensor.shape())) {
    error() << "the shape has rank " << sizeOf(tensor.shape()) << ", its signature rank "
            << signature.size();
    return;
  }
  for (auto [i, size] : llvm::enumerate(signature))
    if (size < -1)
      error() << "dimension " << i << " of the shape's signature is " << size;
}

void TensorChecker::checkQuantization() {
  const schema::QuantizationParameters *parameters = tensor.quantization();
  if (!parameters)
    return;
  auto details = static_cast<uint8_t>(parameters->details_type());
  if (hasBlockScales(tensor) && isQuantizable(tensor.type())) {
    if (std::optional<std::string> fault = checkBlockScales(file, subgraph, tensor))
      error() << *fault;
    return;
  }
  if (details != 0 && isQuantizable(tensor.type())) {
    StringRef name = schema::EnumNameQuantizationDetails(parameters->details_type());
    InFlightDiagnostic diagnostic = error() << "quantization details of kind ";
    if (name.empty())
      diagnostic << static_cast<int>(details);
    else
      diagnostic << name;
    diagnostic << " are not supported";
    return;
  }
  // Scales mean nothing for other types; converters leave them on floats at times.
  if (sizeOf(parameters->scale()) != 0 && isQuantizable(tensor.type()))
    checkScales(*parameters);
}

void TensorChecker::checkScales(const schema::QuantizationParameters &parameters) {
  ArrayRef<float> scales = toArrayRef(parameters.scale());
  ArrayRef<int64_t> zeroPoints = toArrayRef(parameters.zero_point());
  auto channel = [&](size_t i) {
    return scales.size() == 1 ? "" : " of channel " + std::to_string(i);
  };

  for (auto [i, scale] : llvm::enumerate(scales)) {
    if (!std::isfinite(scale) || !(scale > 0)) {
      error() << "scale " << std::to_string(scale) << channel(i) << " is not a positive number";
      return;
    }
  }
  if (zeroPoints.size() > 1 && zeroPoints.size() != scales.size()) {
    error() << "has " << scales.size() << " scales but " << zeroPoints.size() << " zero points";
    return;
  }
  Type plain = getPlainElementType(tensor.type(), file.context);
  unsigned width = plain.getIntOrFloatBitWidth();
  bool isSigned = !plain.isUnsignedInteger();
  int64_t minimum = quant::QuantizedType::getDefaultMinimumForInteger(isSigned, width);
  int64_t maximum = quant::QuantizedType::getDefaultMaximumForInteger(isSigned, width);
  for (auto [i, zeroPoint] : llvm::enumerate(zeroPoints)) {
    if (zeroPoint < minimum || zeroPoint > maximum) {
      error() << "zero point " << zeroPoint << channel(i) << " does not fit in "
              << getTypeName(tensor.type());
      return;
    }
  }
  if (scales.size() == 1)
    return;
  ArrayRef<int32_t> shape = toArrayRef(tensor.shape());
  int32_t dimension = getQuantizedDimension(tensor);
  if (dimension < 0 || static_cast<size_t>(dimension) >= shape.size())
    error() << "quantized dimension " << dimension << " of a tensor of rank " << shape.size();
  else if (static_cast<size_t>(shape[dimension]) != scales.size())
    error() << "has " << scales.size() << " scales for " << shape[dimension]
            << " channels along dimension " << dimension;
}

void TensorChecker::checkBuffer(uint64_t &constantBytes) {
  if (tensor.external_buffer() != 0) {
    error() << "values in an external file are not supported";
    return;
  }
  if (tensor.buffer() >= sizeOf(file.model.buffers())) {
    error() << "buffer " << tensor.buffer() << " is not there, the model has "
            << sizeOf(file.model.buffers()) << " buffers";
    return;
  }
  std::optional<ArrayRef<uint8_t>> bytes = file.bufferBytes(tensor.buffer());
  if (!bytes) {
    const schema::Buffer &buffer = *file.model.buffers()->Get(tensor.buffer());
    error() << "the values, " << buffer.size() << " bytes at offset " << buffer.offset()
            << ", are not in the file of " << file.bytes.size() << " bytes";
    return;
  }
  // A sparse constant without values is all zeros.
  if (bytes->empty() && !tensor.sparsity())
    return;
  if (tensor.is_variable())
    error() << "is a variable and a constant at the same time";
  if (tensor.type() == schema::TensorType::STRING) {
    if (std::optional<std::string> fault = checkStrings(*bytes, elements))
      error() << *fault;
    // The room of each shows when all are known.
    uint64_t most = llvm::SaturatingMultiply<uint64_t>(elements, maxStringBytes);
    constantBytes = llvm::SaturatingAdd<uint64_t>(constantBytes, most);
    return;
  }
  if (getStoredBits(tensor.type()) == 0) {
    error() << "a constant of type " << getTypeName(tensor.type()) << " is not supported";
    return;
  }
  if (tensor.sparsity()) {
    if (std::optional<std::string> fault = checkSparsity(tensor, *bytes)) {
      error() << *fault;
      return;
    }
  } else if (static_cast<uint64_t>(denseBytes) > bytes->size()) {
    error() << "the shape needs " << denseBytes << " bytes, its buffer has " << bytes->size();
    return;
  }
  // In memory an element takes a byte at least.
  constantBytes = llvm::SaturatingAdd<uint64_t>(constantBytes, std::max(denseBytes, elements));
}

void checkTensor(const ModelFile &file, uint32_t subgraphIndex, uint32_t index, Findings &findings,
                 uint64_t &constantBytes) {
  TensorChecker(file, subgraphIndex, index, findings).check(constantBytes);
}

} // namespace tflc
