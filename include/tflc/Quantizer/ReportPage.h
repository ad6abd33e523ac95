//===- ReportPage.h - what quantization did to a model ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_REPORTPAGE_H
#define TFLC_QUANTIZER_REPORTPAGE_H

#include "tflc/Quantizer/EvaluationPage.h"
#include "tflc/Quantizer/ReportGraph.h"
#include "tflc/Quantizer/Search.h"

namespace tflc {

/// What the model would be with one more operator in float.
struct Advice {
  std::string operatorName, tensorName;
  /// In dB, of the worst output.
  double gain = 0;
  /// Of an invocation's time, as a share.
  double moreTime = 0;
};

struct QuantizationReport {
  EvaluatedModel before, after;
  Comparison comparison;
  std::vector<Advice> advice;
  /// Empty if no search was made.
  SearchResult search;
  SearchOptions searchOptions;
  /// The functions of the quantized model.
  std::vector<ReportGraph> graphs;
  /// How many operators compute with each type.
  std::map<std::string, int64_t> typesBefore, typesAfter;
};

/// "keep CONV_2D "stem/conv" in float: +14.0 dB for +2.0 % time".
std::string formatAdvice(const Advice &advice);

/// The least SQNR of the outputs in dB; at most 200.
double getWorstSqnr(const Comparison &comparison);

/// One HTML page without anything from outside: sizes and times before and after, the advice, the
/// graph, the error along the model, the frontier of a search, and each tensor with its values, the
/// range that its type covers and its errors.
std::string makeReportPage(const QuantizationReport &report);

} // namespace tflc

#endif // TFLC_QUANTIZER_REPORTPAGE_H
