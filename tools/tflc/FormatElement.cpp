//===- FormatElement.cpp - values of arrays as text -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "FormatElement.h"

#include "tflc/Support/Diagnostics.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;
using namespace tflc;

template <typename T> static T load(const Array &array, int64_t index) {
  T value;
  std::memcpy(&value, array.data.data() + index * sizeof(T), sizeof(T));
  return value;
}

static std::string formatHalf(const fltSemantics &semantics, uint16_t bits) {
  return formatv("{0}", APFloat(semantics, APInt(16, bits)).convertToDouble());
}

std::string tflc::formatElement(const Array &array, int64_t index) {
  auto text = [](auto value) { return formatv("{0}", value).str(); };
  auto real = [](double value) {
    std::string result;
    raw_string_ostream(result) << format("%.6g", value);
    return result;
  };
  switch (array.type) {
  case ElementType::Float32:
    return real(load<float>(array, index));
  case ElementType::Float64:
    return real(load<double>(array, index));
  case ElementType::Float16:
    return formatHalf(APFloat::IEEEhalf(), load<uint16_t>(array, index));
  case ElementType::BFloat16:
    return formatHalf(APFloat::BFloat(), load<uint16_t>(array, index));
  case ElementType::Complex64:
    return real(load<float>(array, 2 * index)) + "+" + real(load<float>(array, 2 * index + 1)) +
           "i";
  case ElementType::Complex128:
    return real(load<double>(array, 2 * index)) + "+" + real(load<double>(array, 2 * index + 1)) +
           "i";
  case ElementType::Int4:
  case ElementType::Int8:
    return text(int(load<int8_t>(array, index)));
  case ElementType::Bool:
  case ElementType::UInt8:
    return text(unsigned(load<uint8_t>(array, index)));
  case ElementType::Int16:
    return text(load<int16_t>(array, index));
  case ElementType::UInt16:
    return text(load<uint16_t>(array, index));
  case ElementType::Int32:
    return text(load<int32_t>(array, index));
  case ElementType::UInt32:
    return text(load<uint32_t>(array, index));
  case ElementType::Int64:
    return text(load<int64_t>(array, index));
  case ElementType::UInt64:
    return text(load<uint64_t>(array, index));
  case ElementType::String: {
    size_t room = array.shape.back();
    return '"' + makePrintable(StringRef(array.data).substr(index * room, room).rtrim('\0')) + '"';
  }
  case ElementType::Resource:
  case ElementType::Variant:
    break;
  }
  return "?";
}
