//===- ComplexOps.cpp - complex numbers -----------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/ComplexOps.h"
#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/ShapeValues.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tfl;

#define GET_OP_CLASSES
#include "TFL/IR/ComplexOps.cpp.inc"

//===----------------------------------------------------------------------===//
// REAL, IMAG, COMPLEX_ABS
//===----------------------------------------------------------------------===//

template <typename Op> static LogicalResult verifyPart(Op op) {
  auto complex = dyn_cast<ComplexType>(op.getInput().getType().getElementType());
  if (!complex)
    return op.emitError("the input must be complex, found ")
           << getElementTypeName(op.getInput().getType());
  if (op.getOutput().getType().getElementType() != complex.getElementType())
    return op.emitError("the result must be ")
           << getElementTypeName(complex.getElementType()) << ", found "
           << getElementTypeName(op.getOutput().getType());
  return success();
}

LogicalResult RealOp::verify() { return verifyPart(*this); }
LogicalResult ImagOp::verify() { return verifyPart(*this); }
LogicalResult ComplexAbsOp::verify() { return verifyPart(*this); }

//===----------------------------------------------------------------------===//
// RFFT2D
//===----------------------------------------------------------------------===//

LogicalResult Rfft2DOp::verify() {
  auto input = getInput().getType(), length = getFftLength().getType();
  if (!input.getElementType().isF32() || input.getRank() < 2)
    return emitError("the input must be float32 with two dimensions or more, found ")
           << getElementTypeName(input) << " of shape " << getShapeText(input.getShape());
  if (!length.getElementType().isSignlessInteger(32) || length.getRank() != 1 ||
      length.getDimSize(0) != 2)
    return emitError("fft_length must be two int32, found ")
           << getElementTypeName(length) << " of shape " << getShapeText(length.getShape());
  if (getElementTypeName(getOutput().getType()) != "complex64")
    return emitError("the result must be complex64, found ")
           << getElementTypeName(getOutput().getType());
  return verifyShapes(*this);
}

LogicalResult Rfft2DOp::inferShapes(SmallVectorImpl<SmallVector<int64_t>> &shapes) {
  SmallVector<int64_t> shape(getInput().getType().getShape());
  KnownInts length = evaluateInts(getFftLength()).value_or(KnownInts(2, std::nullopt));
  for (std::optional<int64_t> size : length)
    if (size && (*size < 1 || !llvm::isPowerOf2_64(*size)))
      return emitError("fft_length must be powers of two, found ") << *size;
  MutableArrayRef<int64_t> matrix = MutableArrayRef(shape).take_back(2);
  matrix[0] = length[0].value_or(ShapedType::kDynamic);
  matrix[1] = length[1] ? *length[1] / 2 + 1 : ShapedType::kDynamic;
  shapes.push_back(shape);
  return success();
}
