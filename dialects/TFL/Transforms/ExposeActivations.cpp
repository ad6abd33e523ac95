//===- ExposeActivations.cpp - make all float tensors results -------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ObserveSubgraphs.h"

#include "TFL/IR/TFLDialect.h"
#include "TFL/Transforms/CalibratedRanges.h"
#include "TFL/Transforms/Passes.h"

using namespace mlir;

namespace tflc::tfl {
#define GEN_PASS_DEF_EXPOSEACTIVATIONSPASS
#include "TFL/Transforms/Passes.h.inc"
} // namespace tflc::tfl

using namespace tflc::tfl;

namespace {

class ExposeActivations : public tflc::tfl::impl::ExposeActivationsPassBase<ExposeActivations> {
public:
  using Base = tflc::tfl::impl::ExposeActivationsPassBase<ExposeActivations>;
  using Base::Base;

  void runOnOperation() override {
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
      if (!function.isExternal() && !function.isPrivate())
        expose(function);
    eraseReplaced();
  }

private:
  /// Subgraphs that only replaced operators ran, and those that only these ran.
  void eraseReplaced() {
    bool changed = true;
    while (changed) {
      changed = false;
      for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>()))
        if (function->hasAttr(replacedName) &&
            SymbolTable::symbolKnownUseEmpty(function, getOperation())) {
          function.erase();
          changed = true;
        }
    }
  }

  void expose(func::FuncOp function) {
    SmallVector<Value> values;
    if (quantized) {
      values = collectReals(function);
    } else {
      SmallVector<Value> inner = observeSubgraphs(function);
      values = collectOwnActivations(function, inner);
      llvm::append_range(values, inner);
    }
    Operation *terminator = function.front().getTerminator();
    SmallVector<Attribute> attributes;
    if (ArrayAttr present = function.getAllResultAttrs())
      llvm::append_range(attributes, present);
    attributes.resize(terminator->getNumOperands(), DictionaryAttr::get(&getContext()));
    terminator->insertOperands(terminator->getNumOperands(), values);
    attributes.resize(terminator->getNumOperands(), DictionaryAttr::get(&getContext()));
    function.setFunctionType(FunctionType::get(&getContext(), function.getArgumentTypes(),
                                               terminator->getOperandTypes()));
    function.setAllResultAttrs(attributes);
  }
};

} // namespace
