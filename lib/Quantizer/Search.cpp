//===- Search.cpp - the cheapest form that is good enough -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Search.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace tflc;
using tflc::tfl::InterfaceType;
using tflc::tfl::QuantizationMode;

std::optional<SearchMetric> tflc::parseSearchMetric(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<SearchMetric>>(name)
      .Case("accuracy", SearchMetric::Accuracy)
      .Case("sqnr", SearchMetric::SQNR)
      .Default(std::nullopt);
}

std::optional<SearchCost> tflc::parseSearchCost(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<SearchCost>>(name)
      .Case("time", SearchCost::Time)
      .Case("size", SearchCost::Size)
      .Case("ram", SearchCost::RAM)
      .Default(std::nullopt);
}

llvm::StringRef tflc::getCostUnit(SearchCost cost, bool isEstimated) {
  switch (cost) {
  case SearchCost::Time:
    return isEstimated ? "cycles" : "us";
  case SearchCost::Size:
    return "bytes";
  case SearchCost::RAM:
    return "bytes of RAM";
  }
  return "";
}

double Measurement::getCost(SearchCost cost) const {
  switch (cost) {
  case SearchCost::Time:
    return time;
  case SearchCost::Size:
    return double(bytes);
  case SearchCost::RAM:
    return double(arenaBytes);
  }
  return 0;
}

double SearchOptions::getBound(double floatQuality) const {
  return metric == SearchMetric::Accuracy ? floatQuality - maxDrop : -20 * std::log10(maxDrop);
}

namespace {

class FormSearch {
public:
  FormSearch(const Recipe &base, const SearchOptions &options, const SearchWork &work)
      : base(base), options(options), work(work) {}

  SearchResult run(const Measurement &floatModel);

private:
  Recipe makeRecipe(QuantizationMode mode, unsigned weightBits) const;
  bool tryForm(const std::string &name, const Recipe &recipe);
  void improve(const Recipe &recipe, llvm::ArrayRef<NoisyOperator> ranked, QuantizeRule rule,
               const char *nameFormat);
  void keepNoisyInFloat(const Recipe &recipe);
  void widenNoisyWeights(const Recipe &recipe);
  void judge();

  const Recipe &base;
  const SearchOptions &options;
  const SearchWork &work;
  SearchResult result;
};

} // namespace

Recipe FormSearch::makeRecipe(QuantizationMode mode, unsigned weightBits) const {
  Recipe recipe = base;
  recipe.quantize.mode = mode;
  recipe.quantize.weightBits = weightBits;
  recipe.quantize.allowFloat = true;
  recipe.quantize.correctBiases = needsCalibration(mode);
  for (InterfaceType *type :
       {&recipe.quantize.interface.inputs, &recipe.quantize.interface.outputs})
    if (!needsCalibration(mode) ||
        (*type == InterfaceType::Int16) != (mode == QuantizationMode::Int16x8))
      *type = InterfaceType::Float;
  return recipe;
}

/// Whether the form exists and is good enough.
bool FormSearch::tryForm(const std::string &name, const Recipe &recipe) {
  if (!work.mayContinue()) {
    result.isCutShort = true;
    return false;
  }
  std::optional<Measurement> measured = work.measure(recipe);
  if (!measured)
    return false;
  bool isGood = measured->quality >= result.bound;
  result.points.push_back({name, recipe, *measured, isGood, false});
  return isGood;
}

/// Doubles the number of operators for which `rule` holds until the form is good enough, then looks
/// for the least number in between.
void FormSearch::improve(const Recipe &recipe, llvm::ArrayRef<NoisyOperator> ranked,
                         QuantizeRule rule, const char *nameFormat) {
  auto tryNumber = [&](size_t number) {
    Recipe mixed = recipe;
    for (const NoisyOperator &op : ranked.take_front(number)) {
      rule.match = makeExpression(op.tensorName);
      mixed.quantize.rules.push_back(rule);
    }
    llvm::StringRef noun = number == 1 ? "operator" : "operators";
    return tryForm(llvm::formatv(nameFormat, number, noun), mixed);
  };
  size_t bad = 0, good = 1;
  while (good <= ranked.size() && !tryNumber(good) && !result.isCutShort) {
    bad = good;
    good *= 2;
  }
  while (good <= ranked.size() && good - bad > 1 && !result.isCutShort) {
    size_t middle = bad + (good - bad) / 2;
    (tryNumber(middle) ? good : bad) = middle;
  }
}

void FormSearch::keepNoisyInFloat(const Recipe &recipe) {
  QuantizeRule rule;
  rule.keepFloat = true;
  improve(recipe, work.rankOperators(recipe), rule, "int8, {0} {1} in float");
}

/// Between weights of 4 bits, which are too coarse, and of 8 bits, which are good.
void FormSearch::widenNoisyWeights(const Recipe &recipe) {
  std::vector<NoisyOperator> ranked = work.rankOperators(recipe);
  llvm::erase_if(ranked, [](const NoisyOperator &op) { return !op.takesSmallWeights; });
  QuantizeRule rule;
  rule.weightBits = 8;
  improve(recipe, ranked, rule, "int8, weights of 4 bits, {0} {1} with 8");
}

void FormSearch::judge() {
  auto cost = [&](const SearchPoint &point) { return point.measured.getCost(options.minimize); };
  for (SearchPoint &point : result.points)
    point.isOnFrontier = llvm::none_of(result.points, [&](const SearchPoint &other) {
      bool isNoWorse =
          other.measured.quality >= point.measured.quality && cost(other) <= cost(point);
      return isNoWorse &&
             (other.measured.quality > point.measured.quality || cost(other) < cost(point));
    });
  // Times scatter: of forms that cost nearly the same, the better one is taken.
  constexpr double alike = 0.03;
  for (size_t i = 0; i < result.points.size(); ++i) {
    const SearchPoint &point = result.points[i], &best = result.points[result.best];
    double saved = 1 - cost(point) / std::max(cost(best), 1e-9);
    bool isBetter = point.measured.quality > best.measured.quality;
    if (point.isGood && (saved > alike || (saved > -alike && isBetter)))
      result.best = i;
  }
}

SearchResult FormSearch::run(const Measurement &floatModel) {
  result.bound = options.getBound(floatModel.quality);
  result.points.push_back({"float32", std::nullopt, floatModel, true, false});
  Recipe int8 = makeRecipe(QuantizationMode::Int8, 8);
  Recipe nibbles = makeRecipe(QuantizationMode::Int8, 4);
  bool isGood = tryForm("int8", int8);
  bool areNibblesGood = tryForm("int8, weights of 4 bits", nibbles);
  tryForm("int16x8", makeRecipe(QuantizationMode::Int16x8, 8));
  tryForm("dynamic-range", makeRecipe(QuantizationMode::DynamicRange, 8));
  tryForm("dynamic-range, weights of 4 bits", makeRecipe(QuantizationMode::DynamicRange, 4));
  tryForm("float16", makeRecipe(QuantizationMode::Float16, 8));
  if (!isGood && !result.isCutShort)
    keepNoisyInFloat(int8);
  if (isGood && !areNibblesGood && !result.isCutShort)
    widenNoisyWeights(nibbles);
  judge();
  return std::move(result);
}

SearchResult tflc::searchForms(const Recipe &base, const Measurement &floatModel,
                               const SearchOptions &options, const SearchWork &work) {
  return FormSearch(base, options, work).run(floatModel);
}
