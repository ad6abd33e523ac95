//===- Graph.cpp - a model's tensors and operators as plain data ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/Graph.h"

#include "tflc/Compiler/Summary.h"

#include "tflc/Pipelines/DescribeModel.h"
#include "tflc/Pipelines/OperatorCost.h"
#include "tflc/Support/Diagnostics.h"
#include "tflc/Support/ModelLocation.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace tflc;

namespace {
/// Collects one function.
class SubgraphBuilder {
public:
  Subgraph build(mlir::func::FuncOp function) {
    graph.name = function.getSymName().str();
    for (mlir::BlockArgument argument : function.getArguments()) {
      auto name = function.getArgAttrOfType<mlir::StringAttr>(argument.getArgNumber(), "tfl.name");
      addTensor(argument, name ? name.str() : "", /*isConstant=*/false);
    }
    for (mlir::Operation &op : function.getBody().getOps())
      add(&op);
    return std::move(graph);
  }

private:
  int addTensor(mlir::Value value, std::string name, bool isConstant) {
    auto type = dyn_cast<mlir::RankedTensorType>(value.getType());
    if (!type)
      return -1;
    GraphTensor tensor;
    tensor.info = getTensorInfo(type);
    tensor.info.name = tensor.info.tensorName = std::move(name);
    tensor.isConstant = isConstant;
    graph.tensors.push_back(std::move(tensor));
    return numbers[value] = graph.tensors.size() - 1;
  }

  void add(mlir::Operation *op) {
    if (op->hasTrait<mlir::OpTrait::IsTerminator>())
      return;
    std::optional<OpLocation> place = getOpLocation(op->getLoc());
    bool isConstant = op->hasTrait<mlir::OpTrait::ConstantLike>();
    std::vector<int> outputs;
    for (mlir::OpResult result : op->getResults()) {
      std::string name = place ? place->tensorName.str() : "";
      if (result.getResultNumber())
        name += ":" + std::to_string(result.getResultNumber());
      outputs.push_back(addTensor(result, std::move(name), isConstant));
    }
    if (isConstant)
      return;
    GraphOperator node;
    node.name = place && !place->isTensor() ? place->operatorName.str()
                                            : op->getName().stripDialect().upper();
    node.index = place ? place->index : graph.operators.size();
    for (mlir::Value operand : op->getOperands()) {
      auto known = numbers.find(operand);
      node.inputs.push_back(known == numbers.end() ? -1 : known->second);
    }
    node.outputs = std::move(outputs);
    for (mlir::NamedAttribute attr : op->getAttrs()) {
      std::string text;
      raw_string_ostream os(text);
      attr.getValue().print(os, /*elideType=*/true);
      node.options.emplace_back(attr.getName().str(), StringRef(text).trim('"').str());
    }
    node.macs = countMacs(op);
    graph.operators.push_back(std::move(node));
  }

  Subgraph graph;
  DenseMap<mlir::Value, int> numbers;
};
} // namespace

std::vector<Subgraph> tflc::getSubgraphs(mlir::ModuleOp module) {
  std::vector<Subgraph> graphs;
  for (auto function : module.getOps<mlir::func::FuncOp>())
    graphs.push_back(SubgraphBuilder().build(function));
  return graphs;
}

static std::string formatReal(double value) {
  std::string text;
  raw_string_ostream(text) << format("%.6g", value);
  return text;
}

std::string tflc::formatTensor(const TensorInfo &tensor) {
  std::string text = formatTensorType(tensor);
  if (tensor.isPerAxis()) {
    auto [low, high] = std::minmax_element(tensor.scales.begin(), tensor.scales.end());
    text += ", " + std::to_string(tensor.scales.size()) + " scales along dimension " +
            std::to_string(tensor.quantizedDimension) + " from " + formatReal(*low) + " to " +
            formatReal(*high);
  } else if (tensor.isQuantized()) {
    text += ", scale " + formatReal(tensor.scales.front()) + ", zero point " +
            std::to_string(tensor.zeroPoints.front());
  }
  return text;
}

void tflc::printTensors(raw_ostream &os, const Subgraph &subgraph) {
  os << "Tensors of " << subgraph.name << ":\n";
  for (auto [i, tensor] : llvm::enumerate(subgraph.tensors))
    os << right_justify(std::to_string(i), 5) << "  " << (tensor.isConstant ? "const " : "      ")
       << formatTensor(tensor.info) << "  \"" << makePrintable(tensor.info.name) << "\"\n";
}

void tflc::printOperators(raw_ostream &os, const Subgraph &subgraph) {
  auto list = [&](ArrayRef<int> numbers) {
    std::string text;
    for (int number : numbers)
      text += (text.empty() ? "" : ", ") + (number < 0 ? "none" : std::to_string(number));
    return text;
  };
  os << "Operators of " << subgraph.name << " (numbers are those of --tensors):\n";
  for (const GraphOperator &op : subgraph.operators) {
    os << right_justify(std::to_string(op.index), 5) << "  " << op.name << " (" << list(op.inputs)
       << ") -> " << list(op.outputs);
    if (!op.outputs.empty() && op.outputs.front() >= 0) {
      const TensorInfo &output = subgraph.tensors[op.outputs.front()].info;
      os << "  " << formatTensorType(output) << "  \"" << makePrintable(output.name) << "\"";
    }
    if (op.macs)
      os << "  " << formatCount(op.macs) << " MACs";
    os << "\n";
    std::string options;
    for (auto &[name, value] : op.options)
      options += (options.empty() ? "" : ", ") + name + " = " + value;
    if (!options.empty())
      os << "           " << makePrintable(options) << "\n";
  }
}

json::Object tflc::toJSON(const Subgraph &subgraph) {
  json::Array tensors, operators;
  for (const GraphTensor &tensor : subgraph.tensors) {
    json::Object object = toJSON(tensor.info);
    object.erase("tensor");
    object["constant"] = tensor.isConstant;
    tensors.push_back(std::move(object));
  }
  for (const GraphOperator &op : subgraph.operators) {
    json::Object options;
    for (auto &[name, value] : op.options)
      options[name] = json::fixUTF8(value);
    operators.push_back(json::Object{{"op", op.name},
                                     {"index", op.index},
                                     {"inputs", json::Array(op.inputs)},
                                     {"outputs", json::Array(op.outputs)},
                                     {"options", std::move(options)},
                                     {"macs", op.macs}});
  }
  return json::Object{{"name", json::fixUTF8(subgraph.name)},
                      {"tensors", std::move(tensors)},
                      {"operators", std::move(operators)}};
}
