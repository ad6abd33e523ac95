//===- Calibration.h - what samples have shown of a model -------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_CALIBRATION_H
#define TFLC_QUANTIZER_CALIBRATION_H

#include "tflc/Quantization/ChooseRange.h"

#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tflc {

/// What has been seen of one tensor.
class Observer {
public:
  void add(llvm::ArrayRef<float> values, const RangeOptions &options);
  /// Adds what another one has seen. Not for a moving average, which depends on an order.
  void merge(const Observer &other);

  /// The range for a quantized value of `bits`; nothing where no value has been seen.
  std::optional<FloatRange> choose(const RangeOptions &options, unsigned bits) const;
  /// Whether all values were the same.
  bool isConstant(const RangeOptions &options) const;

  llvm::json::Object toJSON() const;
  static std::optional<Observer> fromJSON(const llvm::json::Value &value);

private:
  bool seen = false;
  FloatRange range;
  Histogram histogram;
};

/// What has been seen in a signature, in the order in which its tensors are exposed.
struct SignatureObservers {
  std::vector<Observer> tensors;
  /// Of the tensors in subgraphs only the extremes are seen.
  std::vector<Observer> inner;
};

/// What samples have shown of a prepared model. Parts of the data can be seen apart, on other
/// machines, and merged.
struct Calibration {
  RangeOptions range;
  int64_t numSamples = 0;
  /// By the keys of signatures.
  std::map<std::string, SignatureObservers> signatures;

  /// Fails where the two are not of one model and one way to choose ranges, or where the order of
  /// the samples counts.
  llvm::Error merge(const Calibration &other);
};

llvm::json::Object toJSON(const Calibration &calibration);

/// The calibration that toJSON made such an object of. The text may come from anywhere.
llvm::Expected<Calibration> parseCalibration(llvm::StringRef text);

} // namespace tflc

#endif // TFLC_QUANTIZER_CALIBRATION_H
