//===- Activation.h - fused activation functions ----------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_ACTIVATION_H
#define TFLC_QUANTIZATION_ACTIVATION_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace tflc {

/// The schema's ActivationFunctionType.
enum class Activation { None, Relu, ReluN1To1, Relu6, Tanh, SignBit };

/// The activation that the schema calls `name` ("RELU6"); nothing where there is none of this name.
std::optional<Activation> parseActivation(llvm::StringRef name);

/// The bounds that an activation clamps reals to; a missing one is infinite.
struct RealRange {
  std::optional<float> min, max;
};
RealRange getActivationRange(Activation activation);

/// The bounds of stored integers, both included.
struct IntegerRange {
  int32_t min, max;
};

/// The stored integers that `activation` leaves possible in a tensor of this scale and zero point,
/// whose type holds `type`: a bound is zeroPoint + round(real / scale), in float and halves away
/// from zero. Nothing where a bound does not fit 32 bits. Activations that are no clamp leave the
/// type's limits, as the reference does.
std::optional<IntegerRange> getQuantizedActivationRange(Activation activation, float scale,
                                                        int32_t zeroPoint, IntegerRange type);

} // namespace tflc

#endif // TFLC_QUANTIZATION_ACTIVATION_H
