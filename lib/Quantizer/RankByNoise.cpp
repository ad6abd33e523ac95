//===- RankByNoise.cpp - which operators lose most ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/MultiplyAccumulate.h"
#include "TFL/Transforms/CalibratedRanges.h"
#include "TensorNames.h"
#include "tflc/Quantizer/Search.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Regex.h"

#include <cmath>

using namespace mlir;
using namespace tflc;

std::string tflc::makeExpression(llvm::StringRef tensorName) {
  return "^" + llvm::Regex::escape(tensorName) + "$";
}

std::vector<NoisyOperator> tflc::rankByNoise(ModuleOp model, const Comparison &comparison) {
  llvm::StringMap<double> noise;
  for (const TensorDifference &tensor : comparison.tensors)
    noise[tensor.name] = std::pow(10, -tensor.difference.getSqnr() / 10);
  std::vector<NoisyOperator> ranked;
  for (auto function : model.getOps<func::FuncOp>())
    for (Value value : tfl::collectActivations(function)) {
      Operation *op = value.getDefiningOp();
      auto found = noise.find(getTensorName(value));
      if (!op || found == noise.end())
        continue;
      double before = 0;
      for (Value operand : op->getOperands())
        if (auto known = noise.find(getTensorName(operand)); known != noise.end())
          before = std::max(before, known->second);
      if (double added = found->second - before; added > 0 && std::isfinite(added))
        ranked.push_back({found->first().str(), getOperatorName(value), added,
                          op->hasTrait<tfl::TakesInt4Weights>()});
    }
  llvm::stable_sort(
      ranked, [](const NoisyOperator &a, const NoisyOperator &b) { return a.added > b.added; });
  return ranked;
}
