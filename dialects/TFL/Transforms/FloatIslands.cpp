//===- FloatIslands.cpp - operators that are cheaper in float -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FloatIslands.h"

#include "QuantizationPlan.h"
#include "QuantizedConstants.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SetVector.h"

#include <limits>

using namespace mlir;
using namespace tflc::tfl;

//===----------------------------------------------------------------------===//
// Least cuts
//===----------------------------------------------------------------------===//

namespace {

/// A directed graph with capacities. The edges that lead from the source's side of a cut to the
/// sink's are what it costs.
class CutGraph {
public:
  static constexpr unsigned source = 0, sink = 1;
  static constexpr int64_t unlimited = std::numeric_limits<int64_t>::max() / 4;

  CutGraph() : edgesOf(2) {}

  unsigned addNode() {
    edgesOf.emplace_back();
    return unsigned(edgesOf.size() - 1);
  }

  void addEdge(unsigned from, unsigned to, int64_t capacity) {
    edgesOf[from].push_back(unsigned(edges.size()));
    edges.push_back({to, capacity});
    // What flows there may flow back.
    edgesOf[to].push_back(unsigned(edges.size()));
    edges.push_back({from, 0});
  }

  /// For each node whether it is on the source's side of the least cut; of several, the one with
  /// the fewest nodes there. Shortest augmenting paths (Edmonds and Karp, 1972).
  std::vector<bool> cut() {
    while (augment()) {
    }
    std::vector<bool> isReached;
    for (unsigned edge : cameBy)
      isReached.push_back(edge != nothing);
    isReached[source] = true;
    return isReached;
  }

private:
  struct Edge {
    unsigned to;
    int64_t capacity;
  };
  static constexpr unsigned nothing = ~0u;

  bool augment() {
    cameBy.assign(edgesOf.size(), nothing);
    SmallVector<unsigned> queue = {source};
    for (size_t at = 0; at < queue.size() && cameBy[sink] == nothing; ++at)
      for (unsigned edge : edgesOf[queue[at]])
        if (unsigned to = edges[edge].to;
            edges[edge].capacity > 0 && to != source && cameBy[to] == nothing) {
          cameBy[to] = edge;
          queue.push_back(to);
        }
    if (cameBy[sink] == nothing)
      return false;
    int64_t flow = unlimited;
    for (unsigned node = sink; node != source; node = edges[cameBy[node] ^ 1].to)
      flow = std::min(flow, edges[cameBy[node]].capacity);
    for (unsigned node = sink; node != source; node = edges[cameBy[node] ^ 1].to) {
      edges[cameBy[node]].capacity -= flow;
      edges[cameBy[node] ^ 1].capacity += flow;
    }
    return true;
  }

  /// Edge i and its way back i ^ 1.
  std::vector<Edge> edges;
  std::vector<SmallVector<unsigned, 4>> edgesOf;
  /// The edge by which the last search came to a node.
  std::vector<unsigned> cameBy;
};

//===----------------------------------------------------------------------===//
// Operators and tensors
//===----------------------------------------------------------------------===//

/// The graph of the operators that may change sides, and of their neighbours. The source's side is
/// float.
class IslandGraph {
public:
  IslandGraph(const IslandQuery &query, const llvm::SetVector<Operation *> &candidates)
      : query(query), candidates(candidates) {}

  SmallVector<Operation *> solve();

private:
  // In quarters of a conversion. To scale a tensor or add to it is the cheapest in floats.
  static constexpr int64_t conversionCost = 4, operatorCost = 4, constantOperandCost = 1;

  unsigned getNode(Operation *op);
  void addTensor(Value value);

  const IslandQuery &query;
  const llvm::SetVector<Operation *> &candidates;
  CutGraph graph;
  llvm::DenseMap<Operation *, unsigned> nodes;
  llvm::DenseSet<Value> seen;
};

} // namespace

/// The number of tensors that an operator computes with, constants aside.
static size_t countTensors(Operation *op) {
  return llvm::count_if(getActivationOperands(cast<QuantizationOpInterface>(op)),
                        [](OpOperand *operand) { return !getFloatConstant(operand->get()); });
}

/// Whether an operator computes with one tensor and a constant.
static bool hasConstantOperand(Operation *op) {
  auto operands = getActivationOperands(cast<QuantizationOpInterface>(op));
  return operands.size() > 1 && countTensors(op) == 1;
}

/// Whether bools that the model computes decide which elements an operator takes.
static bool hasCondition(Operation *op) {
  return llvm::any_of(op->getOperands(), [](Value operand) {
    return getElementTypeOrSelf(operand.getType()).isInteger(1) &&
           !matchPattern(operand, m_Constant());
  });
}

static bool readsAnyType(Operation *op) {
  auto interface = dyn_cast<QuantizationOpInterface>(op);
  return interface && takesAnyType(interface.getQuantizationRule());
}

unsigned IslandGraph::getNode(Operation *op) {
  // Arguments count as integers: to quantize the model's inputs is no cost of an operator.
  if (!op)
    return CutGraph::sink;
  auto [entry, isNew] = nodes.try_emplace(op, 0);
  if (!isNew)
    return entry->second;
  unsigned node = entry->second = graph.addNode();
  bool isTerminator = op->hasTrait<OpTrait::IsTerminator>();
  if (candidates.contains(op))
    graph.addEdge(node, CutGraph::sink,
                  hasConstantOperand(op) ? constantOperandCost : operatorCost);
  else if (isTerminator ? query.integerResults : query.isInteger(op))
    graph.addEdge(node, CutGraph::sink, CutGraph::unlimited);
  else
    graph.addEdge(CutGraph::source, node, CutGraph::unlimited);
  return node;
}

void IslandGraph::addTensor(Value value) {
  Operation *producer = value.getDefiningOp();
  bool isConstant = producer && producer->getNumOperands() == 0;
  if (!isFloatTensor(value) || isConstant || !seen.insert(value).second)
    return;
  unsigned from = getNode(producer);
  unsigned quantized = graph.addNode(), dequantized = graph.addNode();
  graph.addEdge(from, quantized, conversionCost);
  graph.addEdge(dequantized, from, conversionCost);
  for (Operation *user : value.getUsers())
    if (!readsAnyType(user)) {
      graph.addEdge(quantized, getNode(user), CutGraph::unlimited);
      graph.addEdge(getNode(user), dequantized, CutGraph::unlimited);
    }
}

SmallVector<Operation *> IslandGraph::solve() {
  for (Operation *op : candidates) {
    llvm::for_each(op->getOperands(), [&](Value operand) { addTensor(operand); });
    llvm::for_each(op->getResults(), [&](Value result) { addTensor(result); });
  }
  std::vector<bool> isFloat = graph.cut();
  return llvm::filter_to_vector(candidates,
                                [&](Operation *op) { return isFloat[nodes.lookup(op)]; });
}

SmallVector<Operation *> tflc::tfl::findFloatIslands(const IslandQuery &query,
                                                     ArrayRef<Operation *> floats) {
  auto mayChange = [&](Operation *op) { return query.isInteger(op) && query.mayStayFloat(op); };
  // What meets others, at once or behind operators with a constant. Users come after what they use.
  llvm::SmallPtrSet<Operation *, 16> meeting;
  auto meetsOthers = [&](Operation *op) { return meeting.contains(op); };
  func::FuncOp function = query.function;
  for (Operation &op : llvm::reverse(function.front()))
    if (mayChange(&op)) {
      bool sharesScale = cast<QuantizationOpInterface>(op).getQuantizationRule().sameScale;
      if ((sharesScale && (countTensors(&op) > 1 || hasCondition(&op))) ||
          (hasConstantOperand(&op) && llvm::any_of(op.getUsers(), meetsOthers)))
        meeting.insert(&op);
    }
  llvm::SetVector<Operation *> candidates;
  SmallVector<Operation *> open;
  auto visit = [&](Operation *op) {
    if (candidates.insert(op))
      open.push_back(op);
  };
  for (Operation *op : floats)
    llvm::for_each(llvm::make_filter_range(op->getUsers(), meetsOthers), visit);
  while (!open.empty())
    for (Operation *user : open.pop_back_val()->getUsers())
      if (mayChange(user))
        visit(user);
  return IslandGraph(query, candidates).solve();
}
