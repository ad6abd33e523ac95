//===- Arena.h - memory that a model works in -------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_COMPILER_ALIGNEDMEMORY_H
#define TFLC_COMPILER_ALIGNEDMEMORY_H

#include "llvm/Support/MemAlloc.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace tflc {

/// Zeroed memory with the size and alignment that a compilation asks for.
class AlignedMemory {
public:
  AlignedMemory(int64_t size, int64_t alignment)
      : size(std::max<int64_t>(size, 1)), alignment(std::max<int64_t>(alignment, 64)),
        data(llvm::allocate_buffer(this->size, this->alignment)) {
    std::memset(data, 0, this->size);
  }
  AlignedMemory(AlignedMemory &&other)
      : size(other.size), alignment(other.alignment), data(std::exchange(other.data, nullptr)) {}
  ~AlignedMemory() {
    if (data)
      llvm::deallocate_buffer(data, size, alignment);
  }

  void *get() const { return data; }

private:
  size_t size;
  size_t alignment;
  void *data;
};

} // namespace tflc

#endif // TFLC_COMPILER_ALIGNEDMEMORY_H
