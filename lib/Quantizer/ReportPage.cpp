//===- ReportPage.cpp - what quantization did to a model ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/ReportPage.h"

#include "SearchPicture.h"

#include "tflc/Quantizer/ComparisonPage.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace tflc;

/// Equal tensors have no noise; pages and searches want a number.
static constexpr double mostSqnr = 200;

static double limitSqnr(double sqnr) { return std::clamp(sqnr, -mostSqnr, mostSqnr); }

double tflc::getWorstSqnr(const Comparison &comparison) {
  double worst = mostSqnr;
  for (const TensorDifference &output : comparison.outputs)
    if (output.difference.getCount() != 0)
      worst = std::min(worst, limitSqnr(output.difference.getSqnr()));
  return worst;
}

std::string tflc::formatAdvice(const Advice &advice) {
  auto withSign = [](double value) {
    return std::string(value < 0 ? "-" : "+") + formatv("{0:F1}", std::abs(value)).str();
  };
  return formatv("keep {0} \"{1}\" in float: {2} dB for {3} % time", advice.operatorName,
                 advice.tensorName, withSign(advice.gain), withSign(100 * advice.moreTime));
}

static std::string makeFigures(const QuantizationReport &report) {
  const EvaluatedModel &before = report.before, &after = report.after;
  std::string table =
      "<table><tr><th></th><th>before</th><th>after</th><th>after / before</th></tr>\n";
  auto add = [&](const Twine &title, double first, double second, StringRef format) {
    auto text = [&](double value) {
      return format == "time" ? formatv("{0:F1}", value).str() : formatCount(int64_t(value));
    };
    std::string ratio = first > 0 ? formatv("{0:F2}", second / first).str() : "";
    table += formatv("<tr><td>{0}</td><td>{1}</td><td>{2}</td><td>{3}</td></tr>\n", title.str(),
                     text(first), text(second), ratio);
  };
  const Evaluation &first = before.evaluation, &second = after.evaluation;
  add("file, bytes", double(before.fileBytes), double(after.fileBytes), "bytes");
  add("code, bytes", double(first.codeBytes), double(second.codeBytes), "bytes");
  add("constants, bytes", double(first.constantBytes), double(second.constantBytes), "bytes");
  add("arena, bytes", double(first.arenaBytes), double(second.arenaBytes), "bytes");
  add("median of an invocation, us", first.medianMicroseconds, second.medianMicroseconds, "time");
  std::map<std::string, int64_t> types = report.typesAfter;
  types.insert(report.typesBefore.begin(), report.typesBefore.end());
  auto count = [](const std::map<std::string, int64_t> &counts, const std::string &type) {
    auto found = counts.find(type);
    return found == counts.end() ? 0.0 : double(found->second);
  };
  for (const auto &[type, ignored] : types)
    add("operators in " + type, count(report.typesBefore, type), count(report.typesAfter, type),
        "count");
  return table + "</table>\n";
}

/// Lines across a picture for every 20 dB, with the number in front of them.
static std::string drawGrid(double largest, int left, int width, int height) {
  constexpr int distance = 20;
  std::string svg;
  for (int sqnr = 0; sqnr <= largest; sqnr += distance) {
    double y = height * (1 - sqnr / largest);
    svg += formatv("<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:F1}\" y2=\"{2:F1}\"/>"
                   "<text x=\"0\" y=\"{3:F1}\">{4} dB</text>",
                   left, left + width, y, std::max(y, 10.0), sqnr);
  }
  return svg;
}

/// A bar for each tensor in the order of the model, with its operator below where there is room:
/// the lower, the more noise.
static std::string drawChain(const Comparison &comparison) {
  constexpr int height = 160, left = 44, fullWidth = 1000, leastStep = 6, mostStep = 40;
  auto count = int(comparison.tensors.size());
  int step = std::clamp(fullWidth / std::max(count, 1), leastStep, mostStep);
  constexpr int labelledStep = 14, labelHeight = 190;
  bool isLabelled = step >= labelledStep;
  double largest = 1;
  for (const TensorDifference &tensor : comparison.tensors)
    if (std::isfinite(tensor.difference.getSqnr()))
      largest = std::max(largest, tensor.difference.getSqnr());
  std::string svg = formatv("<svg width=\"{0}\" height=\"{1}\">", left + count * step + step,
                            height + 4 + (isLabelled ? labelHeight : 0));
  svg += drawGrid(largest, left, count * step, height);
  for (auto [i, tensor] : llvm::enumerate(comparison.tensors)) {
    double sqnr = limitSqnr(tensor.difference.getSqnr());
    double tall = std::clamp(sqnr / largest, 0.01, 1.0) * height;
    std::string op = tensor.operatorName.empty() ? "input" : escapeHtml(tensor.operatorName);
    int x = left + int(i) * step;
    svg += formatv("<rect x=\"{0}\" y=\"{1:F1}\" width=\"{2}\" height=\"{3:F1}\"><title>{4} {5}: "
                   "{6:F1} dB</title></rect>",
                   x, height - tall, step - 2, tall, op, escapeHtml(tensor.name), sqnr);
    if (isLabelled)
      svg += formatv("<text transform=\"translate({0},{1}) rotate(-90)\" "
                     "text-anchor=\"end\">{2}</text>",
                     x + step / 2 + 3, height + 6, op);
  }
  return svg + "</svg>\n";
}

static std::string makeSearchTable(const SearchResult &search, const SearchOptions &options) {
  std::string table =
      formatv("<table><tr><th>form</th><th>quality</th><th>{0}</th><th></th></tr>\n",
              getCostUnit(options.minimize, options.isTimeEstimated));
  for (auto [i, point] : llvm::enumerate(search.points))
    table += formatv("<tr><td>{0}</td><td>{1:F4}</td><td>{2:F1}</td><td>{3}{4}</td></tr>\n",
                     escapeHtml(point.name), point.measured.quality,
                     point.measured.getCost(options.minimize), point.isGood ? "good enough" : "",
                     i == search.best ? ", chosen" : "");
  return table + "</table>\n";
}

static std::string makeTensorTable(const Comparison &comparison) {
  std::string table =
      "<table class=\"text\"><tr><th>tensor</th><th>operator</th><th>type</th><th>SQNR dB</th>"
      "<th>values, and the range of the type</th><th>errors</th></tr>\n";
  for (const TensorDifference *tensor : sortWorstFirst(comparison.tensors))
    table += formatv(
        "<tr><td>{0}</td><td>{1}</td><td>{2}</td><td>{3:F1}</td><td>{4}</td><td>{5}</td></tr>\n",
        escapeHtml(tensor->name),
        tensor->operatorName.empty() ? "(input)" : escapeHtml(tensor->operatorName), tensor->type,
        tensor->difference.getSqnr(), drawHistogram(tensor->values, tensor->covered),
        drawHistogram(tensor->errors));
  return table + "</table>\n";
}

static std::string makeAdvice(ArrayRef<Advice> advice) {
  if (advice.empty())
    return "";
  std::string list;
  constexpr double leastGain = 0.05;
  for (const Advice &entry : advice)
    if (entry.gain >= leastGain)
      list += formatv("<li>{0}</li>\n", escapeHtml(formatAdvice(entry)));
  return "<h2>Advice</h2>" + (list.empty() ? "<p>None of the noisiest operators gains anything in "
                                             "float.</p>\n"
                                           : "<ul>\n" + list + "</ul>\n");
}

static std::string makeGraphs(const QuantizationReport &report) {
  std::string text = "<h2>Graph</h2>\n" + makeGraphLegend();
  for (const ReportGraph &graph : report.graphs) {
    if (report.graphs.size() > 1)
      text += formatv("<h3>{0}</h3>\n", escapeHtml(graph.name));
    text += drawGraph(graph, report.comparison);
  }
  return text;
}

std::string tflc::makeReportPage(const QuantizationReport &report) {
  std::string page = makePageHead(report.before.name + ", quantized");
  page += formatv("<p>{0} samples; the worst output has {1:F1} dB.</p>\n",
                  report.comparison.numSamples, getWorstSqnr(report.comparison));
  page += makeFigures(report);
  page += makeAdvice(report.advice);
  page += makeGraphs(report);
  page += "<h2>Error along the model</h2><p>SQNR of each tensor, in the order of the model.</p>\n";
  page += drawChain(report.comparison);
  if (!report.search.points.empty()) {
    page += "<h2>Search</h2>\n" + drawFrontier(report.search, report.searchOptions) +
            makeSearchTable(report.search, report.searchOptions);
  }
  page += "<h2>Tensors</h2><p>The worst first.</p>\n" + makeTensorTable(report.comparison);
  return page + "</body></html>\n";
}
