//===- Variable.cpp - lowering of variables -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "Variables.h"

#include "TFL/IR/ElementTypes.h"
#include "TFL/IR/VariableOps.h"
#include "TFLRT/IR/TFLRTDialect.h"

using namespace mlir;
using namespace tflc;

/// What distinguishes a variable from others.
static std::string getName(tfl::VarHandleOp handle) {
  StringRef container = handle.getContainer().value_or(""),
            name = handle.getSharedName().value_or("");
  return container.empty() ? name.str() : (container + "/" + name).str();
}

static RankedTensorType getVariableType(Operation *user) {
  if (auto read = dyn_cast<tfl::ReadVariableOp>(user))
    return read.getValue().getType();
  if (auto assign = dyn_cast<tfl::AssignVariableOp>(user))
    return assign.getValue().getType();
  return {};
}

LogicalResult tflc::declareVariables(ModuleOp module, VariableSymbols &symbols) {
  TFLTypeConverter converter;
  llvm::StringMap<RankedTensorType> types;
  SymbolTable table(module);
  auto builder = OpBuilder::atBlockBegin(module.getBody());
  bool failed = false;
  module.walk([&](tfl::VarHandleOp handle) {
    std::string name = getName(handle);
    for (Operation *user : handle->getUsers()) {
      RankedTensorType type = getVariableType(user);
      if (!type)
        continue;
      if (!type.hasStaticShape()) {
        user->emitError("the variable \"") << name << "\" has no fixed shape";
        failed = true;
        continue;
      }
      RankedTensorType &known = types[name];
      if (known && known != type) {
        user->emitError("the variable \"")
            << name << "\" is used as " << tfl::getElementTypeName(type) << " of shape "
            << tfl::getShapeText(type.getShape()) << " here and as "
            << tfl::getElementTypeName(known) << " of shape " << tfl::getShapeText(known.getShape())
            << " elsewhere";
        failed = true;
        continue;
      }
      if (known)
        continue;
      known = type;
      auto variable = tflrt::VariableOp::create(builder, handle.getLoc(), name,
                                                converter.convertType(type), ElementsAttr());
      // Functions and variables share a name space; the variable makes way.
      symbols[name] = table.insert(variable, builder.getInsertionPoint());
    }
  });
  return failure(failed);
}

namespace {

template <typename Op> struct VariablePattern : OpConversionPattern<Op> {
  VariablePattern(const TypeConverter &converter, MLIRContext *context,
                  const VariableSymbols &symbols)
      : OpConversionPattern<Op>(converter, context), symbols(symbols) {}

  FlatSymbolRefAttr getSymbol(Op op) const {
    auto handle = op.getResourceId().template getDefiningOp<tfl::VarHandleOp>();
    if (!handle)
      return {};
    auto place = symbols.find(getName(handle));
    return place == symbols.end() ? FlatSymbolRefAttr() : FlatSymbolRefAttr::get(place->second);
  }

  const VariableSymbols &symbols;
};

struct ConvertRead : VariablePattern<tfl::ReadVariableOp> {
  using VariablePattern::VariablePattern;
  LogicalResult matchAndRewrite(tfl::ReadVariableOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    FlatSymbolRefAttr symbol = getSymbol(op);
    if (!symbol)
      return rewriter.notifyMatchFailure(op, "the handle is not known");
    rewriter.replaceOpWithNewOp<tflrt::ReadVariableOp>(
        op, getTypeConverter()->convertType(op.getValue().getType()), symbol);
    return success();
  }
};

struct ConvertAssign : VariablePattern<tfl::AssignVariableOp> {
  using VariablePattern::VariablePattern;
  LogicalResult matchAndRewrite(tfl::AssignVariableOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    FlatSymbolRefAttr symbol = getSymbol(op);
    if (!symbol)
      return rewriter.notifyMatchFailure(op, "the handle is not known");
    rewriter.replaceOpWithNewOp<tflrt::AssignVariableOp>(op, symbol, adaptor.getValue());
    return success();
  }
};

} // namespace

void tflc::populateVariablePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns,
                                    const VariableSymbols &symbols) {
  patterns.add<ConvertRead, ConvertAssign>(converter, patterns.getContext(), symbols);
}
