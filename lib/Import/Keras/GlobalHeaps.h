//===- GlobalHeaps.h - checks ahead of the HDF5 library ---------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_KERAS_GLOBALHEAPS_H
#define TFLC_LIB_IMPORT_KERAS_GLOBALHEAPS_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace tflc::keras {

/// The global heaps of an HDF5 file, which hold texts of variable length. The library believes what
/// stands in them and in references to them; here both are checked before it reads.
class GlobalHeaps {
public:
  /// None where the objects of a heap do not lie one after the other within it: a size of zero
  /// keeps the library busy for ever, and one that is too large makes it read behind the heap.
  /// `bytes`, the whole file, must outlive the heaps.
  static std::optional<GlobalHeaps> read(llvm::StringRef bytes);

  /// Whether all texts of variable length of the attributes called `name`, or `name` and a number,
  /// of whatever object, are in a heap, and as long as it says there. The library reads an object
  /// that is missing at a wrong address, and writes a longer one behind the memory that it has
  /// taken.
  bool holdTextsOf(llvm::StringRef name) const;

private:
  /// Offset of a heap in the file, and number of an object in it.
  using Place = std::pair<uint64_t, uint32_t>;

  bool readHeap(uint64_t start, llvm::StringRef heap);
  bool holdReferences(llvm::StringRef references) const;
  bool holdTextsAt(size_t place, size_t nameSize) const;

  llvm::StringRef bytes;
  llvm::DenseMap<Place, uint64_t> sizes; ///< of all objects
};

} // namespace tflc::keras

#endif // TFLC_LIB_IMPORT_KERAS_GLOBALHEAPS_H
