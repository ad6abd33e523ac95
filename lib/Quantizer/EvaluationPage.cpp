//===- EvaluationPage.cpp - evaluations side by side ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/EvaluationPage.h"

#include "tflc/Quantizer/ComparisonPage.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

using namespace llvm;
using namespace tflc;

/// A number with a bar that shows its share of the largest one.
static std::string drawBar(double value, double largest, const std::string &text) {
  constexpr double width = 100;
  double length = largest > 0 ? width * value / largest : 0;
  return formatv(
      "<td>{0} <svg width=\"{1}\" height=\"10\"><rect width=\"{2:F1}\" height=\"10\"/></svg></td>",
      text, int(width), length);
}

/// A column: what it is called, the number of a model, and its text.
struct Column {
  const char *title;
  double (*get)(const EvaluatedModel &model);
  std::string (*format)(double value);
};

static std::string formatWhole(double value) { return formatCount(int64_t(value)); }
static std::string formatPercent(double value) { return formatv("{0:F2} %", value); }
static std::string formatTime(double value) { return formatv("{0:F1}", value); }

static constexpr Column columns[] = {
    {"accuracy", [](const EvaluatedModel &model) { return 100 * model.evaluation.getAccuracy(); },
     formatPercent},
    {"in top N",
     [](const EvaluatedModel &model) { return 100 * model.evaluation.getTopAccuracy(); },
     formatPercent},
    {"file, bytes", [](const EvaluatedModel &model) { return double(model.fileBytes); },
     formatWhole},
    {"code, bytes", [](const EvaluatedModel &model) { return double(model.evaluation.codeBytes); },
     formatWhole},
    {"constants, bytes",
     [](const EvaluatedModel &model) { return double(model.evaluation.constantBytes); },
     formatWhole},
    {"arena, bytes",
     [](const EvaluatedModel &model) { return double(model.evaluation.arenaBytes); }, formatWhole},
    {"median, us", [](const EvaluatedModel &model) { return model.evaluation.medianMicroseconds; },
     formatTime},
};

static std::string makeTable(ArrayRef<EvaluatedModel> models) {
  std::string table = "<table><tr><th>model</th>";
  for (const Column &column : columns)
    table += formatv("<th>{0}</th>", column.title);
  table += "</tr>\n";
  for (const EvaluatedModel &model : models) {
    table += formatv("<tr><td>{0}</td>", escapeHtml(model.name));
    for (const Column &column : columns) {
      double largest = 0;
      for (const EvaluatedModel &other : models)
        largest = std::max(largest, column.get(other));
      double value = column.get(model);
      table += drawBar(value, largest, column.format(value));
    }
    table += "</tr>\n";
  }
  return table + "</table>\n";
}

/// A square for each pair of classes: the darker, the more of the right class were taken for the
/// one found.
static std::string drawConfusion(const Evaluation &evaluation) {
  constexpr int side = 12;
  auto size = int(evaluation.confusion.size()) * side;
  std::string svg = formatv("<svg width=\"{0}\" height=\"{0}\">", size);
  for (auto [right, counts] : llvm::enumerate(evaluation.confusion)) {
    int64_t total = 0;
    for (int64_t count : counts)
      total += count;
    for (auto [found, count] : llvm::enumerate(counts))
      if (count != 0)
        svg += formatv(
            "<rect x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{2}\" fill-opacity=\"{3:F3}\">"
            "<title>{4} taken for {5}: {6}</title></rect>",
            int(found) * side, int(right) * side, side - 1,
            0.1 + 0.9 * double(count) / double(total), right, found, count);
  }
  return svg + "</svg>";
}

std::string tflc::makeEvaluationPage(ArrayRef<EvaluatedModel> models, unsigned top) {
  std::string page = makePageHead("Evaluation");
  page += formatv("<p>{0} samples; N is {1}.</p>\n",
                  models.empty() ? 0 : models.front().evaluation.numSamples, top);
  page += makeTable(models);
  page += "<h2>Confusions</h2><p>A row for each right class, a column for the class that was "
          "found.</p>\n";
  for (const EvaluatedModel &model : models)
    page += formatv("<figure>{0}<figcaption>{1}</figcaption></figure>\n",
                    drawConfusion(model.evaluation), escapeHtml(model.name));
  return page + "</body></html>\n";
}
