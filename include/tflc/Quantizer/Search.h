//===- Search.h - the cheapest form that is good enough ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_SEARCH_H
#define TFLC_QUANTIZER_SEARCH_H

#include "tflc/Quantizer/Compare.h"
#include "tflc/Quantizer/Recipe.h"

#include "llvm/ADT/StringMap.h"

#include <functional>

namespace tflc {

/// What a form of a model must be good at.
enum class SearchMetric {
  /// The share of samples that are classified right.
  Accuracy,
  /// The signal to noise ratio of the outputs against the float model, in dB; of several outputs
  /// the
  /// worst.
  SQNR,
};
std::optional<SearchMetric> parseSearchMetric(llvm::StringRef name);

/// What it shall need little of.
enum class SearchCost {
  /// Of an invocation: microseconds, or cycles where they are estimated for another machine.
  Time,
  /// Bytes of code and constants.
  Size,
  /// Bytes of the arena.
  RAM,
};
std::optional<SearchCost> parseSearchCost(llvm::StringRef name);
/// "us" or "cycles", "bytes", "bytes of RAM".
llvm::StringRef getCostUnit(SearchCost cost, bool isEstimated);

struct Measurement {
  /// As the metric says: a share, or dB.
  double quality = 0;
  /// In microseconds, or in cycles where it is estimated.
  double time = 0;
  int64_t bytes = 0;
  int64_t arenaBytes = 0;

  double getCost(SearchCost cost) const;
};

struct SearchOptions {
  SearchMetric metric = SearchMetric::SQNR;
  SearchCost minimize = SearchCost::Time;
  /// Accuracy: how much less than the float model's, as a share. SQNR: the largest ratio of the
  /// noise to the signal, both as amplitudes: 0.01 is 40 dB.
  double maxDrop = 0.01;
  /// Whether time is estimated, by what the compiler expects of the code for another machine.
  bool isTimeEstimated = false;

  /// The least quality that is good enough.
  double getBound(double floatQuality) const;
};

/// An operator that adds noise when quantized: the share of noise in its results less that in its
/// operands.
struct NoisyOperator {
  std::string tensorName, operatorName;
  /// Noise added, as a share of the power of the signal.
  double added = 0;
  /// Whether it has weights.
  bool hasWeights = false;
  /// Whether it has a kernel for weights of 4 bits.
  bool takesSmallWeights = false;
  /// Whether it has a kernel for int16.
  bool takesWords = false;
  /// What it costs more than in int8, as the compiler estimates: in float, and in int16.
  double moreInFloat = 0, moreInWords = 0;
};

/// What the search asks of the one who has the model and the data.
struct SearchWork {
  /// Quantizes by a recipe and measures; nothing where the model has no such form.
  std::function<std::optional<Measurement>(const Recipe &recipe)> measure;
  /// The operators of the model quantized by a recipe, the one that adds most noise first.
  std::function<std::vector<NoisyOperator>(const Recipe &recipe)> rankOperators;
  /// What each operator costs in the form of a recipe, or in the float model, by the name of its
  /// tensor: in the unit of SearchCost, but estimated, so that a search depends on no measured
  /// time. May be left out.
  std::function<llvm::StringMap<double>(const std::optional<Recipe> &recipe)> estimateCosts;
  /// Whether there is time for another measurement.
  std::function<bool()> mayContinue;
  /// Whether some weights may have a scale for each block of 32.
  bool takesBlocks = false;
};

struct SearchPoint {
  /// "int8, 3 operators in float".
  std::string name;
  /// None for the float model.
  std::optional<Recipe> recipe;
  Measurement measured;
  bool isGood = false;
  /// No other point is better and costs no more.
  bool isOnFrontier = false;
};

struct SearchResult {
  double bound = 0;
  /// The float model, then what was tried, in order.
  std::vector<SearchPoint> points;
  /// The best of the points that are good enough (the float model always is) and cost at most 5 %
  /// more than the cheapest of them.
  size_t best = 0;
  /// Whether there was no time to try everything.
  bool isCutShort = false;
};

/// Tries the forms that a model can take. Where int8 is not good enough, first ranges and weights
/// are chosen otherwise. Then come int16x8, dynamic range with weights of 8 and 4 bits, float16 and
/// int8 with weights of 4 bits. Where none of int8 is good enough, as few operators as are needed
/// stay in float or compute with int16: once those that add most noise first, once those that add
/// most noise for what they would cost more; the others may have weights of 4 bits. Where weights
/// of 4 bits are not good enough but those of 8 are, as few operators as are needed get 8 bits.
/// What is tried depends on quality and estimates alone, not on what was measured as cost. `base`
/// says what all forms share: types of inputs and outputs where the form can have them, the method
/// for ranges, expressions.
SearchResult searchForms(const Recipe &base, const Measurement &floatModel,
                         const SearchOptions &options, const SearchWork &work);

/// The operators of `model` by the noise that they add, as `comparison` with the quantized model
/// found it. Those that add none are left out.
std::vector<NoisyOperator> rankByNoise(mlir::ModuleOp model, const Comparison &comparison);

/// An expression that matches this tensor name and no other.
std::string makeExpression(llvm::StringRef tensorName);

} // namespace tflc

#endif // TFLC_QUANTIZER_SEARCH_H
