//===- RankByNoise.cpp - which operators lose most ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/MultiplyAccumulate.h"
#include "TFL/IR/TFLDialect.h"
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

static NoisyOperator describe(Value result, std::string name, double added) {
  Operation *op = result.getDefiningOp();
  NoisyOperator noisy{std::move(name), getOperatorName(result), added};
  noisy.takesSmallWeights = op->hasTrait<tfl::TakesInt4Weights>();
  if (auto interface = dyn_cast<tfl::QuantizationOpInterface>(op)) {
    const tfl::QuantizationRule &rule = interface.getQuantizationRule();
    noisy.hasWeights = !rule.weights.empty();
    noisy.takesWords = rule.int16Version != 0;
  }
  return noisy;
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
        ranked.push_back(describe(value, found->first().str(), added));
    }
  llvm::stable_sort(
      ranked, [](const NoisyOperator &a, const NoisyOperator &b) { return a.added > b.added; });
  return ranked;
}
