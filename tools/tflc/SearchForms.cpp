//===- SearchForms.cpp - tflc quantize --auto -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FormMeasurer.h"
#include "RecipeOptions.h"

#include "llvm/Support/FormatVariadic.h"

#include <chrono>

using namespace llvm;
using namespace tflc;

/// "0.5%" or "0.005".
static bool readShare(StringRef text, double &share) {
  bool isPercent = text.consume_back("%");
  if (text.getAsDouble(share) || !(share >= 0))
    return false;
  if (isPercent)
    share /= 100;
  return true;
}

std::optional<SearchOptions> tflc::readSearchOptions(const Arguments &arguments,
                                                     const ModelOptions &model,
                                                     Diagnostics &diagnostics) {
  SearchOptions options;
  std::optional<SearchMetric> metric = parseSearchMetric(arguments.get("metric").value_or("sqnr"));
  std::optional<SearchCost> cost = parseSearchCost(arguments.get("minimize").value_or("time"));
  if (!metric)
    diagnostics.error("'--metric=" + *arguments.get("metric") + "' is none of accuracy, sqnr");
  if (!cost)
    diagnostics.error("'--minimize=" + *arguments.get("minimize") + "' is none of time, size, ram");
  if (!metric || !cost)
    return std::nullopt;
  options.metric = *metric;
  options.minimize = *cost;
  std::optional<StringRef> drop = arguments.get("max-drop");
  bool needsMore = options.metric == SearchMetric::SQNR;
  if (drop && (!readShare(*drop, options.maxDrop) || (needsMore && options.maxDrop == 0))) {
    diagnostics.error("'--max-drop=" + *drop + "' is no share such as 0.5%");
    return std::nullopt;
  }
  options.isTimeEstimated = !model.isNative;
  return options;
}

static void printTable(const SearchResult &result, const SearchOptions &options) {
  bool isShare = options.metric == SearchMetric::Accuracy;
  outs() << formatv("{0,10} {1,12} {2,12} {3,12}     form\n", isShare ? "accuracy %" : "SQNR dB",
                    getCostUnit(SearchCost::Time, options.isTimeEstimated), "bytes", "arena");
  for (auto [i, point] : llvm::enumerate(result.points)) {
    const Measurement &measured = point.measured;
    outs() << formatv("{0,10:F2} {1,12:F1} {2,12} {3,12} {4}{5}{6} {7}\n",
                      isShare ? 100 * measured.quality : measured.quality, measured.time,
                      formatCount(measured.bytes), formatCount(measured.arenaBytes),
                      point.isGood ? "+" : "-", point.isOnFrontier ? "*" : " ",
                      i == result.best ? ">" : " ", point.name);
  }
  outs() << formatv("at least {0:F2} is good enough (+); * is on the frontier, > is chosen\n",
                    isShare ? 100 * result.bound : result.bound);
  if (result.isCutShort)
    outs() << "the budget did not last for all forms; with another one, or on a slower machine, "
              "the choice may be another\n";
}

std::optional<SearchResult> tflc::searchByOptions(FormMeasurer &measurer,
                                                  const Arguments &arguments,
                                                  const SearchOptions &options,
                                                  Diagnostics &diagnostics) {
  double budget = 60;
  if (std::optional<StringRef> text = arguments.get("budget")) {
    StringRef number = *text;
    number.consume_back("s");
    if (number.getAsDouble(budget) || !(budget > 0)) {
      diagnostics.error("'--budget=" + *text + "' is no time such as 60s");
      return std::nullopt;
    }
  }
  std::optional<Recipe> base = readRecipeOfMode(arguments, "mode", "int8", diagnostics);
  if (!base)
    return std::nullopt;
  using Clock = std::chrono::steady_clock;
  Clock::time_point start = Clock::now();
  std::optional<Measurement> floatModel = measurer.measureFloat();
  if (!floatModel)
    return std::nullopt;
  SearchWork work;
  work.measure = [&](const Recipe &recipe) { return measurer.measure(recipe); };
  work.rankOperators = [&](const Recipe &recipe) { return measurer.rank(recipe); };
  work.estimateCosts = [&](const std::optional<Recipe> &recipe) {
    return measurer.estimateCosts(recipe);
  };
  work.mayContinue = [&] {
    return std::chrono::duration<double>(Clock::now() - start).count() < budget;
  };
  work.takesBlocks = measurer.takesBlocks();
  SearchResult result = searchForms(*base, *floatModel, options, work);
  // A form that cannot be made has been reported.
  if (diagnostics.getNumErrors())
    return std::nullopt;
  printTable(result, options);
  return result;
}
