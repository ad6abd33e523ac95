//===- SortedTable.h - files of sorted keys and values ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_SORTEDTABLE_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_SORTEDTABLE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>

namespace tflc::savedmodel {

/// Reads a table file of LevelDB's format. Keys are stored as the bytes in which they differ from
/// the key before, in blocks with a checksum each; an index block says where the others lie. Every
/// offset, length and checksum is verified. Compressed blocks, which TensorFlow does not write, are
/// errors.
llvm::Expected<std::map<std::string, std::string>> readSortedTable(llvm::StringRef file);

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_SORTEDTABLE_H
