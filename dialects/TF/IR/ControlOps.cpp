//===- ControlOps.cpp - functions, branches and loops ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ControlOps.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/ControlOps.cpp.inc"

LogicalResult IdentityNOp::inferReturnTypes(MLIRContext *, std::optional<Location>, Adaptor op,
                                            SmallVectorImpl<Type> &types) {
  llvm::append_range(types, op.getInput().getTypes());
  return success();
}

LogicalResult WhileRegionOp::verify() {
  for (Region *region : {&getCond(), &getBody()})
    if (region->getNumArguments() != getNumOperands())
      return emitError() << "expected " << getNumOperands() << " block arguments, found "
                         << region->getNumArguments();
  if (getNumResults() != getNumOperands() ||
      getBody().front().getTerminator()->getNumOperands() != getNumOperands())
    return emitError() << "operands, results and what the body yields differ in number";
  if (getCond().front().getTerminator()->getNumOperands() != 1)
    return emitError() << "the condition must yield one value";
  return success();
}

/// A branch whose condition is known stands without it.
LogicalResult IfRegionOp::canonicalize(IfRegionOp op, PatternRewriter &rewriter) {
  DenseElementsAttr condition;
  if (!matchPattern(op.getCond(), m_Constant(&condition)) || condition.getNumElements() != 1 ||
      !condition.getElementType().isInteger())
    return rewriter.notifyMatchFailure(op, "the condition is not known");
  bool isTrue = !condition.getSplatValue<APInt>().isZero();
  Block &block = (isTrue ? op.getThenRegion() : op.getElseRegion()).front();
  Operation *yield = block.getTerminator();
  SmallVector<Value> results(yield->getOperands());
  rewriter.inlineBlockBefore(&block, op);
  rewriter.replaceOp(op, results);
  rewriter.eraseOp(yield);
  return success();
}
