//===- Difference.cpp - how far numbers are from others -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Compare.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>
#include <limits>

using namespace tflc;

void Difference::add(llvm::ArrayRef<float> wanted, llvm::ArrayRef<float> found) {
  for (auto [a, b] : llvm::zip_equal(wanted, found)) {
    double error = double(b) - a;
    wantedSquares += double(a) * a;
    foundSquares += double(b) * b;
    products += double(a) * b;
    errorSquares += error * error;
    total += std::abs(error);
    largest = std::max(largest, std::abs(error));
  }
  count += int64_t(wanted.size());
}

void Difference::merge(const Difference &other) {
  count += other.count;
  wantedSquares += other.wantedSquares;
  foundSquares += other.foundSquares;
  products += other.products;
  errorSquares += other.errorSquares;
  total += other.total;
  largest = std::max(largest, other.largest);
}

double Difference::getSqnr() const {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (errorSquares == 0)
    return infinity;
  return wantedSquares == 0 ? -infinity : 10 * std::log10(wantedSquares / errorSquares);
}

double Difference::getCosine() const {
  double lengths = std::sqrt(wantedSquares) * std::sqrt(foundSquares);
  if (lengths == 0)
    return wantedSquares == foundSquares ? 1 : 0;
  return products / lengths;
}
