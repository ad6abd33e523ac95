//===- WordLookup.cpp - tables of words, byte by byte ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "WordLookup.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

/// Entries of a table that one index of a byte reaches.
static constexpr int64_t numEntries = 256;

SmallVector<int8_t> WordLookup::plane(unsigned number) const {
  return llvm::map_to_vector(table.getValues<APInt>(), [&](const APInt &entry) {
    return static_cast<int8_t>(entry.extractBitsAsZExtValue(8, 8 * number));
  });
}

WordLookup tflc::matchWordLookup(memref::LoadOp load) {
  MemRefType type = load.getMemRefType();
  if (type.getRank() != 1 || type.getDimSize(0) != numEntries ||
      !(type.getElementType().isInteger(16) || type.getElementType().isInteger(32)))
    return {};
  auto cast = load.getIndices()[0].getDefiningOp<arith::IndexCastUIOp>();
  if (!cast || !cast.getIn().getType().isInteger(8))
    return {};
  DenseElementsAttr table = getConstantValues(load.getMemRef());
  return table ? WordLookup{table, cast.getIn()} : WordLookup{};
}

bool tflc::looksUpPlanes(const TargetInfo &target) {
  return 2 * target.instructions.lookup->entries >= numEntries;
}

unsigned tflc::planeLanes(const Stage &stage, const TargetInfo &target) {
  bool hasLookup = looksUpPlanes(target) && llvm::any_of(*stage.body(), [](Operation &op) {
                     auto load = dyn_cast<memref::LoadOp>(op);
                     return load && matchWordLookup(load).table;
                   });
  return hasLookup ? target.vectorBits / 8 : 0;
}
