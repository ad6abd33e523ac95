//===- RoundWeights.h - weights rounded by what they do ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZATION_ROUNDWEIGHTS_H
#define TFLC_QUANTIZATION_ROUNDWEIGHTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <cstdint>
#include <vector>

namespace tflc {

/// How the elements of vectors go together: the mean of x x^T over all vectors x. Sums, so that
/// parts of the data can be seen apart.
class SecondMoments {
public:
  /// Without `withProducts` only the means are kept.
  explicit SecondMoments(size_t size, bool withProducts = true)
      : size(size), sums(withProducts ? size * size : 0), totals(size) {}

  size_t getSize() const { return size; }
  int64_t getCount() const { return count; }
  /// Adds vectors of getSize() elements that lie one after the other.
  void add(llvm::ArrayRef<float> vectors);
  /// The mean of each element.
  std::vector<float> getMeans() const;
  /// The means of all products of two elements, row by row; empty where they are not kept.
  std::vector<float> getProducts() const;

private:
  size_t size;
  int64_t count = 0;
  std::vector<double> sums, totals;
};

/// Decides which way weights are rounded so that the sums of products with the data come out best,
/// one weight after the other, and the error of each is made up for by those that follow (GPTQ:
/// Frantar et al., "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained
/// Transformers", 2023). Plain rounding where the data say nothing.
class WeightRounder {
public:
  /// `products` is the mean of x x^T of the vectors that rows of weights are multiplied with; empty
  /// for nothing known.
  WeightRounder(size_t size, llvm::ArrayRef<float> products);

  /// Replaces a row by multiples of `scale`, at most `storedMax` of them either way.
  void round(llvm::MutableArrayRef<float> row, float scale, int64_t storedMax) const;

  /// The same with a scale for each block of `blockSize` neighbours, which divides the row's
  /// length. `chooseScale` is asked when it is the block's turn, with the weights as the errors of
  /// those before have moved them. Returns the scales.
  std::vector<float>
  roundBlocks(llvm::MutableArrayRef<float> row, size_t blockSize, int64_t storedMax,
              llvm::function_ref<float(llvm::ArrayRef<float>)> chooseScale) const;

private:
  size_t size;
  /// The upper triangle U with U^T U = (products + damping)^-1; empty for plain rounding.
  std::vector<double> factor;
};

} // namespace tflc

#endif // TFLC_QUANTIZATION_ROUNDWEIGHTS_H
