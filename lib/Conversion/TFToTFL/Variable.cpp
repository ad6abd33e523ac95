//===- Variable.cpp - variables -------------------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TF/IR/VariableOps.h"
#include "TFL/IR/TFLDialect.h"

using namespace mlir;
using namespace tflc;

static LogicalResult convertHandle(tf::VarHandleOp op, PatternRewriter &rewriter) {
  OperatorOptions options(rewriter);
  options.set("container", "").set("shared_name", op.getSharedName());
  auto type = RankedTensorType::get({}, tfl::ResourceType::get(rewriter.getContext()));
  rewriter.replaceOp(op,
                     createBuiltin(rewriter, op.getLoc(), "VAR_HANDLE", type, {}, options.get()));
  return success();
}

void tflc::populateVariablePatterns(RewritePatternSet &patterns) {
  addPattern<tf::VarHandleOp>(patterns, convertHandle);
  addRename<tf::AssignVariableOp>(patterns, "ASSIGN_VARIABLE");
  addRename<tf::ReadVariableOp>(patterns, "READ_VARIABLE");
}
