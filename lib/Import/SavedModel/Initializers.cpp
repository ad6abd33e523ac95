//===- Initializers.cpp - what fills variables and tables -----------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Initializers.h"

#include "GraphImporter.h"

#include "Schema/saved_model.pb.h"

using namespace llvm;
using namespace tflc;
using namespace tflc::savedmodel;

/// Deeper than any file that TensorFlow writes.
static constexpr unsigned maxDepth = 64;
static constexpr size_t maxSteps = 1 << 20;

static StringRef getFunctionName(const proto::NodeDef &node) {
  auto found = node.attr().find("f");
  return found == node.attr().end() ? StringRef() : StringRef(found->second.func().name());
}

InitialValue Initializers::evaluateInput(Scope &scope, const proto::NodeDef &node, int number,
                                         unsigned depth) {
  return number < node.input_size() ? evaluate(scope, node.input(number), depth) : InitialValue();
}

InitialValue Initializers::evaluate(Scope &scope, StringRef input, unsigned depth) {
  std::optional<InputName> name = InputName::parse(input);
  if (!name || name->isControl || depth > maxDepth || ++steps > maxSteps)
    return {};
  if (auto argument = scope.arguments.find(name->node.str()); argument != scope.arguments.end())
    return argument->second;
  std::optional<unsigned> number = scope.nodes.find(name->node);
  if (!number)
    return {};
  const proto::NodeDef &node = scope.nodes[*number];
  StringRef op = node.op();
  InitialValue result;
  if (scope.depth == 0)
    if (std::optional<std::string> asset = graph.findAsset(name->node)) {
      result.kind = InitialValue::Asset;
      result.text = *asset;
      return result;
    }
  if (op == "ReadVariableOp")
    return evaluateRead(scope, node, depth + 1);
  if (op == "Identity" || op == "Reshape")
    return evaluateInput(scope, node, 0, depth + 1);
  if (op == "VarHandleOp" || op == "VariableV2" || op == "HashTableV2" || op == "HashTable") {
    result.kind = InitialValue::Handle;
    result.text = node.name();
    return result;
  }
  if (op == "Const") {
    auto value = node.attr().find("value");
    if (value == node.attr().end() || !value->second.has_tensor())
      return {};
    result.kind = InitialValue::Constant;
    result.tensor = &value->second.tensor();
    return result;
  }
  if (op != "RestoreV2")
    return {};
  InitialValue names = evaluateInput(scope, node, 1, depth + 1);
  InitialValue slices = evaluateInput(scope, node, 2, depth + 1);
  auto getText = [&](const InitialValue &list) -> std::string {
    if (list.kind != InitialValue::Constant)
      return "";
    // The last of the values stands for all that follow.
    int count = list.tensor->string_val_size();
    return count == 0 ? "" : list.tensor->string_val(std::min(int(name->index), count - 1));
  };
  result.kind = InitialValue::Restored;
  result.text = getText(names);
  result.slice = getText(slices);
  return result;
}

/// What a variable that holds the name of an asset was given.
InitialValue Initializers::evaluateRead(Scope &scope, const proto::NodeDef &node, unsigned depth) {
  for (unsigned i = 0; i < scope.nodes.size() && ++steps <= maxSteps; ++i) {
    const proto::NodeDef &other = scope.nodes[i];
    if (other.op() == "AssignVariableOp" && other.input_size() > 1 && node.input_size() > 0 &&
        other.input(0) == node.input(0))
      return evaluateInput(scope, other, 1, depth);
  }
  return {};
}

/// A table of whole lines and their numbers.
void Initializers::fillFromAsset(Scope &scope, const proto::NodeDef &node,
                                 const std::string &table) {
  constexpr int64_t wholeLine = -2, lineNumber = -1;
  auto getIndex = [&](const char *name) -> int64_t {
    auto found = node.attr().find(name);
    return found == node.attr().end() ? 0 : found->second.i();
  };
  int64_t key = getIndex("key_index"), value = getIndex("value_index");
  InitialValue file = evaluateInput(scope, node, 1);
  bool isByNumber = key == lineNumber && value == wholeLine;
  if (file.kind == InitialValue::Asset && (isByNumber || (key == wholeLine && value == lineNumber)))
    tables.try_emplace(table, Table{{}, {}, file.text, isByNumber});
}

Error Initializers::call(Scope &scope, const proto::NodeDef &node) {
  const proto::FunctionDef *function = graph.findFunction(getFunctionName(node));
  if (!function || scope.depth >= maxDepth)
    return createStringError(
        inconvertibleErrorCode(),
        "the initialization calls functions that are missing or call themselves");
  Expected<NodeTable> nodes = NodeTable::create(function->node_def());
  if (!nodes)
    return nodes.takeError();
  Scope inner{*nodes, {}, scope.depth + 1, {}};
  int number = 0;
  for (const proto::OpDef::ArgDef &argument : function->signature().input_arg())
    inner.arguments[argument.name()] = evaluateInput(scope, node, number++);
  for (const proto::NodeDef &each : function->node_def())
    if (Error error = visit(inner, each.name()))
      return error;
  return Error::success();
}

Error Initializers::visit(Scope &scope, StringRef name) {
  SmallVector<StringRef> pending = {name};
  while (!pending.empty()) {
    StringRef next = pending.pop_back_val();
    std::optional<unsigned> number = scope.nodes.find(next);
    if (!number || !scope.visited.insert(next).second)
      continue;
    if (++steps > maxSteps)
      return createStringError(inconvertibleErrorCode(), "the initialization takes too many steps");
    const proto::NodeDef &node = scope.nodes[*number];
    for (const std::string &input : node.input())
      if (std::optional<InputName> source = InputName::parse(input))
        pending.push_back(source->node);
    StringRef op = node.op();
    InitialValue target = evaluateInput(scope, node, 0);
    if (op == "AssignVariableOp" || op == "Assign") {
      if (target.kind == InitialValue::Handle)
        variables.try_emplace(target.text, evaluateInput(scope, node, 1));
    } else if (op == "LookupTableImportV2" || op == "InitializeTableV2") {
      if (target.kind == InitialValue::Handle)
        tables.try_emplace(
            target.text,
            Table{evaluateInput(scope, node, 1), evaluateInput(scope, node, 2), {}, false});
    } else if (op == "InitializeTableFromTextFileV2") {
      if (target.kind == InitialValue::Handle)
        fillFromAsset(scope, node, target.text);
    } else if (op == "PartitionedCall" || op == "StatefulPartitionedCall") {
      if (Error error = call(scope, node))
        return error;
    }
  }
  return Error::success();
}

Error Initializers::run(StringRef node) {
  Scope scope{graph.getNodes(), {}, 0, {}};
  return visit(scope, InputName::parse(node).value_or(InputName()).node);
}
