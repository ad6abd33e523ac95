//===- QuantizationRule.cpp - how an operator quantizes -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TFL/IR/QuantizationRule.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace tflc::tfl;

llvm::StringRef tflc::tfl::getQuantizationModeName(QuantizationMode mode) {
  switch (mode) {
  case QuantizationMode::Float16:
    return "float16";
  case QuantizationMode::DynamicRange:
    return "dynamic-range";
  case QuantizationMode::Int8:
    return "int8";
  case QuantizationMode::Int16x8:
    return "int16x8";
  }
  return "";
}

std::optional<QuantizationMode> tflc::tfl::parseQuantizationMode(llvm::StringRef name) {
  return llvm::StringSwitch<std::optional<QuantizationMode>>(name)
      .Case("float16", QuantizationMode::Float16)
      .Case("dynamic-range", QuantizationMode::DynamicRange)
      .Case("int8", QuantizationMode::Int8)
      .Case("int16x8", QuantizationMode::Int16x8)
      .Default(std::nullopt);
}

int QuantizationRule::getVersion(QuantizationMode mode, bool perChannel) const {
  switch (mode) {
  case QuantizationMode::Float16:
    return 0;
  case QuantizationMode::DynamicRange:
    return perChannel ? hybridPerChannelVersion : hybridVersion;
  case QuantizationMode::Int8:
    return int8Version;
  case QuantizationMode::Int16x8:
    return int16Version;
  }
  return 0;
}

template <typename Rules> static auto find(const Rules &rules, unsigned operand) {
  auto found = llvm::find_if(rules, [&](const auto &rule) { return rule.operand == operand; });
  return found == rules.end() ? nullptr : &*found;
}

const WeightsRule *QuantizationRule::findWeights(unsigned operand) const {
  return find(weights, operand);
}

const BiasRule *QuantizationRule::findBias(unsigned operand) const { return find(biases, operand); }

const StateRule *QuantizationRule::findState(unsigned operand) const {
  return find(states, operand);
}

const NormalizationRule *QuantizationRule::findNormalization(unsigned bias) const {
  auto found = llvm::find_if(normalizations,
                             [&](const NormalizationRule &rule) { return rule.bias == bias; });
  return found == normalizations.end() ? nullptr : &*found;
}
