//===- Compare.h - two models on the same data ------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_COMPARE_H
#define TFLC_QUANTIZER_COMPARE_H

#include "tflc/Quantizer/Samples.h"

#include "tflc/Quantization/Histogram.h"
#include "tflc/Support/OptLevel.h"

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// How far numbers are from those that they stand for. Sums, so that parts of the data can be
/// measured apart and merged.
class Difference {
public:
  void add(llvm::ArrayRef<float> wanted, llvm::ArrayRef<float> found);
  void merge(const Difference &other);

  int64_t getCount() const { return count; }
  /// Signal to quantization noise ratio in dB: 10 log10(sum wanted^2 / sum (wanted - found)^2).
  /// Infinite where nothing differs.
  double getSqnr() const;
  /// The cosine of the angle between the two as vectors; 1 where both are zero.
  double getCosine() const;
  double getLargest() const { return largest; }
  double getMean() const { return count ? total / double(count) : 0; }

private:
  int64_t count = 0;
  double wantedSquares = 0, foundSquares = 0, products = 0, errorSquares = 0;
  double total = 0, largest = 0;
};

struct TensorDifference {
  /// The tensor's name, which both models have.
  std::string name;
  /// The builtin operator that computes it in the first model; empty for an input.
  std::string operatorName;
  /// The element type in the second model: "int8".
  std::string type;
  Difference difference;
  /// Of the first model's numbers, and of found - wanted.
  Histogram values, errors;
  /// What the type in the second model reaches; zeros where it is float.
  FloatRange covered;
};

struct Comparison {
  int64_t numSamples = 0;
  /// In the order of the first model.
  std::vector<TensorDifference> tensors;
  /// The outputs of all signatures, by their names there.
  std::vector<TensorDifference> outputs;
};

/// Runs samples through `wanted` and through `found` and compares all tensors of one name. The
/// samples are read for `wanted`; where `found` takes quantized inputs, they are converted. What is
/// wrong with a model is emitted as diagnostics.
llvm::Expected<Comparison> compareModels(mlir::ModuleOp wanted, mlir::ModuleOp found,
                                         SampleSource &samples, OptLevel level = OptLevel::O2);

} // namespace tflc

#endif // TFLC_QUANTIZER_COMPARE_H
