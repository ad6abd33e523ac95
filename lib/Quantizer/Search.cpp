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
  Recipe refine(const Recipe &recipe, double quality);
  void tryOthers();
  std::optional<size_t> improve(const Recipe &recipe, llvm::ArrayRef<NoisyOperator> ranked,
                                QuantizeRule rule, const char *nameFormat);
  void noteCosts(std::vector<NoisyOperator> &ops, const Recipe &recipe) const;
  void liftNoisyOperators(const Recipe &recipe);
  void mixAll(const Recipe &recipe, llvm::ArrayRef<NoisyOperator> lifted,
              llvm::ArrayRef<NoisyOperator> others);
  void narrowQuietWeights(const Recipe &mixed, llvm::ArrayRef<NoisyOperator> others,
                          const std::string &name);
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

/// Chooses ranges and weights otherwise, which costs nothing at run time: one after the other, each
/// is kept where the form becomes better.
Recipe FormSearch::refine(const Recipe &recipe, double quality) {
  Recipe best = recipe;
  auto tryOther = [&](llvm::StringRef what, llvm::function_ref<void(Recipe &)> change) {
    Recipe other = best;
    change(other);
    if (writeRecipe(other) == writeRecipe(best) || result.isCutShort)
      return;
    size_t before = result.points.size();
    tryForm(("int8, " + what).str(), other);
    if (result.points.size() == before || result.points.back().measured.quality <= quality)
      return;
    quality = result.points.back().measured.quality;
    best = std::move(other);
  };
  for (llvm::StringRef range : {"percentile=99.99", "mse"})
    tryOther(("range " + range).str(),
             [&](Recipe &other) { other.range = *parseRangeOptions(range); });
  tryOther("clipped weights", [](Recipe &other) { other.quantize.clipWeights = true; });
  tryOther("equalized layers", [](Recipe &other) { other.quantize.equalize = true; });
  return best;
}

/// Adds `rule` for each of the operators.
static Recipe addRules(Recipe recipe, llvm::ArrayRef<NoisyOperator> ops, QuantizeRule rule) {
  for (const NoisyOperator &op : ops) {
    rule.match = makeExpression(op.tensorName);
    recipe.quantize.rules.push_back(rule);
  }
  return recipe;
}

/// Doubles the number of operators for which `rule` holds until the form is good enough, then looks
/// for the least number in between. Nothing where all of them do not suffice.
std::optional<size_t> FormSearch::improve(const Recipe &recipe,
                                          llvm::ArrayRef<NoisyOperator> ranked, QuantizeRule rule,
                                          const char *nameFormat) {
  auto tryNumber = [&](size_t number) {
    llvm::StringRef noun = number == 1 ? "operator" : "operators";
    return tryForm(llvm::formatv(nameFormat, number, noun),
                   addRules(recipe, ranked.take_front(number), rule));
  };
  size_t bad = 0, good = std::min<size_t>(1, ranked.size());
  while (bad < good && !tryNumber(good) && !result.isCutShort) {
    bad = good;
    good = std::min(2 * good, ranked.size());
  }
  while (bad < good && good - bad > 1 && !result.isCutShort) {
    size_t middle = bad + (good - bad) / 2;
    (tryNumber(middle) ? good : bad) = middle;
  }
  return bad < good && !result.isCutShort ? std::optional(good) : std::nullopt;
}

/// Estimates what each operator would cost more with more bits.
void FormSearch::noteCosts(std::vector<NoisyOperator> &ops, const Recipe &recipe) const {
  if (!work.estimateCosts)
    return;
  Recipe words = recipe;
  words.quantize = makeRecipe(QuantizationMode::Int16x8, 8).quantize;
  llvm::StringMap<double> bytes = work.estimateCosts(recipe);
  llvm::StringMap<double> floats = work.estimateCosts(std::nullopt);
  llvm::StringMap<double> shorts = work.estimateCosts(words);
  for (NoisyOperator &op : ops) {
    double now = bytes.lookup(op.tensorName);
    op.moreInFloat = floats.lookup(op.tensorName) - now;
    op.moreInWords = shorts.lookup(op.tensorName) - now;
  }
}

/// The operators that add most noise for what they would cost more in float; those that cost
/// nothing first.
static std::vector<NoisyOperator> sortByCost(std::vector<NoisyOperator> ops) {
  auto isBefore = [](const NoisyOperator &a, const NoisyOperator &b) {
    return a.added * std::max(b.moreInFloat, 0.0) > b.added * std::max(a.moreInFloat, 0.0);
  };
  llvm::stable_sort(ops, isBefore);
  return ops;
}

static double sumCosts(llvm::ArrayRef<NoisyOperator> ops) {
  double sum = 0;
  for (const NoisyOperator &op : ops)
    sum += op.moreInFloat;
  return sum;
}

/// As few operators as are needed get more than 8 bits: all of them float, all of them int16, or
/// each what is cheaper for it.
void FormSearch::liftNoisyOperators(const Recipe &recipe) {
  std::vector<NoisyOperator> ranked = work.rankOperators(recipe);
  noteCosts(ranked, recipe);
  QuantizeRule toFloat, toWords;
  toFloat.keepFloat = true;
  toWords.keepFloat = false;
  toWords.mode = QuantizationMode::Int16x8;
  std::optional<size_t> count = improve(recipe, ranked, toFloat, "int8, {0} {1} in float");
  std::vector<NoisyOperator> takesWords = ranked;
  llvm::erase_if(takesWords, [](const NoisyOperator &op) { return !op.takesWords; });
  if (!result.isCutShort)
    improve(recipe, takesWords, toWords, "int8, {0} {1} in int16x8");
  std::vector<NoisyOperator> byCost = sortByCost(ranked);
  auto hasName = [](const NoisyOperator &a, const NoisyOperator &b) {
    return a.tensorName == b.tensorName;
  };
  if (count && !result.isCutShort && !llvm::equal(ranked, byCost, hasName)) {
    std::optional<size_t> cheap =
        improve(recipe, byCost, toFloat, "int8, {0} {1} in float, cheap ones first");
    if (cheap && sumCosts(llvm::ArrayRef(byCost).take_front(*cheap)) <
                     sumCosts(llvm::ArrayRef(ranked).take_front(*count))) {
      ranked = std::move(byCost);
      count = cheap;
    }
  }
  if (count && !result.isCutShort)
    mixAll(recipe, llvm::ArrayRef(ranked).take_front(*count),
           llvm::ArrayRef(ranked).drop_front(*count));
}

/// Whether an operator is cheaper in int16 than in float. Without an estimate, products of int16
/// are taken to be dear, and all else to be cheaper than conversions to float.
static bool prefersWords(const NoisyOperator &op) {
  if (!op.takesWords)
    return false;
  return op.moreInFloat == op.moreInWords ? !op.hasWeights : op.moreInWords < op.moreInFloat;
}

/// Operators that are not good enough in int8 become what is cheaper for each, int16 or float. What
/// adds little noise may have weights of 4 bits.
void FormSearch::mixAll(const Recipe &recipe, llvm::ArrayRef<NoisyOperator> lifted,
                        llvm::ArrayRef<NoisyOperator> others) {
  std::vector<NoisyOperator> words, floats;
  for (const NoisyOperator &op : lifted)
    (prefersWords(op) ? words : floats).push_back(op);
  QuantizeRule toFloat, toWords;
  toFloat.keepFloat = true;
  toWords.keepFloat = false;
  toWords.mode = QuantizationMode::Int16x8;
  std::string name = llvm::formatv("int8, {0} in float", lifted.size());
  Recipe mixed = addRules(recipe, lifted, toFloat);
  if (!words.empty() && !floats.empty()) {
    Recipe both = addRules(addRules(recipe, floats, toFloat), words, toWords);
    std::string bothName =
        llvm::formatv("int8, {0} in float, {1} in int16x8", floats.size(), words.size());
    if (tryForm(bothName, both)) {
      mixed = std::move(both);
      name = std::move(bothName);
    }
  }
  if (!result.isCutShort)
    narrowQuietWeights(mixed, others, name);
}

/// Halves the number of operators with weights of 4 bits until the form is good enough.
void FormSearch::narrowQuietWeights(const Recipe &mixed, llvm::ArrayRef<NoisyOperator> others,
                                    const std::string &name) {
  std::vector<NoisyOperator> quiet;
  for (const NoisyOperator &op : llvm::reverse(others))
    if (op.takesSmallWeights)
      quiet.push_back(op);
  QuantizeRule narrow;
  narrow.weightBits = 4;
  for (size_t number = quiet.size(); number != 0 && !result.isCutShort; number /= 2)
    if (tryForm(name + llvm::formatv(", {0} with weights of 4 bits", number).str(),
                addRules(mixed, llvm::ArrayRef(quiet).take_front(number), narrow)))
      return;
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
  // Times scatter: of forms that cost nearly the least, the best one is taken, and of equally good
  // ones the first.
  constexpr double alike = 0.05;
  double least = cost(result.points.front());
  for (const SearchPoint &point : result.points)
    if (point.isGood)
      least = std::min(least, cost(point));
  std::optional<size_t> best;
  for (auto [i, point] : llvm::enumerate(result.points))
    if (point.isGood && cost(point) <= (1 + alike) * least &&
        (!best || point.measured.quality > result.points[*best].measured.quality))
      best = i;
  result.best = *best;
}

/// The forms beside int8 with weights of 8 bits.
void FormSearch::tryOthers() {
  tryForm("int16x8", makeRecipe(QuantizationMode::Int16x8, 8));
  tryForm("dynamic-range", makeRecipe(QuantizationMode::DynamicRange, 8));
  tryForm("dynamic-range, weights of 4 bits", makeRecipe(QuantizationMode::DynamicRange, 4));
  if (work.takesBlocks) {
    Recipe blocks = makeRecipe(QuantizationMode::DynamicRange, 4);
    blocks.quantize.weightBlock = 32;
    tryForm("dynamic-range, weights of 4 bits in blocks of 32", blocks);
  }
  tryForm("float16", makeRecipe(QuantizationMode::Float16, 8));
}

SearchResult FormSearch::run(const Measurement &floatModel) {
  result.bound = options.getBound(floatModel.quality);
  result.points.push_back({"float32", std::nullopt, floatModel, true, false});
  Recipe best = makeRecipe(QuantizationMode::Int8, 8);
  bool isGood = tryForm("int8", best), isMeasured = result.points.size() > 1;
  if (isMeasured && !isGood) {
    best = refine(best, result.points.back().measured.quality);
    isGood = llvm::any_of(llvm::drop_begin(result.points),
                          [](const SearchPoint &point) { return point.isGood; });
  }
  Recipe nibbles = best;
  nibbles.quantize.weightBits = 4;
  bool areNibblesGood = tryForm("int8, weights of 4 bits", nibbles);
  tryOthers();
  if (isMeasured && !isGood && !result.isCutShort)
    liftNoisyOperators(best);
  if (isGood && !areNibblesGood && !result.isCutShort)
    widenNoisyWeights(nibbles);
  judge();
  return std::move(result);
}

SearchResult tflc::searchForms(const Recipe &base, const Measurement &floatModel,
                               const SearchOptions &options, const SearchWork &work) {
  return FormSearch(base, options, work).run(floatModel);
}
