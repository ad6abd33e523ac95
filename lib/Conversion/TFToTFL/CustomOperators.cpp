//===- CustomOperators.cpp - operations that stay what they are -----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Builtin.h"
#include "Steps.h"

#include "TF/IR/CustomOperators.h"
#include "TF/IR/TFDialect.h"
#include "TFL/IR/CustomOps.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"

#include <flatbuffers/flexbuffers.h>

using namespace mlir;
using namespace tflc;

/// The attributes of an operation as a map of flexbuffers, as TensorFlow's converter writes them.
/// Those that are neither numbers nor text are left out.
static std::string writeAttributes(Operation *op) {
  flexbuffers::Builder builder;
  builder.Map([&] {
    for (NamedAttribute attribute : op->getAttrs()) {
      std::string name = attribute.getName().str();
      Attribute value = attribute.getValue();
      if (auto flag = dyn_cast<BoolAttr>(value))
        builder.Bool(name.c_str(), flag.getValue());
      else if (auto number = dyn_cast<IntegerAttr>(value))
        builder.Int(name.c_str(), number.getInt());
      else if (auto number = dyn_cast<FloatAttr>(value))
        builder.Float(name.c_str(), float(number.getValueAsDouble()));
      else if (auto text = dyn_cast<StringAttr>(value))
        builder.String(name.c_str(), text.str());
    }
  });
  builder.Finish();
  return std::string(builder.GetBuffer().begin(), builder.GetBuffer().end());
}

void tflc::keepCustomOperators(ModuleOp module) {
  auto names = module->getAttrOfType<ArrayAttr>(tf::customOperatorsAttr);
  if (!names)
    return;
  llvm::StringSet<> kept;
  for (StringAttr name : names.getAsRange<StringAttr>())
    kept.insert(name.getValue());
  SmallVector<Operation *> operations;
  module.walk([&](Operation *op) {
    bool isOurs = op->getName().getDialectNamespace() == tf::TFDialect::getDialectNamespace();
    if (isOurs && kept.contains(op->getName().stripDialect()))
      operations.push_back(op);
  });
  for (Operation *op : operations) {
    OpBuilder builder(op);
    StringRef code = op->getName().stripDialect();
    OperatorOptions options(builder);
    options.set("custom_code", code).set("custom_options", writeAttributes(op));
    // Of most the tfl dialect knows nothing; they have the place that the importer gives them.
    OperationState state(op->getLoc(),
                         tfl::isKnownCustomOperator(code) ? "tfl.custom" : "unsupported.custom",
                         op->getOperands(), op->getResultTypes(), options.get());
    op->replaceAllUsesWith(builder.create(state));
    op->erase();
  }
  module->removeAttr(tf::customOperatorsAttr);
}
