//===- CustomLowerings.h - custom operators by name -------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_CUSTOMLOWERINGS_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_CUSTOMLOWERINGS_H

#include "mlir/Transforms/DialectConversion.h"

#include "TFL/IR/CustomOps.h"

namespace tflc {

/// Each gives the results of a custom operator whose operands have been converted.
llvm::FailureOr<llvm::SmallVector<mlir::Value>>
lowerDetectionPostProcess(mlir::ConversionPatternRewriter &rewriter, tfl::CustomOp op,
                          mlir::ValueRange operands, const tfl::DetectionOptions &options);
llvm::FailureOr<llvm::SmallVector<mlir::Value>>
lowerSpectrogram(mlir::ConversionPatternRewriter &rewriter, tfl::CustomOp op,
                 mlir::ValueRange operands, const tfl::SpectrogramOptions &options);
llvm::FailureOr<llvm::SmallVector<mlir::Value>> lowerMfcc(mlir::ConversionPatternRewriter &rewriter,
                                                          tfl::CustomOp op,
                                                          mlir::ValueRange operands,
                                                          const tfl::MfccOptions &options);
/// MaxPoolingWithArgmax2D, MaxUnpooling2D and Convolution2DTransposeBias.
llvm::FailureOr<llvm::SmallVector<mlir::Value>>
lowerWindow(mlir::ConversionPatternRewriter &rewriter, tfl::CustomOp op, mlir::ValueRange operands,
            const tfl::WindowOptions &options);

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_CUSTOMLOWERINGS_H
