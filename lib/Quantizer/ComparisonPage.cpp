//===- ComparisonPage.cpp - a comparison to look at -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/ComparisonPage.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace tflc;

std::vector<const TensorDifference *> tflc::sortWorstFirst(ArrayRef<TensorDifference> tensors) {
  std::vector<const TensorDifference *> sorted;
  for (const TensorDifference &tensor : tensors)
    sorted.push_back(&tensor);
  llvm::stable_sort(sorted, [](const TensorDifference *a, const TensorDifference *b) {
    return a->difference.getSqnr() < b->difference.getSqnr();
  });
  return sorted;
}

std::string tflc::escapeHtml(StringRef text) {
  std::string result;
  raw_string_ostream stream(result);
  printHTMLEscaped(text, stream);
  return result;
}

std::string tflc::makePageHead(StringRef title) {
  return formatv(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title>\n"
      "<style>body{{font:14px sans-serif;margin:2em}table{{border-collapse:collapse}"
      "h1{{font-size:24px}h1,li{{overflow-wrap:anywhere}"
      "td,th{{padding:2px 10px;text-align:right;border-bottom:1px solid #ddd}"
      "td:first-child,th:first-child,.text td:nth-child(2),.text th:nth-child(2)"
      "{{text-align:left}td:first-child{{max-width:32em;overflow-wrap:anywhere}"
      "rect{{fill:#4477aa}line{{stroke:#cc6677}.grid{{stroke:#ddd}"
      ".leader{{stroke:#999}path{{fill:none;stroke:#999}.box{{stroke:#777;stroke-width:0.7}"
      ".graph{{overflow:auto;max-height:85vh;border:1px solid #ddd;margin-bottom:1em}"
      "text{{font-size:11px}.small{{font-size:10px;fill:#444}figure{{display:inline-block;margin:"
      "1em}"
      "</style></head><body>\n<h1>{0}</h1>\n",
      escapeHtml(title));
}

/// The bins in a few columns, from the least to the largest error.
std::string tflc::drawHistogram(const Histogram &histogram, FloatRange marked) {
  constexpr int columns = 40, width = 160, height = 30;
  FloatRange range = histogram.getRange();
  double extent = double(range.max) - range.min;
  if (histogram.getCount() == 0 || extent <= 0)
    return "";
  std::vector<double> counts(columns, 0);
  for (int i = 0; i < Histogram::numBins; ++i) {
    auto column = int((histogram.getCenter(i) - range.min) / extent * columns);
    if (histogram.getBin(i) != 0)
      counts[std::clamp(column, 0, columns - 1)] += double(histogram.getBin(i));
  }
  double most = *std::max_element(counts.begin(), counts.end());
  std::string svg = formatv("<svg width=\"{0}\" height=\"{1}\">", width, height);
  for (auto [i, count] : llvm::enumerate(counts)) {
    // Rare errors show, too: the height is logarithmic.
    double tall = count == 0 ? 0 : height * (0.1 + 0.9 * std::log1p(count) / std::log1p(most));
    svg += formatv("<rect x=\"{0}\" y=\"{1:F1}\" width=\"3\" height=\"{2:F1}\"/>",
                   int(i) * width / columns, height - tall, tall);
  }
  for (float end : {marked.min, marked.max})
    if (marked.min < marked.max && end >= range.min && end <= range.max) {
      double x = (end - range.min) / extent * width;
      svg += formatv("<line x1=\"{0:F1}\" x2=\"{0:F1}\" y1=\"0\" y2=\"{1}\"/>", x, height);
    }
  return svg + "</svg>";
}

static std::string makeRow(const TensorDifference &tensor, StringRef kind) {
  const Difference &difference = tensor.difference;
  return formatv("<tr><td>{0}</td><td>{1}</td><td>{2}</td><td>{3:F1}</td><td>{4:F6}</td>"
                 "<td>{5:E2}</td><td>{6:E2}</td><td>{7}</td></tr>\n",
                 escapeHtml(tensor.name), escapeHtml(kind), tensor.type, difference.getSqnr(),
                 difference.getCosine(), difference.getLargest(), difference.getMean(),
                 drawHistogram(tensor.errors));
}

std::string tflc::makeComparisonPage(const Comparison &comparison, StringRef wantedName,
                                     StringRef foundName) {
  std::string page = makePageHead((foundName + " against " + wantedName).str());
  page += formatv("<p>{0} samples; the worst tensor first.</p>\n"
                  "<table class=\"text\"><tr><th>tensor</th><th>operator</th><th>type</th>"
                  "<th>SQNR dB</th><th>cosine</th><th>largest error</th><th>mean error</th>"
                  "<th>errors</th></tr>\n",
                  comparison.numSamples);
  for (const TensorDifference &output : comparison.outputs)
    page += makeRow(output, "(output)");
  for (const TensorDifference *tensor : sortWorstFirst(comparison.tensors))
    page += makeRow(*tensor, tensor->operatorName.empty() ? "(input)" : tensor->operatorName);
  return page + "</table></body></html>\n";
}
