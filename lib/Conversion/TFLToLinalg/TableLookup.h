//===- TableLookup.h - reading tables in bodies -----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_TABLELOOKUP_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_TABLELOOKUP_H

#include "ElementwiseLowering.h"
#include "tflc/Quantization/Table.h"

namespace tflc {

/// A table as a constant tensor, created outside of bodies.
mlir::Value createTable(mlir::OpBuilder &builder, mlir::Location loc, const Table8 &table);
mlir::Value createTable(mlir::OpBuilder &builder, mlir::Location loc, const Table16 &table);
mlir::Value createTable(mlir::OpBuilder &builder, mlir::Location loc,
                        const std::array<uint16_t, 256> &table);
mlir::Value createTable(mlir::OpBuilder &builder, mlir::Location loc,
                        const std::array<int32_t, 256> &table);

/// Entry `index` of a constant tensor; the index counts as unsigned.
mlir::Value readTable(ScalarBuilder &b, mlir::Value table, mlir::Value index);

/// What a `Table16` says about the 16 bit integer `value`, interpolated.
mlir::Value interpolateTable(ScalarBuilder &b, mlir::Value table, mlir::Value value);

/// A function of quantized 8 or 16 bit integers as a table of the type's width.
struct QuantizedFunction {
  std::optional<Table8> bytes;
  std::optional<Table16> shorts;
};

/// Lowers an op of one quantized operand to one look-up for each element. `getFunction` returns an
/// empty function where the op has no table for its types.
template <typename OpTy> struct TableLowering : mlir::OpConversionPattern<OpTy> {
  using GetFunction = QuantizedFunction (*)(OpTy, const AffineQuantization &,
                                            const AffineQuantization &);

  using GetRejection = std::optional<Rejection> (*)(OpTy);

  TableLowering(mlir::TypeConverter &converter, mlir::MLIRContext *context, GetFunction getFunction,
                GetRejection getRejection)
      : mlir::OpConversionPattern<OpTy>(converter, context), getFunction(getFunction),
        getRejection(getRejection) {}

  mlir::LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                      mlir::ConversionPatternRewriter &rewriter) const override {
    auto in = getAffineQuantization(op.getInput().getType());
    auto out = getAffineQuantization(op.getType());
    if (!in || !out || in->width != out->width || in->isSigned != out->isSigned)
      return rewriter.notifyMatchFailure(op, "not a function of quantized integers");
    QuantizedFunction function = getFunction(op, *in, *out);
    if (!function.bytes && !function.shorts)
      return rewriter.notifyMatchFailure(op, "no table for these types");
    mlir::Location loc = op.getLoc();
    mlir::Value table = function.bytes ? createTable(rewriter, loc, *function.bytes)
                                       : createTable(rewriter, loc, *function.shorts);
    mlir::Value input = adaptor.getInput();
    if (std::optional<Rejection> rejection = getRejection ? getRejection(op) : std::nullopt)
      input = guardOperand(rewriter, loc, op.getInput(), input, *rejection);
    mlir::Value result = buildElementwise(
        rewriter, loc, input, getBroadcastSizes(rewriter, loc, input), getElementType(input),
        [&](mlir::OpBuilder &builder, mlir::Location at, mlir::ValueRange args) {
          ScalarBuilder b(builder, at);
          return function.bytes ? readTable(b, table, args[0])
                                : interpolateTable(b, table, args[0]);
        });
    replaceWithCast(rewriter, op, result, *this->getTypeConverter());
    return mlir::success();
  }

  GetFunction getFunction;
  GetRejection getRejection;
};

template <typename OpTy>
void addTable(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns,
              typename TableLowering<OpTy>::GetFunction getFunction,
              std::optional<Rejection> (*getRejection)(OpTy) = nullptr) {
  patterns.add<TableLowering<OpTy>>(converter, patterns.getContext(), getFunction, getRejection);
}

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_TABLELOOKUP_H
