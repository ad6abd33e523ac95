//===- FakeQuantization.h - the steps of a range of reals -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_FAKEQUANTIZATION_H
#define TFLC_QUANTIZATION_FAKEQUANTIZATION_H

namespace tflc {

/// 2^bits reals, `scale` apart, from `min` to `max`; zero is one of them.
struct FakeQuantization {
  float scale, min, max;
};

/// The steps that stand for the range [min, max], where min < max and `numBits` is in [1, 16]. The
/// range is moved so that a step is zero, in float as TensorFlow's FakeQuantWithMinMaxArgs does.
FakeQuantization getFakeQuantization(float min, float max, int numBits);

} // namespace tflc

#endif // TFLC_QUANTIZATION_FAKEQUANTIZATION_H
