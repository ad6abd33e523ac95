//===- LayeredLayout.h - where the nodes of a graph are drawn ---*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_QUANTIZER_LAYEREDLAYOUT_H
#define TFLC_LIB_QUANTIZER_LAYEREDLAYOUT_H

#include "llvm/ADT/ArrayRef.h"
#include <vector>

namespace tflc {

/// A place in units of nodes: `x` columns from the left, layer `y` from the top.
struct LayoutPoint {
  double x = 0;
  unsigned y = 0;
};

/// A line from a node to one that reads it, with a point in each layer, both ends included.
struct LayoutEdge {
  size_t from = 0, to = 0;
  std::vector<LayoutPoint> points;
};

struct Layout {
  /// The middle of each node; the leftmost has x = 0.
  std::vector<LayoutPoint> nodes;
  std::vector<LayoutEdge> edges;
  double width = 0;
  unsigned numLayers = 0;
};

/// Lays out a graph as K. Sugiyama et al. do (IEEE Trans. SMC 11(2), 1981): each node below all
/// that it reads, lines between layers as straight and with as few crossings as some sweeps reach.
/// `inputs[i]` holds the nodes that node i reads, all of them less than i.
Layout layOutInLayers(llvm::ArrayRef<std::vector<size_t>> inputs);

} // namespace tflc

#endif // TFLC_LIB_QUANTIZER_LAYEREDLAYOUT_H
