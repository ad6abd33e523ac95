//===- NodeTable.h - the nodes of a graph by name ---------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_NODETABLE_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_NODETABLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <vector>

namespace tflc::proto {
class NodeDef;
} // namespace tflc::proto

namespace tflc::savedmodel {

/// What an input of a node says: "^node", "node", "node:1" or, in functions, "node:argument:1".
struct InputName {
  llvm::StringRef node;
  /// The name of an output argument; empty in graphs.
  llvm::StringRef argument;
  unsigned index = 0;
  bool isControl = false;

  /// Nothing if the text is of another form.
  static std::optional<InputName> parse(llvm::StringRef text);
};

/// The nodes of a graph or of a function's body. They live as long as the file.
class NodeTable {
public:
  /// Fails if two nodes have one name.
  template <typename List> static llvm::Expected<NodeTable> create(const List &list) {
    NodeTable table;
    for (const proto::NodeDef &node : list)
      if (llvm::Error error = table.add(node))
        return std::move(error);
    return table;
  }

  size_t size() const { return nodes.size(); }
  const proto::NodeDef &operator[](unsigned number) const { return *nodes[number]; }
  std::optional<unsigned> find(llvm::StringRef name) const;

  /// The nodes that `roots` need, ordered so that all inputs, controls included, come before their
  /// users, otherwise as in the file. Inputs named in `given` are not followed. Fails on cycles and
  /// on names that do not exist.
  llvm::Expected<std::vector<unsigned>> sort(llvm::ArrayRef<unsigned> roots,
                                             const llvm::StringSet<> &given) const;

private:
  llvm::Error add(const proto::NodeDef &node);
  /// The nodes that one node reads or waits for.
  llvm::Expected<std::vector<unsigned>> getInputs(unsigned number,
                                                  const llvm::StringSet<> &given) const;

  std::vector<const proto::NodeDef *> nodes;
  llvm::StringMap<unsigned> numbers;
};

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_NODETABLE_H
