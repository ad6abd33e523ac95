//===- Schema.cpp - the file format and its reflection --------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Schema.h"

#include "Schema/model_bfbs_generated.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"

#include <vector>

namespace tflc {

namespace {

/// Look-up tables over the embedded schema, made once.
class Reflection {
public:
  static const Reflection &get() {
    static const Reflection instance;
    return instance;
  }

  const reflection::Schema &schema;
  const reflection::Enum *operators;
  const reflection::Enum *unions[2];
  llvm::StringMap<int32_t> codes;
  std::vector<OptionsTable> optionsOfOperator;
  llvm::DenseMap<const reflection::Object *, std::vector<const reflection::Field *>> fields;

  OptionsTable getTable(uint8_t tag, bool second) const {
    const reflection::EnumVal *value = tag ? unions[second]->values()->LookupByKey(tag) : nullptr;
    if (!value)
      return {};
    return {schema.objects()->Get(value->union_type()->index()), second, tag};
  }

private:
  Reflection();
  OptionsTable findOptions(llvm::StringRef operatorName,
                           const llvm::StringMap<OptionsTable> &byName) const;
};

} // namespace

/// The table's name in lower case without "Options", for operators that do not share their table's
/// name.
static llvm::StringRef getSharedOptionsName(llvm::StringRef name) {
  return llvm::StringSwitch<llvm::StringRef>(name)
      .Cases({"AVERAGE_POOL_2D", "MAX_POOL_2D", "L2_POOL_2D"}, "pool2d")
      .Cases({"MEAN", "SUM", "REDUCE_ALL", "REDUCE_ANY", "REDUCE_MAX", "REDUCE_MIN", "REDUCE_PROD"},
             "reducer")
      .Cases({"MAXIMUM", "MINIMUM"}, "maximumminimum")
      .Cases({"RANDOM_STANDARD_NORMAL", "RANDOM_UNIFORM", "MULTINOMIAL"}, "random")
      .Case("CONV_3D_TRANSPOSE", "conv3d")
      .Case("UNIDIRECTIONAL_SEQUENCE_RNN", "sequencernn")
      .Case("L2_NORMALIZATION", "l2norm")
      .Default("");
}

OptionsTable Reflection::findOptions(llvm::StringRef operatorName,
                                     const llvm::StringMap<OptionsTable> &byName) const {
  std::string key = getSharedOptionsName(operatorName).str();
  if (key.empty()) {
    for (char c : operatorName)
      if (c != '_')
        key += llvm::toLower(c);
  }
  return byName.lookup(key);
}

Reflection::Reflection() : schema(*reflection::GetSchema(schema::ModelBinarySchema::data())) {
  auto findEnum = [&](const char *name) { return schema.enums()->LookupByKey(name); };
  operators = findEnum("tflc.schema.BuiltinOperator");
  unions[0] = findEnum("tflc.schema.BuiltinOptions");
  unions[1] = findEnum("tflc.schema.BuiltinOptions2");

  llvm::StringMap<OptionsTable> byName;
  for (bool second : {false, true}) {
    for (const reflection::EnumVal *value : *unions[second]->values()) {
      OptionsTable table = getTable(static_cast<uint8_t>(value->value()), second);
      llvm::StringRef name = toStringRef(value->name());
      if (table.object && name.consume_back("Options"))
        byName[name.lower()] = table;
    }
  }
  for (const reflection::EnumVal *value : *operators->values()) {
    llvm::StringRef name = toStringRef(value->name());
    codes[name] = static_cast<int32_t>(value->value());
    optionsOfOperator.resize(std::max<size_t>(optionsOfOperator.size(), value->value() + 1));
    optionsOfOperator[value->value()] = findOptions(name, byName);
  }
  for (const reflection::Object *object : *schema.objects()) {
    std::vector<const reflection::Field *> &sorted = fields[object];
    for (const reflection::Field *field : *object->fields())
      if (!field->deprecated())
        sorted.push_back(field);
    llvm::sort(sorted, [](const auto *a, const auto *b) { return a->id() < b->id(); });
  }
}

llvm::StringRef OptionsTable::getName() const {
  return object ? toStringRef(object->name()).rsplit('.').second : llvm::StringRef("none");
}

llvm::StringRef getOperatorName(int32_t code) {
  return getEnumerator(*Reflection::get().operators, code);
}

std::optional<int32_t> getOperatorCode(llvm::StringRef name) {
  const llvm::StringMap<int32_t> &codes = Reflection::get().codes;
  auto found = codes.find(name.upper());
  return found == codes.end() ? std::nullopt : std::optional<int32_t>(found->second);
}

const OptionsTable &getOptionsTable(int32_t code) {
  static const OptionsTable none;
  const std::vector<OptionsTable> &tables = Reflection::get().optionsOfOperator;
  return code >= 0 && static_cast<size_t>(code) < tables.size() ? tables[code] : none;
}

OptionsTable getOptionsTable(uint8_t tag, bool second) {
  return Reflection::get().getTable(tag, second);
}

const reflection::Enum *getEnum(const reflection::Field &field) {
  int32_t index = field.type()->index();
  bool integer =
      field.type()->base_type() != reflection::Obj && field.type()->element() != reflection::Obj;
  return integer && index >= 0 ? Reflection::get().schema.enums()->Get(index) : nullptr;
}

llvm::StringRef getEnumerator(const reflection::Enum &type, int64_t value) {
  const reflection::EnumVal *found = type.values()->LookupByKey(value);
  return found ? toStringRef(found->name()) : llvm::StringRef();
}

std::optional<int64_t> getEnumValue(const reflection::Enum &type, llvm::StringRef name) {
  for (const reflection::EnumVal *value : *type.values())
    if (toStringRef(value->name()) == name)
      return value->value();
  return std::nullopt;
}

bool isSubgraphField(const reflection::Field &field) {
  return field.attributes() && field.attributes()->LookupByKey("subgraph");
}

llvm::ArrayRef<const reflection::Field *> getFields(const reflection::Object &object) {
  return Reflection::get().fields.find(&object)->second;
}

} // namespace tflc
