//===- Decompose.cpp - operations made of simpler ones --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Decompositions.h"

#include "TF/IR/CustomOperators.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_DECOMPOSEPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

namespace {

class Decompose : public tflc::tf::impl::DecomposePassBase<Decompose> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    populateElementwiseDecompositions(patterns);
    populateFunctionDecompositions(patterns);
    populateImageDecompositions(patterns);
    populateShapeDecompositions(patterns);
    populateWindowDecompositions(patterns);
    GreedyRewriteConfig config;
    config.setStrictness(GreedyRewriteStrictness::ExistingAndNewOps);
    (void)applyOpPatternsGreedily(findOperations(), std::move(patterns), config);
  }

  /// All operations but those that the user wants to keep as custom operators.
  SmallVector<Operation *> findOperations() {
    llvm::StringSet<> kept;
    auto module = getOperation()->getParentOfType<ModuleOp>();
    if (auto names = module ? module->getAttrOfType<ArrayAttr>(customOperatorsAttr) : nullptr)
      for (StringAttr name : names.getAsRange<StringAttr>())
        kept.insert(name.getValue());
    SmallVector<Operation *> operations;
    getOperation()->walk([&](Operation *op) {
      if (!kept.contains(op->getName().stripDialect()))
        operations.push_back(op);
    });
    return operations;
  }
};

} // namespace
