//===- Inspect.cpp - tflc inspect -----------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelOptions.h"
#include "Subcommands.h"

#include "tflc/Compiler/ArenaMap.h"
#include "tflc/Compiler/Graph.h"
#include "tflc/Compiler/ModelSession.h"
#include "tflc/Compiler/Summary.h"
#include "tflc/Pipelines/DescribeModel.h"

#include "llvm/Support/FormatVariadic.h"

#include <map>

#define TFLC_OPTION_TABLE "InspectOptions.inc"
#include "OptionTable.inc"

using namespace llvm;
using namespace tflc;

static constexpr HelpPage page = {
    "tflc inspect", "MODEL [options]",
    "Shows what is in a model: its functions with their inputs and outputs, how often each "
    "operator\n"
    "occurs, and more on request. Works for models that cannot be compiled, too.",
    "  tflc inspect mnist.tflite\n"
    "  tflc inspect mnist.tflite --ops --tensors\n"
    "  tflc inspect mnist.tflite --arena --target=cortex-m4\n"};

static void printSignatures(raw_ostream &os, const ModelInfo &model) {
  auto print = [&](StringRef kind, ArrayRef<TensorInfo> tensors) {
    for (auto [i, tensor] : llvm::enumerate(tensors)) {
      os << "  " << left_justify(kind, 7) << i << "  \"" << makePrintable(tensor.name) << "\"  "
         << formatTensor(tensor);
      if (tensor.tensorName != tensor.name)
        os << "  (tensor \"" << makePrintable(tensor.tensorName) << "\")";
      os << "\n";
    }
  };
  for (const SignatureInfo &signature : model.signatures) {
    os << "Signature \"" << makePrintable(signature.key) << "\":\n";
    print("input", signature.inputs);
    print("output", signature.outputs);
  }
  for (const VariableInfo &variable : model.variables)
    os << "Variable \"" << makePrintable(variable.name) << "\"  "
       << getElementTypeName(variable.type) << "[" << formatShape(variable.shape) << "]\n";
}

static void printOverview(raw_ostream &os, const ModelSession &session, const ModelInfo &model,
                          ArrayRef<Subgraph> graphs) {
  std::map<std::string, std::pair<unsigned, int64_t>> kinds;
  unsigned operators = 0, tensors = 0;
  int64_t macs = 0;
  for (const Subgraph &graph : graphs) {
    tensors += graph.tensors.size();
    operators += graph.operators.size();
    for (const GraphOperator &op : graph.operators) {
      ++kinds[op.name].first;
      kinds[op.name].second += op.macs;
      macs += op.macs;
    }
  }
  os << session.getPath() << ": " << formatCount(session.getFileSize()) << " bytes, " << operators
     << " operators, " << tensors << " tensors, " << formatCount(macs) << " MACs\n";
  if (!model.description.empty())
    os << "Description: " << makePrintable(model.description) << "\n";
  os << "\n";
  printSignatures(os, model);
  os << "\nOperators:\n";
  std::vector<std::pair<std::string, std::pair<unsigned, int64_t>>> sorted(kinds.begin(),
                                                                           kinds.end());
  llvm::stable_sort(sorted, [](auto &a, auto &b) { return a.second > b.second; });
  for (auto &[name, counts] : sorted) {
    os << right_justify(std::to_string(counts.first), 5) << "  " << left_justify(name, 28);
    if (counts.second)
      os << right_justify(formatCount(counts.second), 15) << " MACs";
    os << "\n";
  }
}

int tflc::inspectMain(ArrayRef<const char *> args, Diagnostics &diagnostics) {
  int status;
  std::optional<ModelCommand> command =
      parseModelCommand(subcommandOptions(), args, page, diagnostics, status);
  if (!command)
    return status;
  auto &[arguments, options] = *command;
  std::unique_ptr<ModelSession> session = ModelSession::open(options, diagnostics);
  if (!session)
    return exitFault;
  // The model as its file says, with open dimensions and whatever operators there are.
  mlir::OwningOpRef<mlir::ModuleOp> module =
      session->import(/*dynamic=*/true, {}, /*allowUnsupported=*/true);
  if (!module)
    return exitFault;
  ModelInfo model = getModelInfo(*module);
  std::vector<Subgraph> graphs = getSubgraphs(*module);

  bool all = arguments.has("all"), json = arguments.has("json");
  std::optional<ArenaMap> arena;
  if (arguments.has("arena") || all) {
    module = session->import();
    if (!module)
      return exitFault;
    CompileResult result;
    if (int failure = session->compile(*module, result))
      return failure;
    arena = getArenaMap(*module);
  }

  if (json) {
    json::Array list;
    for (const Subgraph &graph : graphs)
      list.push_back(toJSON(graph));
    json::Object object{{"name", model.name},
                        {"bytes", session->getFileSize()},
                        {"description", json::fixUTF8(model.description)},
                        {"signatures", toJSON(model.signatures)},
                        {"subgraphs", std::move(list)}};
    if (arena)
      object["arena"] = toJSON(*arena);
    outs() << formatv("{0:2}\n", json::Value(std::move(object)));
    return exitDone;
  }
  printOverview(outs(), *session, model, graphs);
  for (const Subgraph &graph : graphs) {
    if (arguments.has("tensors") || all)
      printTensors(outs() << "\n", graph);
    if (arguments.has("ops") || all)
      printOperators(outs() << "\n", graph);
  }
  if (arena)
    printArenaMap(outs() << "\n", *arena);
  return exitDone;
}
