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
  visit("dot", target.dot);
  visit("lookup", target.lookup);
  visit("has_lane_products", target.hasLaneProducts);
  visit("has_byte_pairs", target.hasBytePairs);
  visit("has_tile_products", target.hasTileProducts);
  visit("float_unit", target.floatUnit);
  visit("has_fma", target.hasFMA);
  visit("float_rescale", target.floatRescale);
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
};

/// An absent entry leaves the default, so a test states only the facts it is about.
struct Reader {
  DictionaryAttr attr;
  bool valid = true;

  template <typename AttrT> AttrT get(StringRef name) {
    Attribute entry = attr.get(name);
    auto typed = dyn_cast_or_null<AttrT>(entry);
    valid &= !entry || typed;
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
  void operator()(StringRef name, FloatUnit &value) {
    if (auto entry = get<StringAttr>(name))
      value = llvm::StringSwitch<FloatUnit>(entry.getValue())
                  .Case("none", FloatUnit::None)
                  .Case("single", FloatUnit::Single)
                  .Default(FloatUnit::Double);
  }
};
} // namespace

DictionaryAttr TargetInfo::toAttr(MLIRContext *context) const {
  Writer writer{Builder(context), {}};
  visitFields(*this, [&](StringRef name, const auto &value) { writer(name, value); });
  return writer.builder.getDictionaryAttr(writer.entries);
}

std::optional<TargetInfo> TargetInfo::fromAttr(DictionaryAttr attr) {
  TargetInfo target;
  // The table knows what the attribute does not hold (description, commands), and a short
  // attribute may name a target and leave the rest to the table.
  if (auto name = attr.getAs<StringAttr>("name"))
    if (std::optional<TargetInfo> known = lookupTarget(name.getValue()))
      target = *known;
  Reader reader{attr};
  visitFields(target, [&](StringRef name, auto &value) { reader(name, value); });
  if (!reader.valid)
    return std::nullopt;
  return target;
}

void tflc::setTarget(ModuleOp module, const TargetInfo &target) {
  module->setAttr(kTargetAttrName, target.toAttr(module.getContext()));
}

TargetInfo tflc::getTarget(ModuleOp module) {
  if (auto attr = module->getAttrOfType<DictionaryAttr>(kTargetAttrName))
    if (std::optional<TargetInfo> target = TargetInfo::fromAttr(attr))
      return *target;
  return detectNativeTarget();
}
