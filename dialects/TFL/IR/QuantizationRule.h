//===- QuantizationRule.h - how an operator quantizes -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// What the quantizer must know of an operator. An op's record lists the parts of its rule (see
// QuantizationRules.td); the trait QuantizedBy makes one QuantizationRule of them.
//
//===----------------------------------------------------------------------===//

#ifndef TFL_IR_QUANTIZATIONRULE_H
#define TFL_IR_QUANTIZATIONRULE_H

#include "tflc/Quantization/Parameters.h"

#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/SmallVector.h"

#include <cmath>
#include <limits>
#include <optional>

namespace tflc::tfl {

/// The four forms of a quantized model.
enum class QuantizationMode { Float16, DynamicRange, Int8, Int16x8 };

/// "float16", "dynamic-range", "int8", "int16x8".
llvm::StringRef getQuantizationModeName(QuantizationMode mode);
std::optional<QuantizationMode> parseQuantizationMode(llvm::StringRef name);

/// A constant operand with a scale of its own that is symmetric and never holds the type's least
/// value.
struct WeightsRule {
  unsigned operand;
  /// The dimension whose slices have a scale each; -1 where all weights have one.
  int channelAxis = -1;
  /// The operand may also be an activation.
  bool mayVary = false;
  /// Bits beside integer activations.
  unsigned integerWidth = 8;
};

/// A constant operand whose scale is the product of two others'.
struct BiasRule {
  unsigned operand;
  unsigned input;
  unsigned weights;
  /// The intermediate tensor that is multiplied with the weights instead of `input`.
  std::optional<unsigned> intermediate = std::nullopt;
};

/// A sum of products that is normalized, multiplied with weights and added to a bias, where these
/// weights are there.
struct NormalizationRule {
  unsigned weights;
  unsigned bias;
  /// The tensor in 16 bits that holds the sum.
  unsigned intermediate;
  /// What the sum is of: weights of the first operand, of the state that is a result, and a vector
  /// (-1: none) for the state in 16 bits.
  unsigned inputWeights, stateWeights;
  int cellWeights;
};

/// A state that the operator reads and writes in place.
struct StateRule {
  unsigned operand;
  /// The result whose scale it has; none for a state in 16 bits with its own scale.
  std::optional<unsigned> result;
  /// The own scale is 2^-fractionBits.
  unsigned fractionBits = 0;
  /// The operand whose products with weights the state holds instead: its scale covers all of them.
  std::optional<unsigned> input = std::nullopt;
  unsigned weights = 0;
};

/// What the kernel fixes of a result: scale 2^-fractionBits and a zero point.
struct FixedResultRule {
  unsigned fractionBits8;
  int64_t zeroPoint8;
  unsigned fractionBits16;
};

/// What an operator computes of its first two operands.
enum class Arithmetic { Sum, Difference, Product };

struct QuantizationRule {
  /// The operator's version from which on it has a kernel for int8 activations, for int16
  /// activations, and for float activations with int8 weights (one scale; one for each channel). 0
  /// where there is no such kernel.
  int int8Version = 0;
  int int16Version = 0;
  int hybridVersion = 0;
  int hybridPerChannelVersion = 0;
  /// All activations and results have one scale; with a single activation the operator only moves
  /// elements, or picks some.
  bool sameScale = false;
  /// Besides, each element of the results is one of the operands', and which one depends on no
  /// order of them: clamping all of them clamps the results.
  bool picks = false;
  /// A condition says from which of the two activations an element is taken.
  bool selects = false;
  /// The kernel stores zeros of its own, which are the real zero only with the zero point 0.
  bool zeroPointZero = false;
  /// The operator looks at the shape alone: any element type will do.
  bool shapeOnly = false;
  /// Weights of 4 bits may have scales for blocks, beside float activations.
  bool blockScales = false;
  /// The kernels for integers know no activation function but RELU.
  bool onlyRelu = false;
  /// The constant that dynamic range stores in int8 and whose elements become results.
  std::optional<unsigned> table;
  llvm::SmallVector<WeightsRule, 1> weights;
  llvm::SmallVector<BiasRule, 1> biases;
  llvm::SmallVector<StateRule, 0> states;
  llvm::SmallVector<NormalizationRule, 0> normalizations;
  std::optional<FixedResultRule> fixedResult;
  /// Number of intermediate tensors whose types the kernel reads; the last has the result's type.
  unsigned numIntermediates = 0;

  /// The ends between which the result is the operand, beyond which it is the end.
  std::optional<FloatRange> clamp;
  /// Operands outside of this range give an int8 result that others inside give as well.
  std::optional<FloatRange> distinguished;
  /// What is computed of the first two operands; the fused activation clamps it.
  std::optional<Arithmetic> arithmetic;
  /// The result says which of two operands is larger.
  bool orders = false;
  /// The result is exp(beta * x) over the sum of these numbers along the last dimension.
  bool sharesOfExponentials = false;
  /// The function that the kernel for int16 interpolates between the entries of a table.
  float (*interpolated)(float) = nullptr;

  /// Whether the result is a sum or a difference.
  bool isSum() const { return arithmetic && *arithmetic != Arithmetic::Product; }
  /// The version that quantization in `mode` needs; 0 where the op stays as it is.
  int getVersion(QuantizationMode mode, bool perChannel) const;
  const WeightsRule *findWeights(unsigned operand) const;
  const BiasRule *findBias(unsigned operand) const;
  const StateRule *findState(unsigned operand) const;
  /// The normalization that comes before a bias.
  const NormalizationRule *findNormalization(unsigned bias) const;
};

namespace rule {

template <int version> struct Int8 {
  static void addTo(QuantizationRule &rule) { rule.int8Version = version; }
};
template <int version> struct Int16 {
  static void addTo(QuantizationRule &rule) { rule.int16Version = version; }
};
template <int version, int perChannelVersion> struct Hybrid {
  static void addTo(QuantizationRule &rule) {
    rule.hybridVersion = version;
    rule.hybridPerChannelVersion = perChannelVersion;
  }
};
struct SameScale {
  static void addTo(QuantizationRule &rule) { rule.sameScale = true; }
};
struct Picks {
  static void addTo(QuantizationRule &rule) { rule.sameScale = rule.picks = true; }
};
struct Selects {
  static void addTo(QuantizationRule &rule) { rule.selects = true; }
};
struct ZeroPointZero {
  static void addTo(QuantizationRule &rule) { rule.zeroPointZero = true; }
};
struct ShapeOnly {
  static void addTo(QuantizationRule &rule) { rule.shapeOnly = true; }
};
template <unsigned operand> struct Table {
  static void addTo(QuantizationRule &rule) { rule.table = operand; }
};
template <unsigned operand, int channelAxis> struct Weights {
  static void addTo(QuantizationRule &rule) {
    rule.weights.push_back({operand, channelAxis, /*mayVary=*/false});
  }
};
template <unsigned operand> struct ShortWeights {
  static void addTo(QuantizationRule &rule) {
    rule.weights.push_back({operand, -1, /*mayVary=*/false, /*integerWidth=*/16});
  }
};
struct BlockScales {
  static void addTo(QuantizationRule &rule) { rule.blockScales = true; }
};
struct OnlyRelu {
  static void addTo(QuantizationRule &rule) { rule.onlyRelu = true; }
};
template <unsigned operand> struct VariableWeights {
  static void addTo(QuantizationRule &rule) { rule.weights.push_back({operand, -1, true}); }
};
template <unsigned operand, unsigned input, unsigned weights> struct Bias {
  static void addTo(QuantizationRule &rule) { rule.biases.push_back({operand, input, weights}); }
};
template <unsigned operand, unsigned intermediate, unsigned weights> struct IntermediateBias {
  static void addTo(QuantizationRule &rule) {
    rule.biases.push_back({operand, /*input=*/0, weights, intermediate});
  }
};
template <unsigned weights, unsigned bias, unsigned intermediate, unsigned inputWeights,
          unsigned stateWeights, int cellWeights>
struct Normalizes {
  static void addTo(QuantizationRule &rule) {
    rule.normalizations.push_back(
        {weights, bias, intermediate, inputWeights, stateWeights, cellWeights});
  }
};
template <unsigned operand, unsigned result> struct ResultState {
  static void addTo(QuantizationRule &rule) { rule.states.push_back({operand, result, 0}); }
};
template <unsigned operand, unsigned fractionBits> struct ShortState {
  static void addTo(QuantizationRule &rule) {
    rule.states.push_back({operand, std::nullopt, fractionBits});
  }
};
template <unsigned operand, unsigned input, unsigned weights> struct ProductState {
  static void addTo(QuantizationRule &rule) {
    rule.states.push_back({operand, std::nullopt, 0, input, weights});
  }
};
template <unsigned count> struct Intermediates {
  static void addTo(QuantizationRule &rule) { rule.numIntermediates = count; }
};
template <unsigned fractionBits8, int zeroPoint8, unsigned fractionBits16> struct FixedResult {
  static void addTo(QuantizationRule &rule) {
    rule.fixedResult = FixedResultRule{fractionBits8, zeroPoint8, fractionBits16};
  }
};

/// The number of a record, in the unit 1/`parts`; the largest int means that there is no end.
inline float toEnd(int number, float parts = 1) {
  return number == std::numeric_limits<int>::max() ? std::numeric_limits<float>::infinity()
                                                   : float(number) / parts;
}

template <int min, int max> struct Clamps {
  static void addTo(QuantizationRule &rule) { rule.clamp = FloatRange{toEnd(min), toEnd(max)}; }
};
template <int minTenths, int maxTenths> struct Distinguishes {
  static void addTo(QuantizationRule &rule) {
    rule.distinguished = FloatRange{toEnd(minTenths, 10), toEnd(maxTenths, 10)};
  }
};
template <Arithmetic arithmetic> struct Computes {
  static void addTo(QuantizationRule &rule) { rule.arithmetic = arithmetic; }
};
struct Orders {
  static void addTo(QuantizationRule &rule) { rule.orders = true; }
};
struct SharesOfExponentials {
  static void addTo(QuantizationRule &rule) { rule.sharesOfExponentials = true; }
};
template <float (*function)(float)> struct Interpolates {
  static void addTo(QuantizationRule &rule) { rule.interpolated = function; }
};

inline float rsqrt(float x) { return 1 / std::sqrt(x); }

} // namespace rule

/// The trait of an op with a rule.
template <typename... Parts> struct QuantizedBy {
  template <typename ConcreteOp> class Impl : public mlir::OpTrait::TraitBase<ConcreteOp, Impl> {
  public:
    static const QuantizationRule &getQuantizationRule() {
      static const QuantizationRule rule = [] {
        QuantizationRule result;
        (Parts::addTo(result), ...);
        return result;
      }();
      return rule;
    }
  };
};

} // namespace tflc::tfl

#endif // TFL_IR_QUANTIZATIONRULE_H
