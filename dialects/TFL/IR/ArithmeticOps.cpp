//===- ArithmeticOps.cpp - elementwise arithmetic -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ArithmeticOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/Elementwise.h"
#include "TFL/IR/ShapeValues.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ArithmeticOps.cpp.inc"

LogicalResult AddNOp::verify() {
  if (getInputs().empty())
    return emitError("has no inputs");
  ArrayRef<int64_t> shape = cast<RankedTensorType>(getInputs()[0].getType()).getShape();
  for (Value input : getInputs().drop_front())
    if (ArrayRef<int64_t> other = cast<RankedTensorType>(input.getType()).getShape();
        failed(verifyCompatibleShape(shape, other)))
      return emitError("inputs must have one shape, found ")
             << getShapeText(shape) << " and " << getShapeText(other);
  return verifyElementwise(*this, getElementTypes());
}

LogicalResult MulOp::verify() {
  Type lhs = getLhs().getType(), rhs = getRhs().getType(), output = getOutput().getType();
  if (isElementTypeIn(lhs, "complex64") && getFusedActivationFunction() != "NONE")
    return emitError("complex64 has no fused activation function, found ")
           << getFusedActivationFunction();
  bool isNarrowing = isElementTypeIn(lhs, "qint16") && isElementTypeIn(rhs, "qint16") &&
                     isElementTypeIn(output, "qint8 quint8");
  if (!isNarrowing)
    return verifyArithmetic(*this, getElementTypes(), getFusedActivationFunction());
  for (Type type : {lhs, rhs})
    if (getQuantization(type)->hasZeroPoint())
      return emitError("the zero point of int16 tensors must be 0");
  return success();
}

/// Complex numbers have no order, but the reference does not look for one where there are none.
template <typename Op> static LogicalResult verifyExtremum(Op op) {
  if (failed(verifyElementwise(op, Op::getElementTypes())))
    return failure();
  if (isElementTypeIn(op.getType(), "complex64") &&
      getNumElements(op.getType().getShape()).value_or(1) != 0)
    return op.emitError("unsupported type complex64");
  return success();
}

LogicalResult MaximumOp::verify() { return verifyExtremum(*this); }
LogicalResult MinimumOp::verify() { return verifyExtremum(*this); }

//===----------------------------------------------------------------------===//
// Arithmetic on sizes
//===----------------------------------------------------------------------===//

std::optional<KnownInts> AddOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  if (getFusedActivationFunction() != "NONE")
    return std::nullopt;
  return evaluatePairs(evaluator, getLhs(), getRhs(), [](int64_t lhs, int64_t rhs) {
    int64_t result;
    return llvm::AddOverflow(lhs, rhs, result) ? std::nullopt : std::optional<int64_t>(result);
  });
}

std::optional<KnownInts> SubOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  if (getFusedActivationFunction() != "NONE")
    return std::nullopt;
  return evaluatePairs(evaluator, getLhs(), getRhs(), [](int64_t lhs, int64_t rhs) {
    int64_t result;
    return llvm::SubOverflow(lhs, rhs, result) ? std::nullopt : std::optional<int64_t>(result);
  });
}

std::optional<KnownInts> MulOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  if (getFusedActivationFunction() != "NONE")
    return std::nullopt;
  return evaluatePairs(evaluator, getLhs(), getRhs(), [](int64_t lhs, int64_t rhs) {
    int64_t result;
    return llvm::MulOverflow(lhs, rhs, result) ? std::nullopt : std::optional<int64_t>(result);
  });
}

/// All divisions agree on what shapes are made of.
static std::optional<int64_t> divideSizes(int64_t lhs, int64_t rhs) {
  return lhs < 0 || rhs <= 0 ? std::nullopt : std::optional<int64_t>(lhs / rhs);
}

std::optional<KnownInts> DivOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  if (getFusedActivationFunction() != "NONE")
    return std::nullopt;
  return evaluatePairs(evaluator, getLhs(), getRhs(), divideSizes);
}

std::optional<KnownInts> FloorDivOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  return evaluatePairs(evaluator, getLhs(), getRhs(), divideSizes);
}

std::optional<KnownInts> FloorModOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  return evaluatePairs(evaluator, getLhs(), getRhs(), [](int64_t lhs, int64_t rhs) {
    return rhs <= 0 ? std::nullopt : std::optional<int64_t>((lhs % rhs + rhs) % rhs);
  });
}

std::optional<KnownInts> MinimumOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  return evaluatePairs(evaluator, getLhs(), getRhs(), [](int64_t lhs, int64_t rhs) {
    return std::optional<int64_t>(std::min(lhs, rhs));
  });
}

std::optional<KnownInts> MaximumOp::computeInts(ShapeEvaluator &evaluator, unsigned) {
  return evaluatePairs(evaluator, getLhs(), getRhs(), [](int64_t lhs, int64_t rhs) {
    return std::optional<int64_t>(std::max(lhs, rhs));
  });
}
