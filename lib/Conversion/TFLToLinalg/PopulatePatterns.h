//===- PopulatePatterns.h - lowerings by operator family --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Every pattern follows one recipe.
//
// 1. It is an `OpConversionPattern<FooOp>`. `op` has the model's types (quantization, signedness,
// bool);
//    `adaptor` has the operands in the signless types they are stored in. Read scales, zero points
//    and signedness from `op`, compute with `adaptor`.
// 2. It declines with `notifyMatchFailure` before it creates anything. The pass then reports the
// operator
//    with its types as not supported.
// 3. It computes the sizes of the result as `OpFoldResult`s (`tensor::getMixedSizes`, Utils.h), so
// that
//    unknown dimensions work like known ones. An operand whose value decides a shape is known or
//    fed: `IndexMath::getElement` reads it, SizeChecks.h rejects what is out of range.
// 4. It computes with `linalg.generic` (`buildElementwise` for the common case) and moves data with
// `tensor`
//    ops; inits are `tensor.empty` or `linalg.fill`. Scalars that do not change are
//    `arith.constant`s outside the body; tables are constant tensors that the body reads with
//    `tensor.extract`.
// 5. Every op it creates has the location of `op`.
// 6. It replaces `op` by values of the converted result types.
//
// Quantized arithmetic comes from lib/Quantization (multipliers) and `tflrt.rescale` (rounding); a
// pattern never rounds on its own.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_POPULATEPATTERNS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_POPULATEPATTERNS_H

#include "TypeConverter.h"
#include "Variables.h"

#include "mlir/Transforms/DialectConversion.h"

namespace tflc {

void populateActivationPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateArithmeticPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateQuantizationPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateRecurrentPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns,
                               const VariableSymbols &symbols);
void populateReductionPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateReduceProductPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateSoftmaxPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateArgReductionPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateBlockPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateConstantPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateConvolutionPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateGatherPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateMatMulPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populatePoolingPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateTransposeConvolutionPatterns(TFLTypeConverter &converter,
                                          mlir::RewritePatternSet &patterns);
void populateJoinPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populatePadPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populatePermutePatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateRepeatPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateReshapePatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateResizePatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateScatterPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateSegmentPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateSearchPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateSlicePatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateSplitPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateSuppressionPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateRandomPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns,
                            const RandomStates &states);
void populateLookupPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateCustomPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateDivisionPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateLogicPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateUnaryPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateBitcastPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateComplexPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateDiagonalPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateNormalizationPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateRandomBitsPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateReduceWindowPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateScanPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateStablehloPatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns);
void populateVariablePatterns(TFLTypeConverter &converter, mlir::RewritePatternSet &patterns,
                              const VariableSymbols &symbols);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_POPULATEPATTERNS_H
