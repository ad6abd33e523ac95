//===- Summary.cpp - what came out of a compilation -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Compiler/Summary.h"

#include "tflc/Support/Diagnostics.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

#include <map>

using namespace llvm;
using namespace tflc;

static int64_t sumMacs(ArrayRef<OperatorCost> operators) {
  int64_t total = 0;
  for (const OperatorCost &op : operators)
    total += op.macs;
  return total;
}

/// "7 CONV_2D, 1 SOFTMAX", the most frequent first.
static std::string countKinds(ArrayRef<OperatorCost> operators) {
  std::map<std::string, unsigned> counts;
  for (const OperatorCost &op : operators)
    ++counts[op.name];
  std::vector<std::pair<std::string, unsigned>> sorted(counts.begin(), counts.end());
  llvm::stable_sort(sorted, [](auto &a, auto &b) { return a.second > b.second; });
  std::string text;
  constexpr size_t shown = 4;
  for (auto &[name, count] : ArrayRef(sorted).take_front(shown))
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name;
  if (sorted.size() > shown)
    text += ", ...";
  return text;
}

std::string tflc::listTypes(ArrayRef<OperatorCost> operators) {
  std::string text;
  for (const auto &[type, count] : countTypes(operators))
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " in " + type;
  return text;
}

static std::string listHeaviest(ArrayRef<OperatorCost> operators) {
  std::vector<const OperatorCost *> sorted;
  for (const OperatorCost &op : operators)
    if (op.macs)
      sorted.push_back(&op);
  llvm::stable_sort(sorted, [](auto *a, auto *b) { return a->macs > b->macs; });
  double total = std::max<int64_t>(sumMacs(operators), 1);
  std::string text;
  for (const OperatorCost *op : ArrayRef(sorted).take_front(3)) {
    std::string tensor = makePrintable(StringRef(op->tensor).take_back(40));
    text += formatv("{0}op {1} {2} \"{3}\" {4:F0} %", text.empty() ? "" : ", ", op->index, op->name,
                    tensor, 100 * op->macs / total)
                .str();
  }
  return text.empty() ? "none with multiply-accumulates" : text;
}

void tflc::printSummary(raw_ostream &os, const CompileOptions &options, const CompileResult &result,
                        ArrayRef<OperatorCost> operators) {
  const CompileStatistics &stats = result.statistics;
  auto line = [&](StringRef label) -> raw_ostream & { return os << left_justify(label, 12); };
  auto bytes = [](int64_t count) { return formatCount(count) + " bytes"; };
  line("code") << bytes(stats.codeBytes) << "\n";
  line("constants") << bytes(stats.constantBytes) << "\n";
  line("arena") << bytes(stats.arenaBytes) << " (lower bound " << formatCount(stats.arenaLowerBound)
                << ")\n";
  line("stack") << bytes(stats.stackBytes) << "\n";
  line("MACs") << formatCount(sumMacs(operators)) << "\n";
  line("operators") << operators.size() << ": " << countKinds(operators) << "\n";
  line("types") << listTypes(operators) << "\n";
  line("target") << options.target.name << " (" << options.target.cpu << ", "
                 << options.target.triple << "), -O" << toString(options.optLevel) << "\n";
  line("heaviest") << listHeaviest(operators) << "\n";
}

json::Object tflc::toJSON(const TensorInfo &tensor) {
  json::Object object{{"name", json::fixUTF8(tensor.name)},
                      {"tensor", json::fixUTF8(tensor.tensorName)},
                      {"type", getElementTypeName(tensor.type)},
                      {"shape", json::Array(tensor.shape)}};
  if (tensor.isQuantized()) {
    json::Object quantization{{"scales", json::Array(tensor.scales)},
                              {"zero_points", json::Array(tensor.zeroPoints)}};
    if (tensor.isPerAxis())
      quantization["dimension"] = tensor.quantizedDimension;
    object["quantization"] = std::move(quantization);
  }
  return object;
}

json::Array tflc::toJSON(ArrayRef<SignatureInfo> signatures) {
  json::Array list;
  for (const SignatureInfo &signature : signatures) {
    json::Array inputs, outputs;
    for (const TensorInfo &tensor : signature.inputs)
      inputs.push_back(toJSON(tensor));
    for (const TensorInfo &tensor : signature.outputs)
      outputs.push_back(toJSON(tensor));
    list.push_back(json::Object{{"key", json::fixUTF8(signature.key)},
                                {"inputs", std::move(inputs)},
                                {"outputs", std::move(outputs)}});
  }
  return list;
}

json::Object tflc::makeSummary(const CompileOptions &options, const CompileResult &result,
                               ArrayRef<OperatorCost> operators) {
  const CompileStatistics &stats = result.statistics;
  json::Array ops, functions, variables;
  for (const OperatorCost &op : operators)
    ops.push_back(json::Object{{"op", op.name},
                               {"tensor", json::fixUTF8(op.tensor)},
                               {"type", op.type},
                               {"subgraph", op.subgraph},
                               {"index", op.index},
                               {"macs", op.macs}});
  for (const EntryPoint &entry : result.entryPoints)
    functions.push_back(json::Object{{"signature", json::fixUTF8(entry.signature)},
                                     {"function", entry.typed},
                                     {"packed_function", entry.packed}});
  for (const VariableInfo &variable : result.model.variables)
    variables.push_back(json::Object{{"name", json::fixUTF8(variable.name)},
                                     {"type", getElementTypeName(variable.type)},
                                     {"shape", json::Array(variable.shape)}});
  return json::Object{{"name", result.name},
                      {"compiler", "tflc " TFLC_VERSION},
                      {"description", json::fixUTF8(result.model.description)},
                      {"target", json::Object{{"name", options.target.name},
                                              {"triple", options.target.triple},
                                              {"cpu", options.target.cpu},
                                              {"features", options.target.features}}},
                      {"optimization", ("O" + toString(options.optLevel)).str()},
                      {"code_bytes", stats.codeBytes},
                      {"constant_bytes", stats.constantBytes},
                      {"stack_bytes", stats.stackBytes},
                      {"arena_bytes", stats.arenaBytes},
                      {"arena_alignment", stats.arenaAlignment},
                      {"arena_lower_bound", stats.arenaLowerBound},
                      {"macs", sumMacs(operators)},
                      {"functions", std::move(functions)},
                      {"reset_function", result.resetSymbol},
                      {"custom_functions", json::Array(result.customFunctions)},
                      {"signatures", toJSON(result.model.signatures)},
                      {"variables", std::move(variables)},
                      {"operators", std::move(ops)}};
}
