//===- InstructionOps.cpp - what few machines do at once ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFLRT/IR/TFLRTDialect.h"

using namespace mlir;
using namespace tflc::tflrt;

LogicalResult WordProductsOp::verify() {
  uint64_t expected = getRowOffsets().size() * getColumns();
  if (getSums().size() != expected)
    return emitOpError("has ") << getSums().size() << " sums instead of " << expected
                               << ", one for each row and column";
  if (getResults().size() != getSums().size())
    return emitOpError("has ") << getResults().size() << " results for " << getSums().size()
                               << " sums";
  if (getGroups() == 0 || getRuns() == 0)
    return emitOpError("has no words to multiply");
  if (getRest() > 3)
    return emitOpError("has a rest of ") << getRest() << " bytes, which hold a word";
  if (getUnroll() == 0 || getGroups() % getUnroll() != 0)
    return emitOpError("cannot take ") << getGroups() << " words in steps of " << getUnroll();
  if (getRuns() > 1 && getUnroll() != getGroups())
    return emitOpError("takes only a part of each of several runs in one iteration");
  if (getAligned() && !getExtended())
    return emitOpError("has aligned rows of bytes, which nothing makes use of");
  return success();
}

LogicalResult TileConfigureOp::verify() {
  constexpr size_t registers = 8;
  if (getRows().size() != registers || getRowBytes().size() != registers)
    return emitOpError("does not say the size of each of the eight registers");
  for (auto [rows, bytes] : llvm::zip_equal(getRows(), getRowBytes())) {
    if (rows < 0 || rows > 16 || bytes < 0 || bytes > 64 || bytes % 4 != 0)
      return emitOpError("has a register of ") << rows << " rows of " << bytes << " bytes";
    if ((rows == 0) != (bytes == 0))
      return emitOpError("has a register with rows but no bytes, or bytes but no rows");
  }
  return success();
}

LogicalResult TileDotOp::verify() {
  if (getSums() == getLhs() || getSums() == getRhs() || getLhs() == getRhs())
    return emitOpError("needs three different registers");
  return success();
}
