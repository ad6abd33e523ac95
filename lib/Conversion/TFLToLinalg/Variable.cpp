//===- Variable.cpp - lowering of variables -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "Utils.h"
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

namespace {

/// Creates the declarations of a module's variables.
class Declarations {
public:
  Declarations(ModuleOp module)
      : table(module), builder(OpBuilder::atBlockBegin(module.getBody())) {}

  /// `initial` may be null.
  StringAttr declare(Location loc, StringRef name, RankedTensorType type,
                     DenseElementsAttr initial = {}) {
    auto storage = cast<RankedTensorType>(converter.convertType(type));
    ElementsAttr value = getInitialValue(type, storage);
    if (initial)
      value = convertElements(initial, type.getElementType());
    auto variable = tflrt::VariableOp::create(builder, loc, name, storage, value);
    // Functions and variables share a name space; the variable makes way.
    return table.insert(variable, builder.getInsertionPoint());
  }

private:
  /// What stands for zero, where that is not the integer zero.
  static ElementsAttr getInitialValue(RankedTensorType type, RankedTensorType storage) {
    std::optional<tfl::Quantization> quantization = tfl::getQuantization(type);
    if (!quantization || quantization->axis || quantization->zeroPoints[0] == 0 ||
        !tfl::isStoredInteger(type, 8))
      return {};
    return DenseElementsAttr::get(storage, APInt(8, quantization->zeroPoints[0],
                                                 /*isSigned=*/true));
  }

  SymbolTable table;
  OpBuilder builder;
  TFLTypeConverter converter;
};

} // namespace

/// Declares the variable of `handle` by the type of its first use. `types` has those of earlier
/// uses.
static LogicalResult declareResource(tfl::VarHandleOp handle, Declarations &declarations,
                                     llvm::StringMap<RankedTensorType> &types,
                                     VariableSymbols &symbols) {
  std::string name = getName(handle);
  bool failed = false;
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
          << tfl::getShapeText(type.getShape()) << " here and as " << tfl::getElementTypeName(known)
          << " of shape " << tfl::getShapeText(known.getShape()) << " elsewhere";
      failed = true;
      continue;
    }
    if (known)
      continue;
    known = type;
    symbols.resources[name] = declarations.declare(handle.getLoc(), name, type);
  }
  return failure(failed);
}

/// The constant that is stored once; null where there is none.
static DenseElementsAttr findInitialValue(tfl::VariableTensorOp tensor) {
  for (Operation *user : tensor->getUsers())
    if (auto store = dyn_cast<tfl::StoreVariableTensorOp>(user); store && store.getOnce())
      return matchConstant(store.getValue());
  return {};
}

LogicalResult tflc::declareVariables(ModuleOp module, VariableSymbols &symbols) {
  Declarations declarations(module);
  llvm::StringMap<RankedTensorType> types;
  bool failed = false;
  module.walk([&](Operation *op) {
    if (auto handle = dyn_cast<tfl::VarHandleOp>(op)) {
      failed |= mlir::failed(declareResource(handle, declarations, types, symbols));
    } else if (auto tensor = dyn_cast<tfl::VariableTensorOp>(op)) {
      StringAttr &symbol = symbols.tensors[tensor.getVariable()];
      if (!symbol)
        symbol = declarations.declare(tensor.getLoc(), tensor.getVariable(),
                                      tensor.getOutput().getType(), findInitialValue(tensor));
    }
  });
  return failure(failed);
}

//===----------------------------------------------------------------------===//
// Variable tensors
//===----------------------------------------------------------------------===//

StateTensor::StateTensor(const VariableSymbols &symbols, Value model, Value converted)
    : type(cast<RankedTensorType>(TFLTypeConverter().convertType(model.getType()))) {
  if (auto tensor = model.getDefiningOp<tfl::VariableTensorOp>())
    variable = FlatSymbolRefAttr::get(symbols.tensors.lookup(tensor.getVariable()));
  else
    initial = converted;
}

Value StateTensor::read(OpBuilder &builder, Location loc) const {
  if (!variable)
    return initial;
  return tflrt::ReadVariableOp::create(builder, loc, type, variable);
}

void StateTensor::assign(OpBuilder &builder, Location loc, Value value) const {
  if (variable)
    tflrt::AssignVariableOp::create(builder, loc, variable, castTo(builder, loc, value, type));
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {

template <typename Op> struct VariablePattern : OpConversionPattern<Op> {
  VariablePattern(const TypeConverter &converter, MLIRContext *context,
                  const VariableSymbols &symbols)
      : OpConversionPattern<Op>(converter, context), symbols(symbols) {}

  FlatSymbolRefAttr getSymbol(Op op) const {
    auto handle = op.getResourceId().template getDefiningOp<tfl::VarHandleOp>();
    if (!handle)
      return {};
    StringAttr symbol = symbols.resources.lookup(getName(handle));
    return symbol ? FlatSymbolRefAttr::get(symbol) : FlatSymbolRefAttr();
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

struct ConvertLoadTensor : OpConversionPattern<tfl::LoadVariableTensorOp> {
  ConvertLoadTensor(const TypeConverter &converter, MLIRContext *context,
                    const VariableSymbols &symbols)
      : OpConversionPattern(converter, context), symbols(symbols) {}

  LogicalResult matchAndRewrite(tfl::LoadVariableTensorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    StateTensor state(symbols, op.getVariable(), adaptor.getVariable());
    rewriter.replaceOp(op, castTo(rewriter, op.getLoc(), state.read(rewriter, op.getLoc()),
                                  getTypeConverter()->convertType(op.getType())));
    return success();
  }

  const VariableSymbols &symbols;
};

struct ConvertStoreTensor : OpConversionPattern<tfl::StoreVariableTensorOp> {
  ConvertStoreTensor(const TypeConverter &converter, MLIRContext *context,
                     const VariableSymbols &symbols)
      : OpConversionPattern(converter, context), symbols(symbols) {}

  LogicalResult matchAndRewrite(tfl::StoreVariableTensorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    if (!cast<RankedTensorType>(adaptor.getValue().getType()).hasStaticShape())
      return rewriter.notifyMatchFailure(op, "a variable tensor has a fixed shape");
    if (op.getOnce()) {
      if (!matchConstant(adaptor.getValue()))
        return rewriter.notifyMatchFailure(op, "the initial value is not constant");
      rewriter.eraseOp(op);
      return success();
    }
    StateTensor state(symbols, op.getVariable(), adaptor.getVariable());
    state.assign(rewriter, op.getLoc(), adaptor.getValue());
    rewriter.eraseOp(op);
    return success();
  }

  const VariableSymbols &symbols;
};

} // namespace

void tflc::populateVariablePatterns(TFLTypeConverter &converter, RewritePatternSet &patterns,
                                    const VariableSymbols &symbols) {
  patterns.add<ConvertRead, ConvertAssign, ConvertLoadTensor, ConvertStoreTensor>(
      converter, patterns.getContext(), symbols);
}
