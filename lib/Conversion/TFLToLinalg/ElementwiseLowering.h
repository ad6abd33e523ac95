//===- ElementwiseLowering.h - lowering by the body of a loop ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_ELEMENTWISELOWERING_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_ELEMENTWISELOWERING_H

#include "DataMovement.h"
#include "Guard.h"
#include "ScalarBuilder.h"
#include "TypeConverter.h"
#include "Utils.h"

#include "mlir/Transforms/DialectConversion.h"

#include <functional>

namespace tflc {

/// Computes one element of the result from one of each operand, all in their storage types.
using ElementBody = std::function<mlir::Value(ScalarBuilder &, mlir::ValueRange)>;

/// Floats of half the width as float32; other elements as they are.
llvm::SmallVector<mlir::Value> widenToSingle(ScalarBuilder &b, mlir::ValueRange args);

/// `body` in float32 for elements of half of its width, whose result is rounded.
ElementBody computeInSingle(ElementBody body);

/// Lowers an elementwise op to one `linalg.generic`. `getBody` decides by the types of the op how
/// an element is computed; a null body means that the types are not supported. `getRejection` says
/// what of the data ends the invocation.
template <typename OpTy> struct ElementwiseLowering : mlir::OpConversionPattern<OpTy> {
  using GetBody = ElementBody (*)(OpTy);
  using GetRejection = std::optional<Rejection> (*)(OpTy);

  ElementwiseLowering(mlir::TypeConverter &converter, mlir::MLIRContext *context, GetBody getBody,
                      GetRejection getRejection)
      : mlir::OpConversionPattern<OpTy>(converter, context), getBody(getBody),
        getRejection(getRejection) {}

  mlir::LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                      mlir::ConversionPatternRewriter &rewriter) const override {
    ElementBody body = getBody(op);
    if (!body)
      return rewriter.notifyMatchFailure(op, "no arithmetic for these types");
    llvm::SmallVector<mlir::Value> inputs(adaptor.getOperands());
    if (std::optional<Rejection> rejection = getRejection ? getRejection(op) : std::nullopt) {
      mlir::Value &input = inputs[rejection->operand];
      input = guardOperand(rewriter, op.getLoc(), op->getOperand(rejection->operand), input,
                           *rejection);
    }
    mlir::Type type = this->getTypeConverter()->convertType(op.getType());
    mlir::Value result = buildElementwise(
        rewriter, op.getLoc(), inputs, getBroadcastSizes(rewriter, op.getLoc(), inputs),
        mlir::cast<mlir::RankedTensorType>(type).getElementType(),
        [&](mlir::OpBuilder &builder, mlir::Location loc, mlir::ValueRange args) {
          ScalarBuilder scalars(builder, loc);
          return body(scalars, args);
        });
    // A result of one element may have another rank than what it is computed from.
    auto resultType = mlir::cast<mlir::RankedTensorType>(type);
    if (mlir::cast<mlir::RankedTensorType>(result.getType()).getRank() != resultType.getRank())
      result = reshapeTo(rewriter, op.getLoc(), result, resultType.getShape());
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), result, type));
    return mlir::success();
  }

  GetBody getBody;
  GetRejection getRejection;
};

template <typename OpTy>
void addElementwise(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns,
                    ElementBody (*getBody)(OpTy),
                    std::optional<Rejection> (*getRejection)(OpTy) = nullptr) {
  patterns.add<ElementwiseLowering<OpTy>>(converter, patterns.getContext(), getBody, getRejection);
}

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_ELEMENTWISELOWERING_H
