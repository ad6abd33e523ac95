//===- Elementwise.cpp - checks that elementwise ops share ----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/Elementwise.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/TFLDialect.h"
#include "tflc/Quantization/Activation.h"

using namespace mlir;
using namespace tflc;
using namespace tflc::tfl;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// The name that lists of types have: "float32", "int8", "qint8".
static std::string getKindName(Type type) {
  std::string name = getElementTypeName(type);
  return isa<quant::QuantizedType>(getElementTypeOrSelf(type)) ? "q" + name : name;
}

/// The type in messages.
static std::string describeType(Type type) {
  std::string name = getElementTypeName(type);
  return isa<quant::QuantizedType>(getElementTypeOrSelf(type)) ? "quantized " + name : name;
}

bool tflc::tfl::isElementTypeIn(Type type, StringRef types) {
  SmallVector<StringRef> names;
  types.split(names, ' ');
  return llvm::is_contained(names, getKindName(type));
}

/// All `values` have the element type of the first.
static LogicalResult verifyOneType(Operation *op, ValueRange values) {
  std::string first = getKindName(values[0].getType());
  for (Value value : values.drop_front())
    if (getKindName(value.getType()) != first)
      return op->emitError("operands and result must have one type, found ")
             << describeType(values[0].getType()) << " and " << describeType(value.getType());
  return success();
}

static LogicalResult verifySupported(Operation *op, Type type, StringRef types) {
  if (isElementTypeIn(type, types))
    return success();
  return op->emitError("unsupported type ") << describeType(type);
}

/// Only constant operands of contractions have one scale for each channel.
static LogicalResult verifyOneScale(Operation *op, ValueRange values) {
  for (Value value : values)
    if (isa<quant::UniformQuantizedPerAxisType>(getElementTypeOrSelf(value)))
      return op->emitError("tensors with one scale for each channel are not supported here");
  return success();
}

static SmallVector<Value> getTensors(Operation *op) {
  SmallVector<Value> values(op->getOperands());
  llvm::append_range(values, op->getResults());
  return values;
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

std::optional<SmallVector<int64_t>>
tflc::tfl::getBroadcastShape(ArrayRef<ArrayRef<int64_t>> shapes) {
  size_t rank = 0;
  for (ArrayRef<int64_t> shape : shapes)
    rank = std::max(rank, shape.size());
  SmallVector<int64_t> result(rank, 1);
  for (ArrayRef<int64_t> shape : shapes) {
    for (auto [size, known] :
         llvm::zip_equal(shape, MutableArrayRef(result).take_back(shape.size()))) {
      if (size == known || size == 1)
        continue;
      if (known == 1 || (ShapedType::isDynamic(known) && !ShapedType::isDynamic(size)))
        known = size;
      else if (!ShapedType::isDynamic(size))
        return std::nullopt;
    }
  }
  return result;
}

LogicalResult tflc::tfl::inferBroadcastShape(Operation *op,
                                             SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<ArrayRef<int64_t>> operands;
  for (Value operand : op->getOperands())
    operands.push_back(cast<RankedTensorType>(operand.getType()).getShape());
  if (auto shape = getBroadcastShape(operands)) {
    shapes.push_back(*shape);
    return success();
  }
  InFlightDiagnostic error = op->emitError("operands do not broadcast: shapes ");
  llvm::interleave(
      operands, [&](ArrayRef<int64_t> shape) { error << getShapeText(shape); },
      [&] { error << " and "; });
  return error;
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

LogicalResult tflc::tfl::verifyElementwise(Operation *op, StringRef types) {
  SmallVector<Value> tensors = getTensors(op);
  if (failed(verifyOneType(op, tensors)) ||
      failed(verifySupported(op, tensors[0].getType(), types)))
    return failure();
  return verifyOneScale(op, tensors);
}

LogicalResult tflc::tfl::verifyOneShape(Operation *op, StringRef types) {
  if (failed(verifyElementwise(op, types)))
    return failure();
  ArrayRef<int64_t> shape = cast<RankedTensorType>(op->getOperand(0).getType()).getShape();
  for (Value operand : op->getOperands().drop_front())
    if (ArrayRef<int64_t> other = cast<RankedTensorType>(operand.getType()).getShape();
        failed(verifyCompatibleShape(shape, other)))
      return op->emitError("operands must have one shape, found ")
             << getShapeText(shape) << " and " << getShapeText(other);
  return success();
}

LogicalResult tflc::tfl::verifyArithmetic(Operation *op, StringRef types, StringRef activation) {
  if (failed(verifyElementwise(op, types)))
    return failure();
  std::optional<Activation> known = parseActivation(activation);
  if (!known || *known == Activation::Tanh || *known == Activation::SignBit)
    return op->emitError("unsupported fused activation function ") << activation;
  Value output = op->getResult(0);
  if (isStoredInteger(output.getType(), 16))
    for (Value tensor : getTensors(op))
      if (auto quantization = getQuantization(tensor.getType());
          quantization && quantization->hasZeroPoint())
        return op->emitError("the zero point of int16 tensors must be 0, found ")
               << quantization->zeroPoints[0];
  return success();
}

LogicalResult tflc::tfl::verifyComparison(Operation *op, StringRef types) {
  if (failed(verifyOneType(op, op->getOperands())) ||
      failed(verifySupported(op, op->getOperand(0).getType(), types)))
    return failure();
  if (!getElementTypeOrSelf(op->getResult(0)).isInteger(1))
    return op->emitError("the result must be bool, found ")
           << describeType(op->getResult(0).getType());
  return verifyOneScale(op, op->getOperands());
}

LogicalResult tflc::tfl::verifySelect(Operation *op, StringRef types) {
  if (!getElementTypeOrSelf(op->getOperand(0)).isInteger(1))
    return op->emitError("the condition must be bool, found ")
           << describeType(op->getOperand(0).getType());
  SmallVector<Value> tensors = getTensors(op);
  ArrayRef<Value> values = ArrayRef(tensors).drop_front();
  if (failed(verifyOneType(op, values)) || failed(verifySupported(op, values[0].getType(), types)))
    return failure();
  return verifyOneScale(op, values);
}
