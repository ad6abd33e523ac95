//===- LowerVectors.cpp - vectors of one dimension are left ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/CodeGen/Passes.h"

#include "mlir/Conversion/VectorToSCF/VectorToSCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Dialect/Vector/Transforms/LoweringPatterns.h"
#include "mlir/Dialect/Vector/Transforms/VectorRewritePatterns.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace tflc {
#define GEN_PASS_DEF_LOWERVECTORS
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;

/// The steps depend on one another: what a contraction leaves are broadcasts and reductions, and
/// masks are to be made from the transfers that are left in the end.
static void populateReductions(RewritePatternSet &patterns) {
  vector::populateVectorContractLoweringPatterns(patterns,
                                                 vector::VectorContractLowering::OuterProduct);
  vector::populateVectorOuterProductLoweringPatterns(patterns);
  vector::populateVectorMultiReductionLoweringPatterns(
      patterns, vector::VectorMultiReductionLowering::InnerParallel);
  vector::populateVectorTransferPermutationMapLoweringPatterns(patterns);
}

static void populateShapes(RewritePatternSet &patterns) {
  vector::populateVectorToVectorCanonicalizationPatterns(patterns);
  vector::populateVectorBitCastLoweringPatterns(patterns);
  vector::populateVectorBroadcastLoweringPatterns(patterns);
  vector::populateVectorMaskOpLoweringPatterns(patterns);
  vector::populateVectorShapeCastLoweringPatterns(patterns);
  vector::populateVectorInterleaveLoweringPatterns(patterns);
  vector::populateVectorTransposeLoweringPatterns(patterns,
                                                  vector::VectorTransposeLowering::Shuffle1D);
  vector::populateVectorTransferLoweringPatterns(patterns, /*maxTransferRank=*/1);
  vector::populateVectorMaskMaterializationPatterns(patterns, /*force32BitVectorIndices=*/true);
  vector::populateVectorInsertExtractStridedSliceTransforms(patterns);
  vector::populateVectorStepLoweringPatterns(patterns);
  vector::populateVectorRankReducingFMAPattern(patterns);
  vector::populateVectorGatherLoweringPatterns(patterns);
  vector::populateVectorFromElementsUnrollPatterns(patterns);
  vector::populateVectorToElementsUnrollPatterns(patterns);
}

namespace {
struct LowerVectorsPass : public tflc::impl::LowerVectorsBase<LowerVectorsPass> {
  void runOnOperation() override {
    // Most modules at -O0 have no vectors at all.
    bool hasVectors = getOperation()
                          ->walk([](Operation *op) {
                            return isa<vector::VectorDialect>(op->getDialect())
                                       ? WalkResult::interrupt()
                                       : WalkResult::advance();
                          })
                          .wasInterrupted();
    if (!hasVectors)
      return;
    MLIRContext *context = &getContext();
    auto apply = [&](auto populate) {
      RewritePatternSet patterns(context);
      populate(patterns);
      return applyPatternsGreedily(
          getOperation(), std::move(patterns),
          GreedyRewriteConfig().setRegionSimplificationLevel(GreedySimplifyRegionLevel::Disabled));
    };
    auto rows = [](RewritePatternSet &patterns) {
      populateVectorToSCFConversionPatterns(
          patterns, VectorTransferToSCFOptions().setTargetRank(1).enableFullUnroll());
    };
    if (failed(apply(populateReductions)) || failed(apply(rows)) || failed(apply(populateShapes)))
      return signalPassFailure();
  }
};
} // namespace
