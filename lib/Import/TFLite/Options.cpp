//===- Options.cpp - options tables as attributes -------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using reflection::BaseType;

namespace tflc {

std::string getAttributeName(const reflection::Field &field) {
  StringRef name = toStringRef(field.name());
  if (isSubgraphField(field)) {
    if (name.consume_back("_indices"))
      return (name + "s").str();
    name.consume_back("_index");
  }
  return name.str();
}

/// An integer field of any width.
static int64_t readInteger(BaseType type, const reflection::Field &field,
                           const flatbuffers::Table &table) {
  int64_t fallback = field.default_integer();
  auto get = [&](auto zero) -> int64_t {
    using T = decltype(zero);
    return static_cast<int64_t>(table.GetField<T>(field.offset(), static_cast<T>(fallback)));
  };
  switch (type) {
  case BaseType::Bool:
  case BaseType::UByte:
  case BaseType::UType:
    return get(uint8_t());
  case BaseType::Byte:
    return get(int8_t());
  case BaseType::Short:
    return get(int16_t());
  case BaseType::UShort:
    return get(uint16_t());
  case BaseType::Int:
    return get(int32_t());
  case BaseType::UInt:
    return get(uint32_t());
  case BaseType::Long:
  case BaseType::ULong:
    return get(int64_t());
  default:
    llvm_unreachable("the schema has no other integers");
  }
}

template <typename T>
static ArrayRef<T> readVector(const reflection::Field &field, const flatbuffers::Table &table) {
  return toArrayRef(table.GetPointer<const flatbuffers::Vector<T> *>(field.offset()));
}

/// The elements of a vector of 32-bit integers, which enumerations and numbers of subgraphs are
/// stored in.
static SmallVector<int64_t> readIntegers(const reflection::Field &field,
                                         const flatbuffers::Table &table) {
  ArrayRef<int32_t> values = readVector<int32_t>(field, table);
  return SmallVector<int64_t>(values.begin(), values.end());
}

static bool isVector(const reflection::Field &field) {
  return field.type()->base_type() == BaseType::Vector;
}

static bool isInteger(BaseType type) { return type >= BaseType::UType && type <= BaseType::ULong; }

//===----------------------------------------------------------------------===//
// Check
//===----------------------------------------------------------------------===//

static std::string listEnumerators(const reflection::Enum &type) {
  std::string text;
  for (const reflection::EnumVal *value : *type.values())
    text += (text.empty() ? "" : ", ") + value->name()->str();
  return text;
}

void checkOptions(const reflection::Object &object, const flatbuffers::Table &table,
                  size_t subgraphs, llvm::function_ref<void(const std::string &)> report) {
  for (const reflection::Field *field : getFields(object)) {
    const reflection::Enum *type = getEnum(*field);
    bool subgraph = isSubgraphField(*field);
    if (!type && !subgraph)
      continue;
    SmallVector<int64_t> values =
        isVector(*field)
            ? readIntegers(*field, table)
            : SmallVector<int64_t>{readInteger(field->type()->base_type(), *field, table)};
    for (int64_t value : values) {
      std::string given = field->name()->str() + " is " + std::to_string(value);
      if (subgraph && (value < 0 || value >= static_cast<int64_t>(subgraphs))) {
        report(given + ", the model has " + std::to_string(subgraphs) + " subgraphs");
        break;
      }
      if (type && getEnumerator(*type, value).empty()) {
        report(given + ", which is none of " + listEnumerators(*type));
        break;
      }
    }
  }
}

//===----------------------------------------------------------------------===//
// Read
//===----------------------------------------------------------------------===//

static Attribute readScalar(const reflection::Field &field, const flatbuffers::Table &table,
                            SubgraphSymbols symbols, Builder &builder) {
  BaseType type = field.type()->base_type();
  switch (type) {
  case BaseType::Float:
    return builder.getF32FloatAttr(
        table.GetField<float>(field.offset(), static_cast<float>(field.default_real())));
  case BaseType::String:
    return builder.getStringAttr(
        toStringRef(table.GetPointer<const flatbuffers::String *>(field.offset())));
  default:
    break;
  }
  int64_t value = readInteger(type, field, table);
  if (isSubgraphField(field))
    return FlatSymbolRefAttr::get(symbols[value]);
  if (const reflection::Enum *enumeration = getEnum(field))
    return builder.getStringAttr(getEnumerator(*enumeration, value));
  if (type == BaseType::Bool)
    return builder.getBoolAttr(value != 0);
  if (type == BaseType::Long || type == BaseType::ULong)
    return builder.getI64IntegerAttr(value);
  return builder.getI32IntegerAttr(static_cast<int32_t>(value));
}

static Attribute readVectorAttr(const reflection::Field &field, const flatbuffers::Table &table,
                                SubgraphSymbols symbols, Builder &builder) {
  if (isSubgraphField(field)) {
    SmallVector<Attribute> references;
    for (int64_t value : readIntegers(field, table))
      references.push_back(FlatSymbolRefAttr::get(symbols[value]));
    return builder.getArrayAttr(references);
  }
  if (const reflection::Enum *enumeration = getEnum(field)) {
    SmallVector<Attribute> names;
    for (int64_t value : readIntegers(field, table))
      names.push_back(builder.getStringAttr(getEnumerator(*enumeration, value)));
    return builder.getArrayAttr(names);
  }
  switch (field.type()->element()) {
  case BaseType::Bool: {
    SmallVector<bool> values(
        llvm::map_range(readVector<uint8_t>(field, table), [](uint8_t v) { return v != 0; }));
    return builder.getDenseBoolArrayAttr(values);
  }
  case BaseType::UByte:
    return builder.getDenseI8ArrayAttr(readVector<int8_t>(field, table));
  case BaseType::Int:
    return builder.getDenseI32ArrayAttr(readVector<int32_t>(field, table));
  case BaseType::Long:
    return builder.getDenseI64ArrayAttr(readVector<int64_t>(field, table));
  case BaseType::Float:
    return builder.getDenseF32ArrayAttr(readVector<float>(field, table));
  default:
    llvm_unreachable("no options table has vectors of other elements");
  }
}

void readOptions(const reflection::Object &object, const flatbuffers::Table &table,
                 SubgraphSymbols symbols, MLIRContext *context, NamedAttrList &attributes) {
  Builder builder(context);
  for (const reflection::Field *field : getFields(object)) {
    Attribute value = isVector(*field) ? readVectorAttr(*field, table, symbols, builder)
                                       : readScalar(*field, table, symbols, builder);
    attributes.append(getAttributeName(*field), value);
  }
}

//===----------------------------------------------------------------------===//
// Write
//===----------------------------------------------------------------------===//

namespace {

using SubgraphLookup = llvm::function_ref<std::optional<int32_t>(StringAttr)>;
using Report = llvm::function_ref<void(const std::string &)>;

/// The number that stands for an attribute: an integer, boolean, enumerator or subgraph.
std::optional<int64_t> getInteger(const reflection::Field &field, Attribute attribute,
                                  SubgraphLookup subgraphOf) {
  if (auto symbol = dyn_cast<FlatSymbolRefAttr>(attribute)) {
    std::optional<int32_t> number =
        isSubgraphField(field) ? subgraphOf(symbol.getAttr()) : std::nullopt;
    return number ? std::optional<int64_t>(*number) : std::nullopt;
  }
  const reflection::Enum *enumeration = getEnum(field);
  if (auto text = dyn_cast<StringAttr>(attribute))
    return enumeration ? getEnumValue(*enumeration, text.getValue()) : std::nullopt;
  auto integer = dyn_cast<IntegerAttr>(attribute);
  if (!integer || enumeration || isSubgraphField(field))
    return std::nullopt;
  return isa<BoolAttr>(attribute) ? integer.getValue().getZExtValue()
                                  : integer.getValue().getSExtValue();
}

/// Creates a string or vector; 0 for an attribute of another kind.
flatbuffers::uoffset_t writeChild(const reflection::Field &field, Attribute attribute,
                                  SubgraphLookup subgraphOf,
                                  flatbuffers::FlatBufferBuilder &builder) {
  if (field.type()->base_type() == BaseType::String) {
    auto text = dyn_cast<StringAttr>(attribute);
    return text ? builder.CreateString(text.data(), text.size()).o : 0;
  }
  auto create = [&](auto array) -> flatbuffers::uoffset_t {
    return builder.CreateVector(array.asArrayRef().data(), array.asArrayRef().size()).o;
  };
  switch (field.type()->element()) {
  case BaseType::Bool:
    if (auto array = dyn_cast<DenseBoolArrayAttr>(attribute)) {
      std::vector<uint8_t> values(array.asArrayRef().begin(), array.asArrayRef().end());
      return builder.CreateVector(values).o;
    }
    return 0;
  case BaseType::UByte:
    if (auto array = dyn_cast<DenseI8ArrayAttr>(attribute))
      return builder
          .CreateVector(reinterpret_cast<const uint8_t *>(array.asArrayRef().data()), array.size())
          .o;
    return 0;
  case BaseType::Float:
    if (auto array = dyn_cast<DenseF32ArrayAttr>(attribute))
      return create(array);
    return 0;
  case BaseType::Long:
    if (auto array = dyn_cast<DenseI64ArrayAttr>(attribute))
      return create(array);
    return 0;
  default:
    break;
  }
  if (auto array = dyn_cast<DenseI32ArrayAttr>(attribute))
    return create(array);
  auto array = dyn_cast<ArrayAttr>(attribute);
  if (!array)
    return 0;
  std::vector<int32_t> values;
  for (Attribute element : array) {
    std::optional<int64_t> value = getInteger(field, element, subgraphOf);
    if (!value)
      return 0;
    values.push_back(static_cast<int32_t>(*value));
  }
  return builder.CreateVector(values).o;
}

void addInteger(const reflection::Field &field, int64_t value,
                flatbuffers::FlatBufferBuilder &builder) {
  auto add = [&](auto zero) {
    using T = decltype(zero);
    builder.AddElement<T>(field.offset(), static_cast<T>(value),
                          static_cast<T>(field.default_integer()));
  };
  switch (field.type()->base_type()) {
  case BaseType::Bool:
  case BaseType::UByte:
  case BaseType::UType:
    return add(uint8_t());
  case BaseType::Byte:
    return add(int8_t());
  case BaseType::Short:
    return add(int16_t());
  case BaseType::UShort:
    return add(uint16_t());
  case BaseType::Int:
    return add(int32_t());
  case BaseType::UInt:
    return add(uint32_t());
  default:
    return add(int64_t());
  }
}

} // namespace

flatbuffers::uoffset_t writeOptions(const reflection::Object &object, DictionaryAttr attributes,
                                    SubgraphLookup subgraphOf,
                                    flatbuffers::FlatBufferBuilder &builder, Report report) {
  struct Child {
    const reflection::Field *field;
    flatbuffers::uoffset_t offset;
  };
  struct Scalar {
    const reflection::Field *field;
    Attribute attribute;
  };
  SmallVector<Child> children;
  SmallVector<Scalar> scalars;
  // Strings and vectors have to be complete before the table begins.
  for (const reflection::Field *field : getFields(object)) {
    Attribute attribute = attributes.get(getAttributeName(*field));
    if (!attribute)
      continue;
    BaseType type = field->type()->base_type();
    bool valid = true;
    if (isVector(*field) || type == BaseType::String) {
      flatbuffers::uoffset_t child = writeChild(*field, attribute, subgraphOf, builder);
      valid = child != 0;
      children.push_back({field, child});
    } else if (isInteger(type)) {
      valid = getInteger(*field, attribute, subgraphOf).has_value();
      scalars.push_back({field, attribute});
    } else {
      valid = isa<FloatAttr>(attribute);
      scalars.push_back({field, attribute});
    }
    if (!valid) {
      report("attribute '" + getAttributeName(*field) + "' does not fit the field of " +
             object.name()->str());
      return 0;
    }
  }
  if (children.empty() && scalars.empty() && !getFields(object).empty())
    return 0;

  flatbuffers::uoffset_t start = builder.StartTable();
  for (const Child &child : children)
    builder.AddOffset(child.field->offset(), flatbuffers::Offset<void>(child.offset));
  for (const Scalar &scalar : scalars) {
    if (isInteger(scalar.field->type()->base_type())) {
      addInteger(*scalar.field, *getInteger(*scalar.field, scalar.attribute, subgraphOf), builder);
      continue;
    }
    float value = static_cast<float>(cast<FloatAttr>(scalar.attribute).getValueAsDouble());
    builder.AddElement<float>(scalar.field->offset(), value,
                              static_cast<float>(scalar.field->default_real()));
  }
  return builder.EndTable(start);
}

} // namespace tflc
