//===- AdaptInput.cpp - data in the form of a model's input ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "AdaptInput.h"

#include "tflc/Quantization/Parameters.h"

#include "llvm/ADT/STLExtras.h"

#include <cstring>
#include <limits>

using namespace llvm;
using namespace tflc;

/// The sizes that are not one.
static SmallVector<int64_t> getOthers(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> others;
  llvm::copy_if(shape, std::back_inserter(others), [](int64_t size) { return size != 1; });
  return others;
}

/// The input's shape where it differs from `shape` by dimensions of size one alone. An unknown
/// dimension is a batch of one.
static std::optional<std::vector<int64_t>> fitShape(ArrayRef<int64_t> shape,
                                                    ArrayRef<int64_t> wanted) {
  if (shape.size() == wanted.size())
    return std::nullopt;
  std::vector<int64_t> fixed(wanted.begin(), wanted.end());
  llvm::replace(fixed, dynamicDim, int64_t(1));
  if (getOthers(fixed) != getOthers(shape))
    return std::nullopt;
  return fixed;
}

static bool isBytes(ElementType type) {
  return type == ElementType::UInt8 || type == ElementType::Int8;
}

static std::vector<float> readNumbers(const Array &array) {
  std::vector<float> numbers;
  if (array.type == ElementType::Float32) {
    numbers.resize(array.data.size() / sizeof(float));
    std::memcpy(numbers.data(), array.data.data(), numbers.size() * sizeof(float));
    return numbers;
  }
  for (char byte : array.data)
    numbers.push_back(array.type == ElementType::UInt8 ? float(uint8_t(byte))
                                                       : float(int8_t(byte)));
  return numbers;
}

/// The value for the channel of element `index`; one value holds for all channels.
static double pick(ArrayRef<double> values, size_t index, double otherwise) {
  return values.empty() ? otherwise : values[index % values.size()];
}

template <typename Storage>
static void store(Array &array, ArrayRef<float> numbers, QuantizationParameters parameters) {
  array.data.resize(numbers.size() * sizeof(Storage));
  for (auto [i, number] : llvm::enumerate(numbers)) {
    auto stored = Storage(quantizeValue(number, parameters, std::numeric_limits<Storage>::min(),
                                        std::numeric_limits<Storage>::max()));
    std::memcpy(array.data.data() + i * sizeof(Storage), &stored, sizeof(Storage));
  }
}

static void storeReals(Array &array, ArrayRef<float> numbers, const TensorInfo &input) {
  array.type = input.type;
  if (input.type == ElementType::Float32) {
    array.data.resize(numbers.size() * sizeof(float));
    std::memcpy(array.data.data(), numbers.data(), array.data.size());
    return;
  }
  QuantizationParameters parameters{input.scales.front(), input.zeroPoints.front()};
  if (input.type == ElementType::Int8)
    store<int8_t>(array, numbers, parameters);
  else if (input.type == ElementType::UInt8)
    store<uint8_t>(array, numbers, parameters);
  else
    store<int16_t>(array, numbers, parameters);
}

Array tflc::adaptInput(Array array, const TensorInfo &input, const SampleOptions &options) {
  if (auto shape = fitShape(array.shape, input.shape))
    array.shape = *shape;
  bool isReal = array.type == ElementType::Float32;
  bool takesReals =
      input.type == ElementType::Float32 ||
      (input.scales.size() == 1 && (isBytes(input.type) || input.type == ElementType::Int16));
  bool hasFormula = !options.mean.empty() || !options.scale.empty();
  // Integers of the input's own type are its stored values.
  bool needed =
      isReal ? hasFormula || input.type != ElementType::Float32 : isBytes(array.type) && hasFormula;
  if (!takesReals || !needed)
    return array;
  std::vector<float> numbers = readNumbers(array);
  for (auto [i, number] : llvm::enumerate(numbers))
    number = float((number - pick(options.mean, i, 0)) * pick(options.scale, i, 1));
  storeReals(array, numbers, input);
  return array;
}
