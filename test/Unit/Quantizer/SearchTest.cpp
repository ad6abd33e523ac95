//===- SearchTest.cpp - the cheapest form that is good enough -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/Search.h"

#include "llvm/ADT/STLExtras.h"

#include <gtest/gtest.h>
#include <random>

using namespace tflc;
using tflc::tfl::QuantizationMode;

namespace {

/// A model of three operators, and what forms of it would be measured as.
class FakeModel {
public:
  /// Times are off by up to `scatter`, as a share.
  FakeModel(unsigned seed, double scatter) : random(seed), scatter(-scatter, scatter) {}

  SearchResult search(double maxDrop) {
    SearchOptions options;
    options.maxDrop = maxDrop;
    SearchWork work;
    work.measure = [&](const Recipe &recipe) { return measure(recipe); };
    work.rankOperators = [](const Recipe &) {
      std::vector<NoisyOperator> ranked;
      for (const char *name : {"conv", "add", "dense"}) {
        NoisyOperator op;
        op.tensorName = name;
        op.hasWeights = op.takesSmallWeights = op.tensorName != "add";
        op.takesWords = true;
        op.added = 3 - double(ranked.size());
        ranked.push_back(op);
      }
      return ranked;
    };
    if (!costsInFloat.empty())
      work.estimateCosts = [&](const std::optional<Recipe> &recipe) {
        return recipe ? llvm::StringMap<double>() : costsInFloat;
      };
    work.mayContinue = [&] { return numTrials++ < mostTrials; };
    Measurement floatModel;
    floatModel.quality = 200;
    floatModel.time = 100;
    return searchForms(Recipe(), floatModel, options, work);
  }

  int mostTrials = 1000;
  /// What operators are estimated to cost; nothing in other forms.
  llvm::StringMap<double> costsInFloat;

private:
  std::optional<Measurement> measure(const Recipe &recipe) {
    const QuantizeOptions &options = recipe.quantize;
    Measurement measured;
    if (options.mode == QuantizationMode::Int8) {
      measured = {20, 40, 0, 0};
      measured.quality += options.clipWeights ? 3 : 0;
      measured.quality -= options.weightBits == 4 ? 8 : 0;
      for (const QuantizeRule &rule : options.rules) {
        bool isSmall = rule.weightBits == 4u;
        measured.quality += isSmall ? -1 : 10;
        measured.time += isSmall ? -1 : rule.mode == QuantizationMode::Int16x8 ? 7 : 9;
      }
    } else if (options.mode == QuantizationMode::Int16x8) {
      measured = {45, 90, 0, 0};
    } else {
      measured = {60, 95, 0, 0};
    }
    measured.time *= 1 + scatter(random);
    return measured;
  }

  int numTrials = 0;
  std::mt19937 random;
  std::uniform_real_distribution<double> scatter;
};

std::string getChoice(const SearchResult &result) { return result.points[result.best].name; }

std::vector<std::string> getNames(const SearchResult &result) {
  std::vector<std::string> names;
  for (const SearchPoint &point : result.points)
    names.push_back(point.name);
  return names;
}

} // namespace

TEST(SearchTest, ChoosesTheSameWhateverTimesScatter) {
  SearchResult first = FakeModel(0, 0).search(/*maxDrop=*/0.02);
  for (unsigned seed = 1; seed < 100; ++seed) {
    SearchResult other = FakeModel(seed, 0.01).search(0.02);
    EXPECT_EQ(getNames(other), getNames(first));
    EXPECT_EQ(getChoice(other), getChoice(first));
  }
}

TEST(SearchTest, KeepsWhatMakesInt8Better) {
  SearchResult result = FakeModel(0, 0).search(0.02);
  auto lifted = llvm::find_if(result.points, [](const SearchPoint &point) {
    return point.name == "int8, 1 operator in float";
  });
  ASSERT_NE(lifted, result.points.end());
  EXPECT_TRUE(lifted->recipe->quantize.clipWeights);
  EXPECT_EQ(lifted->recipe->range.method, RangeOptions().method);
}

TEST(SearchTest, LiftsAlsoWhatCostsLeastForItsNoise) {
  FakeModel model(0, 0);
  model.costsInFloat = {{"conv", 100}, {"add", 1}, {"dense", 1}};
  SearchResult result = model.search(0.02);
  auto cheap = llvm::find_if(result.points, [](const SearchPoint &point) {
    return point.name == "int8, 2 operators in float, cheap ones first";
  });
  ASSERT_NE(cheap, result.points.end());
  ASSERT_EQ(cheap->recipe->quantize.rules.size(), 2u);
  EXPECT_EQ(cheap->recipe->quantize.rules[0].match, "^add$");
  EXPECT_EQ(cheap->recipe->quantize.rules[1].match, "^dense$");
}

TEST(SearchTest, TriesOtherRangesRightAfterInt8) {
  std::vector<std::string> names = getNames(FakeModel(0, 0).search(0.02));
  EXPECT_EQ(names[1], "int8");
  EXPECT_EQ(names[2], "int8, range percentile=99.99");
}

TEST(SearchTest, MixesFloatAndBothWidths) {
  SearchResult result = FakeModel(0, 0).search(0.008);
  std::vector<std::string> names = getNames(result);
  EXPECT_TRUE(llvm::is_contained(names, "int8, 2 operators in float"));
  EXPECT_TRUE(llvm::is_contained(names, "int8, 2 operators in int16x8"));
  EXPECT_TRUE(llvm::is_contained(names, "int8, 1 in float, 1 in int16x8"));
  EXPECT_TRUE(
      llvm::is_contained(names, "int8, 1 in float, 1 in int16x8, 1 with weights of 4 bits"));
}

TEST(SearchTest, SaysThatTheBudgetDidNotLast) {
  FakeModel model(0, 0);
  model.mostTrials = 3;
  SearchResult result = model.search(0.02);
  EXPECT_TRUE(result.isCutShort);
  EXPECT_EQ(result.points.size(), 4u);
}
