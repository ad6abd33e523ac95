//===- CustomOps.h - operators that are known by a name ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_CUSTOMOPS_H
#define TFL_IR_CUSTOMOPS_H

#include "TFL/IR/TFLDialect.h"

#include <variant>

namespace tflc::tfl {

/// TFLite_Detection_PostProcess.
struct DetectionOptions {
  int64_t maxDetections, maxClassesPerDetection, detectionsPerClass, numClasses;
  bool usesRegularSuppression;
  float scoreThreshold, overlapThreshold;
  float yScale, xScale, heightScale, widthScale;
};

/// MaxPoolingWithArgmax2D, MaxUnpooling2D, and (without a filter) Convolution2DTransposeBias.
struct WindowOptions {
  bool isSame;
  int64_t strideY, strideX, filterY, filterX;
  llvm::StringRef activation;
};

/// AudioSpectrogram.
struct SpectrogramOptions {
  int64_t windowSize, stride;
  bool isSquared;
};

/// Mfcc.
struct MfccOptions {
  double upperFrequency, lowerFrequency;
  int64_t numChannels, numCoefficients;
};

using CustomOptions =
    std::variant<std::monostate, DetectionOptions, WindowOptions, SpectrogramOptions, MfccOptions>;

/// Whether tflc knows what a custom operator of this name computes.
bool isKnownCustomOperator(llvm::StringRef name);

/// Decodes the option bytes of a known custom operator; `std::monostate` where they are malformed.
CustomOptions parseCustomOptions(llvm::StringRef name, llvm::StringRef bytes);

} // namespace tflc::tfl

#define GET_OP_CLASSES
#include "TFL/IR/CustomOps.h.inc"

#endif // TFL_IR_CUSTOMOPS_H
