//===- ModelInfo.h - what the outside sees of a model -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Plain data without IR: the signatures of a model with their tensors, and its state. The header
// and descriptor writers, `tflc run`, `tflc inspect` and NAME.json all read this one description,
// so that they agree.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SUPPORT_MODELINFO_H
#define TFLC_SUPPORT_MODELINFO_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tflc {

/// The element types of the schema. The names are those of the schema, in lower case.
enum class ElementType {
  Float32,
  Float16,
  BFloat16,
  Float64,
  Int4,
  Int8,
  UInt8,
  Int16,
  UInt16,
  Int32,
  UInt32,
  Int64,
  UInt64,
  Bool,
  Complex64,
  Complex128,
  String,
  Resource,
  Variant,
};

/// "float32", "int8", "bool", ...
llvm::StringRef getElementTypeName(ElementType type);

/// The inverse of getElementTypeName.
std::optional<ElementType> getElementType(llvm::StringRef name);

/// Bytes of one element where values of the type pass through memory: 1 for bool and int4 (which a
/// caller sees unpacked), 0 for types without a fixed size.
unsigned getElementTypeSize(ElementType type);

/// A dimension whose size is only known at run time.
constexpr int64_t dynamicDim = -1;

/// A dimension of an output whose size is only known after the run, because data decide it.
constexpr int64_t measuredDim = -2;

struct TensorInfo {
  /// The name in the signature; the tensor's own name where the model has no signature.
  std::string name;
  /// The name in the subgraph.
  std::string tensorName;
  ElementType type = ElementType::Float32;
  /// `dynamicDim` or `measuredDim` where unknown.
  std::vector<int64_t> shape;
  /// With measured dimensions: the most that each dimension can be, or -1 where that is unknown.
  std::vector<int64_t> limits;
  /// Empty where the tensor is not quantized, one element per tensor, or one per slice of
  /// `quantizedDimension`.
  std::vector<float> scales;
  std::vector<int64_t> zeroPoints;
  int64_t quantizedDimension = 0;

  bool isQuantized() const { return !scales.empty(); }
  bool isPerAxis() const { return scales.size() > 1; }
  bool hasStaticShape() const;
  bool isMeasured() const { return !limits.empty(); }
  /// The product of the dimensions; the shape must be static.
  int64_t getNumElements() const;
  /// Bytes in a caller's memory; the shape must be static.
  int64_t getNumBytes() const { return getNumElements() * getElementTypeSize(type); }
};

struct SignatureInfo {
  /// "serving_default" where the model names none.
  std::string key;
  /// The symbol of its function in the module.
  std::string function;
  /// In the order of the model.
  std::vector<TensorInfo> inputs;
  std::vector<TensorInfo> outputs;
  /// Whether an invocation may find that data ask for a larger arena or output.
  bool hasLimits = false;
};

/// The number of the input that an array's name means: its name in the signature, else the
/// tensor's, else a number. None where there is none.
std::optional<size_t> findInput(const SignatureInfo &signature, llvm::StringRef name);

/// How many entries of each kind the array `dims` of a signature has, in this order
/// (docs/RuntimeABI.md).
struct DimsLayout {
  unsigned inputs = 0;
  unsigned derived = 0;
  unsigned measured = 0;
  unsigned capacities = 0;
  unsigned limits = 0;

  unsigned getFirstMeasured() const { return inputs + derived; }
  unsigned getFirstCapacity() const { return getFirstMeasured() + measured; }
  unsigned getCount() const { return getFirstCapacity() + capacities + limits; }
};

DimsLayout getDimsLayout(const SignatureInfo &signature);

/// The shape of an output by the sizes in `dims`.
std::vector<int64_t> getOutputShape(const SignatureInfo &signature, size_t output,
                                    llvm::ArrayRef<int64_t> dims);

/// State that an invocation leaves for the next one.
struct VariableInfo {
  std::string name;
  ElementType type = ElementType::Float32;
  std::vector<int64_t> shape;
};

struct ModelInfo {
  /// A C identifier: the stem of the file, or what --name says.
  std::string name;
  std::string description;
  std::vector<SignatureInfo> signatures;
  std::vector<VariableInfo> variables;
  /// Compiled functions take a `tflc_parallel` behind the arena (docs/Threads.md).
  bool hasTasks = false;

  /// The signature with this key, or null.
  const SignatureInfo *findSignature(llvm::StringRef key) const;
  bool hasState() const { return !variables.empty(); }
};

/// "1x28x28x1", with "?" for unknown dimensions, and "scalar" for rank 0.
std::string formatShape(llvm::ArrayRef<int64_t> shape);

/// "float32[1x28x28]".
std::string formatTensorType(const TensorInfo &tensor);

/// "25,048": decimal with commas between thousands.
std::string formatCount(int64_t value);

/// A C identifier made from `text`: other characters become '_', and a digit in front gets one
/// before it.
std::string makeIdentifier(llvm::StringRef text);

} // namespace tflc

#endif // TFLC_SUPPORT_MODELINFO_H
