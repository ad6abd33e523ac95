//===- NodeTable.cpp - the nodes of a graph by name -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "NodeTable.h"

#include "Schema/graph.pb.h"

#include <queue>

using namespace llvm;
using namespace tflc;
using namespace tflc::savedmodel;

static Error makeError(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

std::optional<InputName> InputName::parse(StringRef text) {
  InputName result;
  if (text.consume_front("^")) {
    result.isControl = true;
    result.node = text;
    return text.empty() ? std::nullopt : std::optional(result);
  }
  SmallVector<StringRef, 3> parts;
  text.split(parts, ':');
  result.node = parts[0];
  if (parts.size() > 3 || parts[0].empty())
    return std::nullopt;
  if (parts.size() == 3)
    result.argument = parts[1];
  if (parts.size() > 1 && parts.back().getAsInteger(10, result.index))
    return std::nullopt;
  return result;
}

Error NodeTable::add(const proto::NodeDef &node) {
  if (!numbers.try_emplace(node.name(), nodes.size()).second)
    return makeError("two nodes have the name \"" + node.name() + "\"");
  nodes.push_back(&node);
  return Error::success();
}

std::optional<unsigned> NodeTable::find(StringRef name) const {
  auto found = numbers.find(name);
  return found == numbers.end() ? std::nullopt : std::optional(found->second);
}

Expected<std::vector<unsigned>> NodeTable::getInputs(unsigned number,
                                                     const StringSet<> &given) const {
  std::vector<unsigned> result;
  for (const std::string &text : nodes[number]->input()) {
    std::optional<InputName> input = InputName::parse(text);
    if (!input)
      return makeError("node \"" + nodes[number]->name() + "\" has an input \"" + text +
                       "\", which is no name");
    if (given.contains(input->node))
      continue;
    std::optional<unsigned> source = find(input->node);
    if (!source)
      return makeError("node \"" + nodes[number]->name() + "\" reads \"" + text +
                       "\", which does not exist");
    result.push_back(*source);
  }
  return result;
}

Expected<std::vector<unsigned>> NodeTable::sort(ArrayRef<unsigned> roots,
                                                const StringSet<> &given) const {
  std::vector<bool> needed(nodes.size());
  std::vector<unsigned> pending(roots.begin(), roots.end()), missing(nodes.size());
  std::vector<std::vector<unsigned>> users(nodes.size());
  std::priority_queue<unsigned, std::vector<unsigned>, std::greater<unsigned>> ready;
  size_t count = 0;
  while (!pending.empty()) {
    unsigned node = pending.back();
    pending.pop_back();
    if (needed[node])
      continue;
    needed[node] = true;
    ++count;
    Expected<std::vector<unsigned>> inputs = getInputs(node, given);
    if (!inputs)
      return inputs.takeError();
    missing[node] = inputs->size();
    if (inputs->empty())
      ready.push(node);
    for (unsigned input : *inputs) {
      users[input].push_back(node);
      pending.push_back(input);
    }
  }
  std::vector<unsigned> order;
  while (!ready.empty()) {
    unsigned node = ready.top();
    ready.pop();
    order.push_back(node);
    for (unsigned user : users[node])
      if (--missing[user] == 0)
        ready.push(user);
  }
  if (order.size() == count)
    return order;
  for (unsigned node = 0; node < nodes.size(); ++node)
    if (needed[node] && missing[node] != 0)
      return makeError("node \"" + nodes[node]->name() +
                       "\" needs its own result: the graph has a cycle");
  return order;
}
