//===- InitialValues.cpp - variables before the first invocation ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "Steps.h"

#include "TF/IR/ConstantOps.h"
#include "TF/IR/VariableOps.h"
#include "TFL/IR/TFLDialect.h"

using namespace mlir;
using namespace tflc;

void tflc::addInitialization(ModuleOp module) {
  SmallVector<tf::GlobalOp> globals(module.getOps<tf::GlobalOp>());
  if (globals.empty())
    return;
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function = func::FuncOp::create(builder, module.getLoc(), "initialize_variables",
                                       builder.getFunctionType({}, {}));
  function.setPrivate();
  SymbolTable symbols(module);
  auto symbol = FlatSymbolRefAttr::get(symbols.insert(function));
  builder.setInsertionPointToEnd(function.addEntryBlock());
  auto handleType = RankedTensorType::get({}, tfl::ResourceType::get(builder.getContext()));
  for (tf::GlobalOp global : globals) {
    OperatorOptions options(builder);
    options.set("container", "").set("shared_name", global.getSymName());
    Value handle =
        createBuiltinValue(builder, global.getLoc(), "VAR_HANDLE", handleType, {}, options.get());
    Value value = createConstant(builder, global.getLoc(), global.getValue());
    createBuiltin(builder, global.getLoc(), "ASSIGN_VARIABLE", {}, {handle, value});
    global.erase();
  }
  func::ReturnOp::create(builder, function.getLoc());
  for (auto signature : module.getOps<func::FuncOp>()) {
    if (!signature.isPublic())
      continue;
    builder.setInsertionPointToStart(&signature.getBody().front());
    OperatorOptions options(builder);
    options.add("init_subgraph", symbol);
    createBuiltin(builder, signature.getLoc(), "CALL_ONCE", {}, {}, options.get());
  }
}
