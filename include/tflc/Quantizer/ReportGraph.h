//===- ReportGraph.h - a quantized model as a picture -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_QUANTIZER_REPORTGRAPH_H
#define TFLC_QUANTIZER_REPORTGRAPH_H

#include "tflc/Quantizer/Compare.h"

#include "mlir/IR/BuiltinOps.h"

namespace tflc {

/// An operator, or an input of its function.
struct ReportNode {
  /// "CONV_2D"; empty for an input.
  std::string operatorName;
  /// The name of its first tensor, that tensor's element type ("int8") and shape ("1x28x28x8").
  std::string tensorName, type, shape;
  /// The nodes whose tensors it reads, which stand before it; each one once.
  std::vector<size_t> inputs;
};

/// One function of a model: a signature, or the body of a branch or loop. Constants and variables
/// are no nodes.
struct ReportGraph {
  std::string name;
  std::vector<ReportNode> nodes;
};

std::vector<ReportGraph> describeGraphs(mlir::ModuleOp module);

/// The graph in layers, from inputs down to outputs, as SVG: an operator's colour is its element
/// type, the mark at its side the SQNR that `comparison` found for its tensor.
std::string drawGraph(const ReportGraph &graph, const Comparison &comparison);

/// What the colours of drawGraph mean, as HTML.
std::string makeGraphLegend();

} // namespace tflc

#endif // TFLC_QUANTIZER_REPORTGRAPH_H
