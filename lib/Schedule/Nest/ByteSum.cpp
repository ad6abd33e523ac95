//===- ByteSum.cpp - reductions that add up bytes -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ByteSum.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tflc;

std::optional<ByteSum> tflc::matchByteSum(const Stage &stage) {
  auto add = dyn_cast_if_present<arith::AddIOp>(matchCombiner(stage));
  if (!add || !stage.output.elementType.isInteger(32))
    return std::nullopt;
  Block *body = stage.body();
  Operation *extension =
      add.getOperand(add.getLhs() == body->getArguments().back()).getDefiningOp();
  if (!isa_and_present<arith::ExtSIOp, arith::ExtUIOp>(extension))
    return std::nullopt;
  auto byte = dyn_cast<BlockArgument>(extension->getOperand(0));
  if (!byte || byte.getOwner() != body || !byte.getType().isInteger(8))
    return std::nullopt;
  return ByteSum{byte.getArgNumber(), isa<arith::ExtUIOp>(extension)};
}
