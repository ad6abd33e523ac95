//===- ComparisonPage.h - a comparison to look at ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_COMPARISONPAGE_H
#define TFLC_QUANTIZER_COMPARISONPAGE_H

#include "tflc/Quantizer/Compare.h"

namespace tflc {

/// The tensors in the order of their SQNR, the lowest first; equal ones in the model's order.
std::vector<const TensorDifference *> sortWorstFirst(llvm::ArrayRef<TensorDifference> tensors);

/// One HTML page without anything from outside: a table, with a histogram of the errors of each
/// tensor.
std::string makeComparisonPage(const Comparison &comparison, llvm::StringRef wantedName,
                               llvm::StringRef foundName);

/// A histogram as a picture, with lines at the ends of `marked` where these are inside of it.
std::string drawHistogram(const Histogram &histogram, FloatRange marked = {});

/// Text as it may stand in HTML.
std::string escapeHtml(llvm::StringRef text);

/// A page up to its body. The first column of tables holds names, which may be long and are broken;
/// those of the class "text" have text in the second one, too.
std::string makePageHead(llvm::StringRef title);

} // namespace tflc

#endif // TFLC_QUANTIZER_COMPARISONPAGE_H
