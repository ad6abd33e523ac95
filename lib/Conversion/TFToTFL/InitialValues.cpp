//===- InitialValues.cpp - variables before the first invocation ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "Steps.h"
#include "Tables.h"

#include "TF/IR/AttributeNames.h"
#include "TF/IR/ConstantOps.h"
#include "TF/IR/VariableOps.h"
#include "TFL/IR/TFLDialect.h"

using namespace mlir;
using namespace tflc;

static void assignVariable(OpBuilder &builder, tf::GlobalOp global) {
  Location loc = global.getLoc();
  auto type = RankedTensorType::get({}, tfl::ResourceType::get(builder.getContext()));
  OperatorOptions options(builder);
  options.set("container", "").set("shared_name", global.getSymName());
  Value handle = createBuiltinValue(builder, loc, "VAR_HANDLE", type, {}, options.get());
  Value value = createConstant(builder, loc, global.getValue());
  createBuiltin(builder, loc, "ASSIGN_VARIABLE", {}, {handle, value});
  global.erase();
}

static void fillTable(OpBuilder &builder, tf::TableOp table) {
  Location loc = table.getLoc();
  Value handle = createTable(builder, loc, table);
  Value keys = createConstant(builder, loc, table.getKeys());
  Value values = createConstant(builder, loc, table.getValues());
  createBuiltin(builder, loc, "HASHTABLE_IMPORT", {}, {handle, keys, values});
}

void tflc::addInitialization(ModuleOp module) {
  SmallVector<tf::GlobalOp> globals(module.getOps<tf::GlobalOp>());
  SmallVector<tf::TableOp> tables(module.getOps<tf::TableOp>());
  auto isFilled = [](tf::TableOp table) { return table->hasAttr(tf::filledByGraphAttr); };
  if (globals.empty() && llvm::all_of(tables, isFilled)) {
    for (tf::TableOp table : tables)
      table.erase();
    return;
  }
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function = func::FuncOp::create(builder, module.getLoc(), "initialize_variables",
                                       builder.getFunctionType({}, {}));
  function.setPrivate();
  SymbolTable symbols(module);
  auto symbol = FlatSymbolRefAttr::get(symbols.insert(function));
  builder.setInsertionPointToEnd(function.addEntryBlock());
  for (tf::GlobalOp global : globals)
    assignVariable(builder, global);
  for (tf::TableOp table : tables)
    if (!isFilled(table))
      fillTable(builder, table);
  // Their numbers are their places among all.
  for (tf::TableOp table : tables)
    table.erase();
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
