//===- Schema.h - the file format and its reflection ------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// The generated accessors of the model's structure, and the embedded description of all tables, by
// which the options of operators are read and written without code of their own.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_TFLITE_SCHEMA_H
#define TFLC_LIB_IMPORT_TFLITE_SCHEMA_H

#include "Schema/model_generated.h"
#include "flatbuffers/reflection.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace tflc {

/// The options table of an operator: which of the two unions it belongs to, its tag there, and its
/// fields.
struct OptionsTable {
  const reflection::Object *object = nullptr;
  bool second = false;
  uint8_t tag = 0;

  bool operator==(const OptionsTable &other) const { return object == other.object; }
  bool hasFields() const { return object && object->fields()->size() != 0; }
  /// The table's name without its namespace.
  llvm::StringRef getName() const;
};

/// The enumerator's name, "CONV_2D", or "" if the format has no such operator.
llvm::StringRef getOperatorName(int32_t code);

/// The operator's code by its name in any case, nullopt for another word.
std::optional<int32_t> getOperatorCode(llvm::StringRef name);

/// The options table that belongs to an operator; `object` is null for one without options.
const OptionsTable &getOptionsTable(int32_t code);

/// The table with a given tag; `object` is null for the tag 0 and unknown tags.
OptionsTable getOptionsTable(uint8_t tag, bool second);

/// The enumeration of an integer field (or vector element), null for plain integers.
const reflection::Enum *getEnum(const reflection::Field &field);

/// The enumerator's name, or "" for a value outside of the enumeration.
llvm::StringRef getEnumerator(const reflection::Enum &type, int64_t value);

/// The value of an enumerator, nullopt for another word.
std::optional<int64_t> getEnumValue(const reflection::Enum &type, llvm::StringRef name);

/// Whether a field holds the number of a subgraph (or several numbers).
bool isSubgraphField(const reflection::Field &field);

/// The fields of a table by id, without deprecated ones.
llvm::ArrayRef<const reflection::Field *> getFields(const reflection::Object &object);

inline llvm::StringRef toStringRef(const flatbuffers::String *text) {
  return text ? llvm::StringRef(text->data(), text->size()) : llvm::StringRef();
}

/// An absent vector is an empty one everywhere in the format.
template <typename T> size_t sizeOf(const flatbuffers::Vector<T> *vector) {
  return vector ? vector->size() : 0;
}

/// The elements of a vector of scalars. The format is little endian, and so are the hosts we build
/// for.
template <typename T> llvm::ArrayRef<T> toArrayRef(const flatbuffers::Vector<T> *vector) {
  static_assert(std::is_arithmetic_v<T>);
  if (!vector)
    return {};
  return llvm::ArrayRef<T>(reinterpret_cast<const T *>(vector->Data()), vector->size());
}

} // namespace tflc

#endif // TFLC_LIB_IMPORT_TFLITE_SCHEMA_H
