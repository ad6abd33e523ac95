//===- TFToTFL.cpp - the pass from tf to tfl ------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PopulatePatterns.h"
#include "Steps.h"

#include "TF/IR/ConstantOps.h"
#include "TF/IR/TFDialect.h"
#include "TFL/IR/ConstantOps.h"
#include "TFL/IR/TFLDialect.h"
#include "tflc/Conversion/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace tflc {
#define GEN_PASS_DEF_CONVERTTFTOTFLPASS
#include "tflc/Conversion/Passes.h.inc"
} // namespace tflc

using namespace tflc;

namespace {

class ConvertTFToTFL : public tflc::impl::ConvertTFToTFLPassBase<ConvertTFToTFL> {
  void runOnOperation() override;

  bool convertConstants();
  bool reportRemaining();
};

} // namespace

/// The constants of the file format, in place of ours.
bool ConvertTFToTFL::convertConstants() {
  bool valid = true;
  getOperation().walk([&](tf::ConstOp constant) {
    auto type = dyn_cast<RankedTensorType>(constant.getValue().getShapedType());
    if (!type || isa<tf::StringType>(type.getElementType())) {
      constant.emitError() << "constants of strings cannot be converted";
      valid = false;
      return;
    }
    OpBuilder builder(constant);
    auto converted = tfl::ConstOp::create(builder, constant.getLoc(), type, constant.getValue());
    constant.getOutput().replaceAllUsesWith(converted.getOutput());
    constant.erase();
  });
  return valid;
}

/// Says of every operation and type that is left why the model cannot be written.
bool ConvertTFToTFL::reportRemaining() {
  constexpr unsigned maxReports = 8;
  unsigned reports = 0, left = 0;
  getOperation().walk([&](Operation *op) {
    bool isOurs = op->getName().getDialectNamespace() == tf::TFDialect::getDialectNamespace();
    auto open = llvm::find_if(op->getResultTypes(),
                              [](Type type) { return isa<UnrankedTensorType>(type); });
    if (!isOurs && open == op->getResultTypes().end())
      return;
    if (reports == maxReports) {
      ++left;
      return;
    }
    ++reports;
    if (!isOurs) {
      op->emitError() << "the number of dimensions of the result depends on values at run time";
      return;
    }
    InFlightDiagnostic error = op->emitError() << "there is no operator of TensorFlow Lite for '"
                                               << op->getName().stripDialect() << "'";
    if (op->getNumOperands() != 0)
      error << " of " << op->getOperandTypes();
  });
  if (left != 0)
    getOperation().emitError() << left << " more operations cannot be converted";
  return reports == 0;
}

void ConvertTFToTFL::runOnOperation() {
  RewritePatternSet patterns(&getContext());
  populateConvolutionPatterns(patterns);
  populateElementwisePatterns(patterns);
  populateFakeQuantizationPatterns(patterns);
  populateImagePatterns(patterns);
  populateMatMulPatterns(patterns);
  populateRecurrentPatterns(patterns);
  populateReductionPatterns(patterns);
  populateShapePatterns(patterns);
  populateSlicePatterns(patterns);
  populateVariablePatterns(patterns);
  GreedyRewriteConfig config;
  config.setUseTopDownTraversal(true);
  // Products take the additions behind them: everything is visited once, from the inputs on.
  if (failed(applyPatternsGreedily(getOperation(), std::move(patterns), config)))
    return signalPassFailure();
  outlineRegions(getOperation());
  addInitialization(getOperation());
  bool valid = convertConstants();
  if (!reportRemaining() || !valid)
    return signalPassFailure();
  setOperatorVersions(getOperation());
}
