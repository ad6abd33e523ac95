//===- RoundWeights.cpp - weights rounded by what they do -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantization/RoundWeights.h"

#include "tflc/Quantization/Parameters.h"

#include <cmath>

using namespace llvm;
using namespace tflc;

//===----------------------------------------------------------------------===//
// Moments
//===----------------------------------------------------------------------===//

void SecondMoments::add(ArrayRef<float> vectors) {
  for (; vectors.size() >= size && size != 0; vectors = vectors.drop_front(size)) {
    for (size_t i = 0; i < size; ++i) {
      double factor = vectors[i];
      totals[i] += factor;
      // Many activations are zero.
      if (factor != 0 && !sums.empty())
        for (size_t j = 0; j <= i; ++j)
          sums[i * size + j] += factor * vectors[j];
    }
    ++count;
  }
}

std::vector<float> SecondMoments::getMeans() const {
  std::vector<float> means;
  for (double total : totals)
    means.push_back(count ? float(total / double(count)) : 0);
  return means;
}

std::vector<float> SecondMoments::getProducts() const {
  std::vector<float> products(sums.size());
  if (count != 0 && !sums.empty())
    for (size_t i = 0; i < size; ++i)
      for (size_t j = 0; j < size; ++j)
        products[i * size + j] =
            float(sums[std::max(i, j) * size + std::min(i, j)] / double(count));
  return products;
}

//===----------------------------------------------------------------------===//
// Rounding
//===----------------------------------------------------------------------===//

/// Replaces the lower triangle of a symmetric matrix by L with L L^T = matrix; false where it has
/// none.
static bool factorize(std::vector<double> &matrix, size_t size) {
  for (size_t i = 0; i < size; ++i)
    for (size_t j = 0; j <= i; ++j) {
      double sum = matrix[i * size + j];
      for (size_t k = 0; k < j; ++k)
        sum -= matrix[i * size + k] * matrix[j * size + k];
      if (i == j && !(sum > 0))
        return false;
      matrix[i * size + j] = i == j ? std::sqrt(sum) : sum / matrix[j * size + j];
    }
  return true;
}

/// The inverse of L, which is a lower triangle, too.
static std::vector<double> invertTriangle(const std::vector<double> &triangle, size_t size) {
  std::vector<double> inverse(size * size);
  for (size_t column = 0; column < size; ++column)
    for (size_t i = column; i < size; ++i) {
      double sum = i == column ? 1 : 0;
      for (size_t k = column; k < i; ++k)
        sum -= triangle[i * size + k] * inverse[k * size + column];
      inverse[i * size + column] = sum / triangle[i * size + i];
    }
  return inverse;
}

WeightRounder::WeightRounder(size_t size, ArrayRef<float> products) : size(size) {
  if (products.size() != size * size || size == 0)
    return;
  // With the order of the elements reversed, M = L L^T gives M^-1 = U^T U by U = L^-1, and U is an
  // upper triangle in the order as it was.
  auto reversed = [&](size_t i, size_t j) { return (size - 1 - i) * size + (size - 1 - j); };
  std::vector<double> matrix(size * size);
  double trace = 0;
  for (size_t i = 0; i < size; ++i)
    trace += products[i * size + i];
  // Keeps the matrix from being singular, as where an element is always zero.
  constexpr double damping = 0.01;
  double added = damping * trace / double(size);
  if (!(added > 0) || !std::isfinite(added))
    return;
  for (size_t i = 0; i < size; ++i)
    for (size_t j = 0; j < size; ++j)
      matrix[reversed(i, j)] = products[i * size + j] + (i == j ? added : 0);
  if (!factorize(matrix, size))
    return;
  std::vector<double> inverse = invertTriangle(matrix, size);
  factor.resize(size * size);
  for (size_t i = 0; i < size; ++i)
    for (size_t j = i; j < size; ++j)
      factor[i * size + j] = inverse[reversed(i, j)];
}

void WeightRounder::round(MutableArrayRef<float> row, float scale, int64_t storedMax) const {
  roundBlocks(row, row.size(), storedMax, [&](ArrayRef<float>) { return scale; });
}

std::vector<float>
WeightRounder::roundBlocks(MutableArrayRef<float> row, size_t blockSize, int64_t storedMax,
                           function_ref<float(ArrayRef<float>)> chooseScale) const {
  std::vector<float> scales;
  std::vector<double> wanted(row.begin(), row.end());
  for (size_t i = 0; i < row.size(); ++i) {
    if (i % blockSize == 0) {
      auto begin = wanted.begin() + i;
      scales.push_back(chooseScale(std::vector<float>(begin, begin + blockSize)));
    }
    float scale = scales.back();
    row[i] = scale * float(quantizeValue(wanted[i], {scale, 0}, -storedMax, storedMax));
    if (factor.empty())
      continue;
    double error = (wanted[i] - row[i]) / factor[i * size + i];
    for (size_t j = i + 1; j < row.size(); ++j)
      wanted[j] -= error * factor[i * size + j];
  }
  return scales;
}
