//===- QuantizationRules.td - how operators quantize -----------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// The parts of a quantization rule. An op lists them in the field `quantization` of its record; no other place knows how
// an operator quantizes. An op without parts stays in float.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_QUANTIZATION_RULES
#define TFLC_TFL_QUANTIZATION_RULES

include "mlir/IR/OpBase.td"

class TFL_RulePart<string cppText> {
  string cpp = cppText;
}

/// There is a kernel for int8 activations, since this version of the operator.
class Int8Since<int version> : TFL_RulePart<"Int8<" # version # ">">;

/// There is a kernel for int16 activations (and int8 weights), since this version of the operator.
class Int16Since<int version> : TFL_RulePart<"Int16<" # version # ">">;

/// There is a kernel for float activations and int8 weights: since which version with one scale, and since which with
/// one for each channel (0: not at all).
class HybridSince<int version, int perChannelVersion = 0>
  : TFL_RulePart<"Hybrid<" # version # ", " # perChannelVersion # ">">;

/// All activations and results have one scale and zero point.
def SameScale : TFL_RulePart<"SameScale">;

/// As SameScale, and each element of the results is one of the operands': which one depends on no order that clamping might
/// destroy.
def Picks : TFL_RulePart<"Picks">;

/// Takes each element from one of its two activations, as a condition says.
def Selects : TFL_RulePart<"Selects">;

/// The kernel stores zeros of its own: the zero point of an int8 result must be 0.
def ZeroPointZero : TFL_RulePart<"ZeroPointZero">;

/// The operator is quantized only where it stands next to a quantized one: by itself it would not be worth a QUANTIZE.
def Follows : TFL_RulePart<"ShapeOnly">;

/// Only the shape of the operand is looked at.
def ShapeOnly : TFL_RulePart<"ShapeOnly">;

/// The operator leads from one type to another, in every mode as it is.
def Converts : TFL_RulePart<"ShapeOnly">;

/// Dynamic range stores this constant in int8; the result is int8 then, too, and is dequantized.
class Table<int operand> : TFL_RulePart<"Table<" # operand # ">">;

/// The operand holds weights: symmetric, with one scale for each slice of dimension `channelAxis`, or one for all (-1).
class Weights<int operand, int channelAxis = -1> : TFL_RulePart<"Weights<" # operand # ", " # channelAxis # ">">;

/// Like Weights with one scale; beside integer activations they have 16 bits.
class ShortWeights<int operand> : TFL_RulePart<"ShortWeights<" # operand # ">">;

/// Beside float activations, weights of 4 bits may have a scale for each block of neighbours along the last dimension.
def BlockScales : TFL_RulePart<"BlockScales">;

/// The operand holds weights with one scale where it is constant; otherwise it is an activation.
class VariableWeights<int operand> : TFL_RulePart<"VariableWeights<" # operand # ">">;

/// The operand is a bias: int32 (int64 beside int16 activations), its scale the product of the input's and the weights'.
class BiasOf<int operand, int input, int weights>
  : TFL_RulePart<"Bias<" # operand # ", " # input # ", " # weights # ">">;

/// The operand is a bias of weights that multiply an intermediate tensor, which is there where the weights are.
class IntermediateBias<int operand, int intermediate, int weights>
  : TFL_RulePart<"IntermediateBias<" # operand # ", " # intermediate # ", " # weights # ">">;

/// Where `weights` (ShortWeights) are there, the kernel normalizes a sum, multiplies it with `weights` and then adds `bias`,
/// whose scale is 2^-10 times that of `weights`. The sum is an intermediate tensor in 16 bits: of the input's products with
/// `inputWeights`, those of the state that is a result with `stateWeights`, and those of the state in 16 bits with the
/// vector `cellWeights` (-1: none).
class Normalizes<int weights, int bias, int intermediate, int inputWeights, int stateWeights, int cellWeights = -1>
  : TFL_RulePart<"Normalizes<" # weights # ", " # bias # ", " # intermediate # ", " # inputWeights # ", "
                               # stateWeights # ", " # cellWeights # ">">;

/// The operand is a state of the type of a result.
class ResultState<int operand, int result = 0> : TFL_RulePart<"ResultState<" # operand # ", " # result # ">">;

/// The operand is a state in int16 whose scale is 2^-fractionBits.
class ShortState<int operand, int fractionBits> : TFL_RulePart<"ShortState<" # operand # ", " # fractionBits # ">">;

/// The operand is a state in int16 that holds products of `input` and `weights`.
class ProductState<int operand, int input, int weights>
  : TFL_RulePart<"ProductState<" # operand # ", " # input # ", " # weights # ">">;

/// The kernel for integers knows no other activation function than RELU.
def OnlyRelu : TFL_RulePart<"OnlyRelu">;

/// The kernel reads the types of so many intermediate tensors; the last has the result's.
class Intermediates<int count> : TFL_RulePart<"Intermediates<" # count # ">">;

/// The kernel computes for a result with scale 2^-fractionBits8 and this zero point; in 16 bits for 2^-fractionBits16 and zero.
class FixedResult<int fractionBits8, int zeroPoint8, int fractionBits16>
  : TFL_RulePart<"FixedResult<" # fractionBits8 # ", " # zeroPoint8 # ", " # fractionBits16 # ">">;

/// No end, where a part wants a number.
defvar Unbounded = 2147483647;

/// The result is the operand, clamped to `min` to `max`.
class Clamps<int min, int max = Unbounded> : TFL_RulePart<"Clamps<" # min # ", " # max # ">">;

/// Operands outside of these tenths give an int8 result that operands inside give as well: because it is zero there, or
/// because the type of a fixed result ends.
class Distinguishes<int minTenths, int maxTenths = Unbounded>
  : TFL_RulePart<"Distinguishes<" # minTenths # ", " # maxTenths # ">">;

/// The result is the sum, the difference or the product of two operands, clamped by the fused activation.
def Adds : TFL_RulePart<"Computes<::tflc::tfl::Arithmetic::Sum>">;
def Subtracts : TFL_RulePart<"Computes<::tflc::tfl::Arithmetic::Difference>">;
def Multiplies : TFL_RulePart<"Computes<::tflc::tfl::Arithmetic::Product>">;

/// The result says which of two operands is larger.
def Orders : TFL_RulePart<"Orders">;

/// The result is exp(beta * x) over the sum of these numbers along the last dimension.
def SharesOfExponentials : TFL_RulePart<"SharesOfExponentials">;

/// The kernel for int16 interpolates `function` (of a float) between the entries of a table.
class Interpolates<string function> : TFL_RulePart<"Interpolates<" # function # ">">;

class TFL_QuantizedBy<list<TFL_RulePart> parts>
  : ParamNativeOpTrait<"QuantizedBy", !interleave(!foreach(part, parts, "::tflc::tfl::rule::" # part.cpp), ", ")> {
  let cppNamespace = "::tflc::tfl";
}

#endif
