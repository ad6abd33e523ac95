//===- LayeredLayoutTest.cpp - where the nodes of a graph are drawn -------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Quantizer/LayeredLayout.h"

#include <gtest/gtest.h>
#include <random>

using namespace tflc;

namespace {

using Graph = std::vector<std::vector<size_t>>;

/// Nodes of a layer do not overlap, and edges lead down layer by layer.
void check(const Graph &graph, const Layout &layout) {
  ASSERT_EQ(layout.nodes.size(), graph.size());
  for (size_t i = 0; i < graph.size(); ++i) {
    EXPECT_GE(layout.nodes[i].x, 0);
    EXPECT_LE(layout.nodes[i].x, layout.width);
    EXPECT_LT(layout.nodes[i].y, layout.numLayers);
    for (size_t j = 0; j < i; ++j)
      if (layout.nodes[i].y == layout.nodes[j].y)
        EXPECT_GE(std::abs(layout.nodes[i].x - layout.nodes[j].x), 1 - 1e-6);
  }
  for (const LayoutEdge &edge : layout.edges) {
    EXPECT_EQ(edge.points.front().y, layout.nodes[edge.from].y);
    EXPECT_EQ(edge.points.back().y, layout.nodes[edge.to].y);
    for (size_t i = 1; i < edge.points.size(); ++i)
      EXPECT_EQ(edge.points[i].y, edge.points[i - 1].y + 1);
  }
}

} // namespace

TEST(LayeredLayoutTest, DrawsAChainAsOneColumn) {
  Layout layout = layOutInLayers({{}, {0}, {1}, {2}});
  EXPECT_EQ(layout.numLayers, 4u);
  EXPECT_EQ(layout.width, 0);
}

TEST(LayeredLayoutTest, LeadsAShortcutPastTheNodesBetween) {
  Graph graph = {{}, {0}, {1}, {0, 2}};
  Layout layout = layOutInLayers(graph);
  check(graph, layout);
  const LayoutEdge *shortcut = nullptr;
  for (const LayoutEdge &edge : layout.edges)
    if (edge.from == 0 && edge.to == 3)
      shortcut = &edge;
  ASSERT_NE(shortcut, nullptr);
  ASSERT_EQ(shortcut->points.size(), 4u);
  // Half a node's width, and a little more.
  for (size_t layer : {1, 2})
    EXPECT_GT(std::abs(shortcut->points[layer].x - layout.nodes[layer].x), 0.5);
}

TEST(LayeredLayoutTest, PutsAnInputAboveItsFirstReader) {
  Layout layout = layOutInLayers({{}, {}, {0}, {2}, {1, 3}});
  EXPECT_EQ(layout.nodes[0].y, 0u);
  EXPECT_EQ(layout.nodes[1].y, 2u);
}

TEST(LayeredLayoutTest, UncrossesParallelChains) {
  // Two chains whose nodes are listed in opposite orders.
  Graph graph = {{}, {}, {1}, {0}, {3}, {2}};
  Layout layout = layOutInLayers(graph);
  check(graph, layout);
  for (auto [a, b] : {std::pair(0, 1), std::pair(3, 2), std::pair(4, 5)})
    EXPECT_EQ(layout.nodes[a].x < layout.nodes[b].x, layout.nodes[0].x < layout.nodes[1].x);
}

TEST(LayeredLayoutTest, TakesNoGraphAndAnyGraph) {
  EXPECT_EQ(layOutInLayers({}).numLayers, 0u);
  std::mt19937 random(1);
  for (int trial = 0; trial < 20; ++trial) {
    Graph graph;
    for (size_t node = 0; node < 150; ++node) {
      graph.emplace_back();
      for (size_t distance : {1, 2, 7})
        if (node >= distance && random() % 3 != 0)
          graph.back().push_back(node - distance);
    }
    check(graph, layOutInLayers(graph));
  }
}
