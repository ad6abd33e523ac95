//===- LayeredLayout.cpp - where the nodes of a graph are drawn -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayeredLayout.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cassert>

using namespace tflc;
using llvm::ArrayRef;

namespace {

/// A node, or a bend of the lines that start at a node and cross its layer.
struct Vertex {
  unsigned layer = 0;
  bool isBend = false;
  double x = 0;
  std::vector<size_t> above, below;
};

class LayeredLayout {
public:
  explicit LayeredLayout(ArrayRef<std::vector<size_t>> inputs) : inputs(inputs) {
    chooseLayers();
    addBends();
    reduceCrossings();
    straighten();
  }

  Layout finish() const;

private:
  void chooseLayers();
  void addBends();
  void reduceCrossings();
  void straighten();
  void connect(size_t above, size_t below);
  void placeLayer(std::vector<size_t> &layer, std::vector<size_t> Vertex::*neighbours);
  double getDistance(size_t left, size_t right) const;

  ArrayRef<std::vector<size_t>> inputs;
  /// The nodes, then the bends.
  std::vector<Vertex> vertices;
  /// From left to right.
  std::vector<std::vector<size_t>> layers;
  /// bends[node][i]: the vertex i + 1 layers below the node.
  std::vector<std::vector<size_t>> bends;
};

} // namespace

/// A node stands below all that it reads; one that reads nothing right above its first reader.
void LayeredLayout::chooseLayers() {
  vertices.resize(inputs.size());
  for (auto [node, read] : llvm::enumerate(inputs))
    for (size_t input : read) {
      assert(input < node && "nodes come after what they read");
      vertices[node].layer = std::max(vertices[node].layer, vertices[input].layer + 1);
    }
  std::vector<unsigned> firstReader(inputs.size(), 0);
  for (auto [node, read] : llvm::enumerate(inputs))
    for (size_t input : read)
      firstReader[input] = firstReader[input] == 0
                               ? vertices[node].layer
                               : std::min(firstReader[input], vertices[node].layer);
  for (auto [node, read] : llvm::enumerate(inputs))
    if (read.empty() && firstReader[node] != 0)
      vertices[node].layer = firstReader[node] - 1;
}

void LayeredLayout::connect(size_t above, size_t below) {
  vertices[above].below.push_back(below);
  vertices[below].above.push_back(above);
}

/// Lines that leave a node share their bends for as long as they run down together.
void LayeredLayout::addBends() {
  bends.resize(inputs.size());
  for (size_t node = 0; node < inputs.size(); ++node)
    for (size_t input : inputs[node]) {
      unsigned start = vertices[input].layer;
      size_t last = input;
      for (unsigned layer = start + 1; layer < vertices[node].layer; ++layer) {
        size_t number = layer - start - 1;
        if (number == bends[input].size()) {
          bends[input].push_back(vertices.size());
          vertices.push_back({layer, /*isBend=*/true, 0, {}, {}});
          connect(last, bends[input].back());
        }
        last = bends[input][number];
      }
      connect(last, node);
    }
  for (auto [number, vertex] : llvm::enumerate(vertices)) {
    layers.resize(std::max<size_t>(layers.size(), vertex.layer + 1));
    layers[vertex.layer].push_back(number);
  }
}

/// Sorts each layer by the mean place of what its vertices are connected to, downwards and upwards
/// in turn.
void LayeredLayout::reduceCrossings() {
  auto number = [&](ArrayRef<size_t> layer) {
    for (auto [place, vertex] : llvm::enumerate(layer))
      vertices[vertex].x = double(place);
  };
  auto sort = [&](std::vector<size_t> &layer, std::vector<size_t> Vertex::*neighbours) {
    std::vector<std::pair<double, size_t>> keys;
    for (size_t vertex : layer) {
      const std::vector<size_t> &others = vertices[vertex].*neighbours;
      double sum = 0;
      for (size_t other : others)
        sum += vertices[other].x;
      keys.emplace_back(others.empty() ? vertices[vertex].x : sum / double(others.size()), vertex);
    }
    llvm::stable_sort(keys, llvm::less_first());
    for (auto [place, key] : llvm::enumerate(keys))
      layer[place] = key.second;
    number(layer);
  };
  llvm::for_each(layers, number);
  constexpr int numSweeps = 8;
  for (int sweep = 0; sweep < numSweeps; ++sweep) {
    for (std::vector<size_t> &layer : layers)
      sort(layer, &Vertex::above);
    for (std::vector<size_t> &layer : llvm::reverse(layers))
      sort(layer, &Vertex::below);
  }
}

/// How far the middles of neighbours in a layer stay apart: lines need less room than nodes.
double LayeredLayout::getDistance(size_t left, size_t right) const {
  auto half = [&](size_t vertex) { return vertices[vertex].isBend ? 0.08 : 0.5; };
  return half(left) + half(right);
}

/// Moves the vertices of a layer towards the mean of their neighbours, in the order in which they
/// are. The wishes are granted once from the left and once from the right; the mean of two
/// placements without overlap has none either.
void LayeredLayout::placeLayer(std::vector<size_t> &layer,
                               std::vector<size_t> Vertex::*neighbours) {
  std::vector<double> wishes;
  for (size_t vertex : layer) {
    const std::vector<size_t> &others = vertices[vertex].*neighbours;
    double sum = 0;
    for (size_t other : others)
      sum += vertices[other].x;
    wishes.push_back(others.empty() ? vertices[vertex].x : sum / double(others.size()));
  }
  std::vector<double> fromLeft = wishes, fromRight = wishes;
  for (size_t i = 1; i < layer.size(); ++i)
    fromLeft[i] = std::max(wishes[i], fromLeft[i - 1] + getDistance(layer[i - 1], layer[i]));
  for (size_t i = layer.size(); i-- > 1;)
    fromRight[i - 1] = std::min(wishes[i - 1], fromRight[i] - getDistance(layer[i - 1], layer[i]));
  for (auto [i, vertex] : llvm::enumerate(layer))
    vertices[vertex].x = (fromLeft[i] + fromRight[i]) / 2;
}

void LayeredLayout::straighten() {
  constexpr int numSweeps = 12;
  for (int sweep = 0; sweep < numSweeps; ++sweep) {
    for (std::vector<size_t> &layer : layers)
      placeLayer(layer, &Vertex::above);
    for (std::vector<size_t> &layer : llvm::reverse(layers))
      placeLayer(layer, &Vertex::below);
  }
  // What only the last sweep upwards pulled aside comes back under what it reads.
  for (std::vector<size_t> &layer : layers)
    placeLayer(layer, &Vertex::above);
}

Layout LayeredLayout::finish() const {
  Layout result;
  result.numLayers = unsigned(layers.size());
  if (vertices.empty())
    return result;
  auto [least, most] = std::minmax_element(
      vertices.begin(), vertices.end(), [](const Vertex &a, const Vertex &b) { return a.x < b.x; });
  double left = least->x;
  result.width = most->x - left;
  auto getPoint = [&](size_t vertex) {
    return LayoutPoint{vertices[vertex].x - left, vertices[vertex].layer};
  };
  for (size_t node = 0; node < inputs.size(); ++node) {
    result.nodes.push_back(getPoint(node));
    for (size_t input : inputs[node]) {
      LayoutEdge edge{input, node, {getPoint(input)}};
      size_t numBends = vertices[node].layer - vertices[input].layer - 1;
      for (size_t bend : ArrayRef(bends[input]).take_front(numBends))
        edge.points.push_back(getPoint(bend));
      edge.points.push_back(getPoint(node));
      result.edges.push_back(std::move(edge));
    }
  }
  return result;
}

Layout tflc::layOutInLayers(ArrayRef<std::vector<size_t>> inputs) {
  return LayeredLayout(inputs).finish();
}
