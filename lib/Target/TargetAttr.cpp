//===- TargetAttr.cpp - the target as a module attribute ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// Passes read the target from the module, so that one process can compile for two machines and a
// test can state its target in the IR.
//
//===----------------------------------------------------------------------===//

#include "tflc/Target/TargetInfo.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tflc;

static StringRef toString(FloatUnit unit) {
  switch (unit) {
  case FloatUnit::None:
    return "none";
  case FloatUnit::Single:
    return "single";
  case FloatUnit::Double:
    return "double";
  }
  llvm_unreachable("all float units are listed");
}

/// Calls `visit(name, field)` for each field that the attribute holds: one list for both
/// directions.
template <typename Info, typename Visitor> static void visitFields(Info &target, Visitor visit) {
  visit("name", target.name);
  visit("triple", target.triple);
  visit("cpu", target.cpu);
  visit("features", target.features);
  visit("abi", target.abi);
  visit("pointer_bits", target.pointerBits);
  visit("vector_bits", target.vectorBits);
  visit("vector_registers", target.vectorRegisters);
  visit("scalable_vectors", target.scalableVectors);
  visit("dot", target.instructions.dot);
  visit("lookup", target.instructions.lookup);
  visit("has_lane_products", target.instructions.hasLaneProducts);
  visit("has_byte_pairs", target.instructions.hasBytePairs);
  visit("has_tile_products", target.instructions.hasTileProducts);
  visit("has_half_vectors", target.instructions.hasHalfVectors);
  visit("extends_alternate_lanes", target.instructions.extendsAlternateLanes);
  visit("float_unit", target.floatUnit);
  visit("has_fma", target.hasFMA);
  visit("float_rescale", target.instructions.floatRescale);
  visit("has_rounding", target.hasRounding);
  visit("has_half_conversion", target.hasHalfConversion);
  visit("has_divide", target.hasDivide);
  visit("has_wide_multiply", target.hasWideMultiply);
  visit("l1_bytes", target.l1Bytes);
  visit("l2_bytes", target.l2Bytes);
  visit("flash_bytes", target.flashBytes);
  visit("ram_bytes", target.ramBytes);
}

namespace {
struct Writer {
  Builder builder;
  SmallVector<NamedAttribute> entries;

  void add(StringRef name, Attribute value) {
    entries.push_back(builder.getNamedAttr(name, value));
  }
  void operator()(StringRef name, const std::string &value) {
    if (!value.empty())
      add(name, builder.getStringAttr(value));
  }
  void operator()(StringRef name, bool value) { add(name, builder.getBoolAttr(value)); }
  void operator()(StringRef name, unsigned value) { add(name, builder.getI64IntegerAttr(value)); }
  void operator()(StringRef name, int64_t value) { add(name, builder.getI64IntegerAttr(value)); }
  void operator()(StringRef name, FloatUnit value) {
    add(name, builder.getStringAttr(toString(value)));
  }
  void operator()(StringRef name, const DotProduct *value) { (*this)(name, value->name.str()); }
  void operator()(StringRef name, const Lookup *value) { (*this)(name, value->name.str()); }
};

/// An absent entry leaves the default, so a test states only the facts it is about.
struct Reader {
  DictionaryAttr attr;
  std::string fault; // the first one

  void report(StringRef name, const Twine &what) {
    if (fault.empty())
      fault = ("the entry '" + name + "' of tflc.target " + what).str();
  }
  template <typename AttrT> AttrT get(StringRef name) {
    Attribute entry = attr.get(name);
    auto typed = dyn_cast_or_null<AttrT>(entry);
    if (entry && !typed)
      report(name, "has the wrong type");
    return typed;
  }
  void operator()(StringRef name, std::string &value) {
    if (auto entry = get<StringAttr>(name))
      value = entry.str();
  }
  void operator()(StringRef name, bool &value) {
    if (auto entry = get<BoolAttr>(name))
      value = entry.getValue();
  }
  void operator()(StringRef name, unsigned &value) {
    if (auto entry = get<IntegerAttr>(name))
      value = static_cast<unsigned>(entry.getInt());
  }
  void operator()(StringRef name, int64_t &value) {
    if (auto entry = get<IntegerAttr>(name))
      value = entry.getInt();
  }
  /// An entry that names one of several things; `find` gives none, or null, for other names.
  template <typename T, typename Find> void readName(StringRef name, T &value, Find find) {
    auto entry = get<StringAttr>(name);
    if (!entry)
      return;
    if (auto found = find(entry.getValue()))
      value = static_cast<T>(*found);
    else
      report(name, "is the unknown name '" + entry.getValue() + "'");
  }
  void operator()(StringRef name, FloatUnit &value) {
    readName(name, value, [](StringRef unit) {
      return llvm::StringSwitch<std::optional<FloatUnit>>(unit)
          .Case("none", FloatUnit::None)
          .Case("single", FloatUnit::Single)
          .Case("double", FloatUnit::Double)
          .Default(std::nullopt);
    });
  }
  void operator()(StringRef name, const DotProduct *&value) {
    readName(name, value, [](StringRef dot) { return wrap(findDotProduct(dot)); });
  }
  void operator()(StringRef name, const Lookup *&value) {
    readName(name, value, [](StringRef lookup) { return wrap(findLookup(lookup)); });
  }

private:
  template <typename Row> static std::optional<const Row *> wrap(const Row *row) {
    return row ? std::optional(row) : std::nullopt;
  }
};
} // namespace

DictionaryAttr TargetInfo::toAttr(MLIRContext *context) const {
  Writer writer{Builder(context), {}};
  visitFields(*this, [&](StringRef name, const auto &value) { writer(name, value); });
  return writer.builder.getDictionaryAttr(writer.entries);
}

llvm::Expected<TargetInfo> TargetInfo::fromAttr(DictionaryAttr attr) {
  TargetInfo target;
  // To look a target up takes a while; an attribute with a triple has all facts.
  if (auto name = attr.getAs<StringAttr>("name"); name && !attr.contains("triple"))
    if (std::optional<TargetInfo> known = lookupTarget(name.getValue()))
      target = *known;
  Reader reader{attr, {}};
  visitFields(target, [&](StringRef name, auto &value) { reader(name, value); });
  if (!reader.fault.empty())
    return llvm::createStringError(reader.fault);
  return target;
}

void tflc::setTarget(ModuleOp module, const TargetInfo &target) {
  module->setAttr(kTargetAttrName, target.toAttr(module.getContext()));
}

FailureOr<TargetInfo> tflc::getTarget(ModuleOp module) {
  auto attr = module->getAttrOfType<DictionaryAttr>(kTargetAttrName);
  if (!attr)
    return detectNativeTarget();
  llvm::Expected<TargetInfo> target = TargetInfo::fromAttr(attr);
  if (!target)
    return module.emitError(llvm::toString(target.takeError()));
  return *target;
}
