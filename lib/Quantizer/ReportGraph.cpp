//===- ReportGraph.cpp - a quantized model as a picture -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Quantizer/ReportGraph.h"

#include "LayeredLayout.h"
#include "TensorNames.h"

#include "TFL/IR/NoOperator.h"
#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Quantizer/ComparisonPage.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>

using namespace mlir;
using namespace tflc;
using llvm::formatv;

//===----------------------------------------------------------------------===//
// Nodes
//===----------------------------------------------------------------------===//

static ReportNode describeNode(Value value) {
  ReportNode node;
  node.operatorName = getOperatorName(value);
  node.tensorName = getTensorName(value);
  if (auto type = dyn_cast<RankedTensorType>(value.getType())) {
    node.type = getElementTypeName(getTensorInfo(type).type).str();
    node.shape = formatShape(type.getShape());
  }
  return node;
}

static ReportGraph describeGraph(func::FuncOp function) {
  ReportGraph graph;
  auto signature = function->getAttrOfType<StringAttr>("tfl.signature");
  graph.name = (signature ? signature.getValue() : function.getSymName()).str();
  llvm::DenseMap<Value, size_t> numbers;
  for (BlockArgument argument : function.getArguments()) {
    numbers[argument] = graph.nodes.size();
    graph.nodes.push_back(describeNode(argument));
  }
  for (Operation &op : function.front().without_terminator()) {
    if (op.getNumResults() == 0 || op.hasTrait<OpTrait::ConstantLike>() ||
        op.hasTrait<tfl::NoOperator>())
      continue;
    ReportNode node = describeNode(op.getResult(0));
    for (Value operand : op.getOperands())
      if (auto known = numbers.find(operand);
          known != numbers.end() && !llvm::is_contained(node.inputs, known->second))
        node.inputs.push_back(known->second);
    for (Value result : op.getResults())
      numbers[result] = graph.nodes.size();
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}

std::vector<ReportGraph> tflc::describeGraphs(ModuleOp module) {
  std::vector<ReportGraph> graphs;
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal())
      graphs.push_back(describeGraph(function));
  return graphs;
}

//===----------------------------------------------------------------------===//
// Colours
//===----------------------------------------------------------------------===//

static StringRef getTypeColour(StringRef type) {
  return llvm::StringSwitch<StringRef>(type)
      .Case("float32", "#f5d9a8")
      .Cases({"int8", "uint8"}, "#b9d6ee")
      .Case("int16", "#cdbfe3")
      .Default("#e4e4e4");
}

/// From red at 10 dB and below to green at 50 dB and above.
static std::string getErrorColour(double sqnr) {
  constexpr double least = 10, most = 50, green = 120;
  double share = (std::clamp(sqnr, least, most) - least) / (most - least);
  return formatv("hsl({0},70%,45%)", int(std::lround(green * share)));
}

std::string tflc::makeGraphLegend() {
  auto box = [](StringRef colour, StringRef text) {
    return formatv("<span style=\"background:{0};padding:1px 8px;margin-right:6px\">{1}</span>\n",
                   colour, text)
        .str();
  };
  std::string legend = "<p>";
  for (StringRef type : {"float32", "int8", "int16"})
    legend += box(getTypeColour(type), type);
  legend += box(getTypeColour(""), "other types") + "the mark at the left: SQNR ";
  for (int sqnr : {10, 20, 30, 40, 50})
    legend += box(getErrorColour(sqnr), (sqnr == 10   ? "&#8804; 10"
                                         : sqnr == 50 ? "&#8805; 50 dB"
                                                      : Twine(sqnr))
                                            .str());
  return legend + "</p>\n";
}

//===----------------------------------------------------------------------===//
// Picture
//===----------------------------------------------------------------------===//

namespace {

class GraphPicture {
public:
  GraphPicture(const ReportGraph &graph, const Comparison &comparison);
  std::string draw() const;

private:
  static constexpr double boxWidth = 150, boxHeight = 34, columnWidth = 166, layerHeight = 56,
                          margin = 10;

  double getX(const LayoutPoint &point) const {
    return margin + boxWidth / 2 + point.x * columnWidth;
  }
  double getY(const LayoutPoint &point) const { return margin + point.y * layerHeight; }
  std::string drawEdge(const LayoutEdge &edge) const;
  std::string drawNode(const ReportNode &node, const LayoutPoint &place) const;

  const ReportGraph &graph;
  Layout layout;
  llvm::StringMap<double> sqnrs;
};

} // namespace

GraphPicture::GraphPicture(const ReportGraph &graph, const Comparison &comparison) : graph(graph) {
  std::vector<std::vector<size_t>> inputs;
  for (const ReportNode &node : graph.nodes)
    inputs.push_back(node.inputs);
  layout = layOutInLayers(inputs);
  for (const TensorDifference &tensor : comparison.tensors)
    sqnrs[tensor.name] = tensor.difference.getSqnr();
}

/// A line that leaves each of its points downwards and comes to the next one from above.
std::string GraphPicture::drawEdge(const LayoutEdge &edge) const {
  const LayoutPoint &first = edge.points.front();
  double x = getX(first), y = getY(first) + boxHeight;
  std::string path = formatv("M{0:F1} {1:F1}", x, y);
  for (const LayoutPoint &point : ArrayRef(edge.points).drop_front()) {
    double nextX = getX(point), nextY = getY(point), middle = (y + nextY) / 2;
    path += formatv("C{0:F1} {1:F1} {2:F1} {1:F1} {2:F1} {3:F1}", x, middle, nextX, nextY);
    x = nextX;
    y = nextY;
    // Through the layer, beside its boxes.
    if (&point != &edge.points.back())
      path += formatv("V{0:F1}", y += boxHeight);
  }
  return formatv("<path d=\"{0}\"/>", path);
}

/// As much of a text as there is room for.
static std::string shorten(StringRef text, size_t mostLetters) {
  if (text.size() <= mostLetters)
    return escapeHtml(text);
  return escapeHtml(text.take_front(mostLetters - 1)) + "&#8230;";
}

std::string GraphPicture::drawNode(const ReportNode &node, const LayoutPoint &place) const {
  double x = getX(place) - boxWidth / 2, y = getY(place);
  auto sqnr = sqnrs.find(node.tensorName);
  std::string error = sqnr == sqnrs.end()        ? ""
                      : std::isinf(sqnr->second) ? "exact"
                                                 : formatv("{0:F1} dB", sqnr->second).str();
  StringRef title = node.operatorName.empty() ? "input" : StringRef(node.operatorName);
  std::string svg =
      formatv("<g><title>{0}\n{1}\n{2} {3}\n{4}</title><rect class=\"box\" x=\"{5:F1}\" "
              "y=\"{6:F1}\" width=\"{7}\" height=\"{8}\" rx=\"{9}\" style=\"fill:{10}\"/>",
              escapeHtml(title), escapeHtml(node.tensorName), node.type, node.shape, error, x, y,
              boxWidth, boxHeight, node.operatorName.empty() ? 14 : 3, getTypeColour(node.type));
  if (!error.empty())
    svg += formatv("<rect x=\"{0:F1}\" y=\"{1:F1}\" width=\"6\" height=\"{2}\" "
                   "style=\"fill:{3}\"/>",
                   x, y + 5, boxHeight - 10, getErrorColour(sqnr->second));
  // What fits into a box in the page's letters of 11 and 10 pixels.
  constexpr size_t mostTitle = 20, mostLine = 26;
  std::string line = node.shape.empty() ? node.type : node.shape;
  if (!error.empty())
    line += "  " + error;
  svg += formatv("<text x=\"{0:F1}\" y=\"{1:F1}\">{2}</text>"
                 "<text class=\"small\" x=\"{0:F1}\" y=\"{3:F1}\">{4}</text></g>\n",
                 x + 12, y + 14, shorten(title, mostTitle), y + 27, shorten(line, mostLine));
  return svg;
}

std::string GraphPicture::draw() const {
  double width = 2 * margin + boxWidth + layout.width * columnWidth;
  double height = 2 * margin + boxHeight + std::max(int(layout.numLayers) - 1, 0) * layerHeight;
  std::string svg =
      formatv("<div class=\"graph\"><svg width=\"{0:F0}\" height=\"{1:F0}\">\n", width, height);
  for (const LayoutEdge &edge : layout.edges)
    svg += drawEdge(edge);
  for (auto [node, place] : llvm::zip_equal(graph.nodes, layout.nodes))
    svg += drawNode(node, place);
  return svg + "</svg></div>\n";
}

std::string tflc::drawGraph(const ReportGraph &graph, const Comparison &comparison) {
  return GraphPicture(graph, comparison).draw();
}
