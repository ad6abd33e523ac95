//===- MathFunctions.cpp - scalar functions of a module -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "MathFunctions.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

using namespace mlir;
using namespace tflc;

func::FuncOp tflc::getScalarFunction(Operation *user, PatternRewriter &rewriter, StringRef name,
                                     FunctionType type,
                                     function_ref<void(OpBuilder &, func::FuncOp)> build) {
  auto module = user->getParentOfType<ModuleOp>();
  if (auto function = module.lookupSymbol<func::FuncOp>(name))
    return function;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(rewriter, module.getLoc(), name, type);
  function.setPrivate();
  rewriter.setInsertionPointToStart(function.addEntryBlock());
  build(rewriter, function);
  return function;
}

SmallVector<Value> tflc::callForEachLane(OpBuilder &builder, Location loc, func::FuncOp function,
                                         ValueRange operands) {
  auto vector = dyn_cast<VectorType>(operands.front().getType());
  if (!vector)
    return func::CallOp::create(builder, loc, function, operands).getResults();
  SmallVector<SmallVector<Value>> lanes(function.getNumResults());
  for (int64_t lane = 0; lane < vector.getNumElements(); ++lane) {
    SmallVector<Value> arguments;
    for (Value operand : operands)
      arguments.push_back(vector::ExtractOp::create(builder, loc, operand, lane));
    auto call = func::CallOp::create(builder, loc, function, arguments);
    for (auto [values, result] : llvm::zip_equal(lanes, call.getResults()))
      values.push_back(result);
  }
  SmallVector<Value> results;
  for (auto [values, type] : llvm::zip_equal(lanes, function.getResultTypes()))
    results.push_back(vector::FromElementsOp::create(
        builder, loc, VectorType::get(vector.getShape(), type), values));
  return results;
}
