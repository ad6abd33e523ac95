//===- SearchPicture.cpp - what a search tried, drawn ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "SearchPicture.h"

#include "tflc/Quantizer/ComparisonPage.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>

using namespace llvm;
using namespace tflc;

namespace {

struct Box {
  double left, top, right, bottom;

  bool overlaps(const Box &other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

class FrontierPicture {
public:
  FrontierPicture(const SearchResult &search, const SearchOptions &options);
  std::string draw();

private:
  static constexpr double width = 760, height = 320, left = 60, top = 24, bottom = 28;
  /// Of letters of 11 pixels; a line of them, and their distance from a point.
  static constexpr double letterWidth = 6.2, lineHeight = 13, gap = 9;

  double getX(const SearchPoint &point) const;
  double getY(const SearchPoint &point) const;
  std::string drawAxes() const;
  std::string drawPoint(const SearchPoint &point, bool isChosen) const;
  std::string drawName(const SearchPoint &point, bool isChosen);
  Box placeName(const SearchPoint &point) const;

  const SearchResult &search;
  const SearchOptions &options;
  double mostCost = 0, least = 0, most = 0;
  /// What names may not cover: points, and other names.
  std::vector<Box> taken;
};

} // namespace

FrontierPicture::FrontierPicture(const SearchResult &search, const SearchOptions &options)
    : search(search), options(options) {
  // The float model has no noise at all, which would flatten the others.
  constexpr double noNoise = 200;
  bool isFirst = true;
  for (const SearchPoint &point : search.points) {
    double quality = point.measured.quality;
    mostCost = std::max(mostCost, point.measured.getCost(options.minimize));
    if (quality >= noNoise)
      continue;
    least = isFirst ? quality : std::min(least, quality);
    most = isFirst ? quality : std::max(most, quality);
    isFirst = false;
  }
}

double FrontierPicture::getX(const SearchPoint &point) const {
  return left + width * point.measured.getCost(options.minimize) / std::max(mostCost, 1e-9);
}

double FrontierPicture::getY(const SearchPoint &point) const {
  double share = (std::min(point.measured.quality, most) - least) / std::max(most - least, 1e-9);
  return top + height * (1 - share);
}

/// Four lines each way, with their numbers.
std::string FrontierPicture::drawAxes() const {
  constexpr int numSteps = 4;
  bool isShare = options.metric == SearchMetric::Accuracy;
  std::string svg;
  for (int step = 0; step <= numSteps; ++step) {
    double share = double(step) / numSteps, quality = least + share * (most - least);
    double x = left + width * share, y = top + height * (1 - share);
    svg += formatv("<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:F1}\" y2=\"{2:F1}\"/>"
                   "<text x=\"4\" y=\"{3:F1}\">{4}</text>",
                   left, left + width, y, y + 4,
                   isShare ? formatv("{0:F2} %", 100 * quality).str()
                           : formatv("{0:F1} dB", quality).str());
    svg += formatv(
        "<line class=\"grid\" x1=\"{0:F1}\" x2=\"{0:F1}\" y1=\"{1}\" y2=\"{2}\"/>"
        "<text x=\"{0:F1}\" y=\"{3}\" text-anchor=\"middle\">{4}{5}</text>",
        x, top, top + height, top + height + 18,
        formatv(mostCost < 20 ? "{0:F1}" : "{0:F0}", mostCost * share).str(),
        step == numSteps ? " " + getCostUnit(options.minimize, options.isTimeEstimated).str() : "");
  }
  return svg;
}

std::string FrontierPicture::drawPoint(const SearchPoint &point, bool isChosen) const {
  return formatv("<circle cx=\"{0:F1}\" cy=\"{1:F1}\" r=\"{2}\" fill=\"{3}\"><title>{4}</title>"
                 "</circle>",
                 getX(point), getY(point), isChosen ? 7 : 5,
                 isChosen             ? "#228833"
                 : point.isOnFrontier ? "#cc6677"
                                      : "#bbbbbb",
                 escapeHtml(point.name));
}

/// The free place nearest to a point: beside it, or some lines above or below.
Box FrontierPicture::placeName(const SearchPoint &point) const {
  double x = getX(point), y = getY(point), length = letterWidth * double(point.name.size());
  auto makeBox = [&](bool isRight, int line) {
    double start = isRight ? x + gap : x - gap - length;
    double middle = y + line * lineHeight;
    return Box{start, middle - lineHeight / 2, start + length, middle + lineHeight / 2};
  };
  bool isRightFirst = x + gap + length <= left + width;
  constexpr int mostLines = 12;
  for (int distance = 0; distance <= mostLines; ++distance)
    for (int line : {distance, -distance})
      for (bool isRight : {isRightFirst, !isRightFirst}) {
        Box box = makeBox(isRight, line);
        bool isInside = box.left >= left && box.right <= left + width + left && box.top >= 0 &&
                        box.bottom <= top + height;
        if (isInside && llvm::none_of(taken, [&](const Box &other) { return box.overlaps(other); }))
          return box;
      }
  return makeBox(isRightFirst, 0);
}

/// A name that had to move away has a line to its point.
std::string FrontierPicture::drawName(const SearchPoint &point, bool isChosen) {
  Box box = placeName(point);
  taken.push_back(box);
  double x = getX(point), y = getY(point), middle = (box.top + box.bottom) / 2;
  std::string svg;
  if (std::abs(middle - y) > lineHeight / 2)
    svg = formatv("<line class=\"leader\" x1=\"{0:F1}\" y1=\"{1:F1}\" x2=\"{2:F1}\" "
                  "y2=\"{3:F1}\"/>",
                  x, y, box.left > x ? box.left - 2 : box.right + 2, middle);
  svg += formatv("<text x=\"{0:F1}\" y=\"{1:F1}\"{2}>{3}</text>", box.left, middle + 4,
                 isChosen ? " font-weight=\"bold\"" : "", escapeHtml(point.name));
  return svg;
}

std::string FrontierPicture::draw() {
  std::string svg = formatv("<svg width=\"{0}\" height=\"{1}\">\n", int(2 * left + width),
                            int(top + height + bottom));
  svg += drawAxes();
  constexpr double radius = 5;
  for (auto [i, point] : llvm::enumerate(search.points)) {
    double x = getX(point), y = getY(point);
    taken.push_back({x - radius, y - radius, x + radius, y + radius});
    svg += drawPoint(point, i == search.best);
  }
  for (auto [i, point] : llvm::enumerate(search.points))
    if (point.isOnFrontier || i == search.best)
      svg += drawName(point, i == search.best);
  return svg + "</svg>\n";
}

std::string tflc::drawFrontier(const SearchResult &search, const SearchOptions &options) {
  return FrontierPicture(search, options).draw();
}
