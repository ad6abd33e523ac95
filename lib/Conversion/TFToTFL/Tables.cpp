//===- Tables.cpp - tables of constant content ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Tables.h"

#include "Builtin.h"
#include "PopulatePatterns.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/TFLDialect.h"

using namespace mlir;
using namespace tflc;

static std::string getSchemaName(ElementsAttr elements) {
  return StringRef(tfl::getElementTypeName(elements.getShapedType())).upper();
}

Value tflc::createTable(OpBuilder &builder, Location loc, tf::TableOp table) {
  int64_t number = 0;
  for (auto other : table->getParentOfType<ModuleOp>().getOps<tf::TableOp>()) {
    if (other == table)
      break;
    ++number;
  }
  OperatorOptions options(builder);
  options.set("table_id", number)
      .set("key_dtype", getSchemaName(table.getKeys()))
      .set("value_dtype", getSchemaName(table.getValues()));
  auto type = RankedTensorType::get({}, tfl::ResourceType::get(builder.getContext()));
  return createBuiltinValue(builder, loc, "HASHTABLE", type, {}, options.get());
}

/// The kernels have tables from strings to int64, and the other way round.
static LogicalResult convertTable(tf::HashTableV2Op op, PatternRewriter &rewriter) {
  auto module = op->getParentOfType<ModuleOp>();
  auto table = dyn_cast_or_null<tf::TableOp>(
      SymbolTable::lookupSymbolIn(module, StringAttr::get(op.getContext(), op.getSharedName())));
  if (!table)
    return rewriter.notifyMatchFailure(op, "a table without constant content");
  std::string key = getSchemaName(table.getKeys()), value = getSchemaName(table.getValues());
  if ((key != "STRING" || value != "INT64") && (key != "INT64" || value != "STRING"))
    return rewriter.notifyMatchFailure(op, "a table of types without a kernel");
  rewriter.replaceOp(op, createTable(rewriter, op.getLoc(), table));
  return success();
}

void tflc::populateTablePatterns(RewritePatternSet &patterns) {
  addPattern<tf::HashTableV2Op>(patterns, convertTable);
  addRename<tf::LookupTableFindV2Op>(patterns, "HASHTABLE_FIND");
  addRename<tf::LookupTableImportV2Op>(patterns, "HASHTABLE_IMPORT");
}
