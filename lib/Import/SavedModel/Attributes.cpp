//===- Attributes.cpp - attributes of nodes -------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Attributes.h"

#include "Values.h"

#include "Schema/graph.pb.h"

#include "mlir/IR/Builders.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::savedmodel;

static Attribute readShape(const proto::TensorShape &value, Builder &builder) {
  std::optional<SmallVector<int64_t>> shape = savedmodel::getShape(value);
  if (!shape)
    return {};
  for (int64_t &size : *shape)
    size = ShapedType::isDynamic(size) ? -1 : size;
  return builder.getDenseI64ArrayAttr(*shape);
}

static Attribute readType(int32_t value, Builder &builder) {
  Type type = getElementType(value, builder.getContext());
  return type ? TypeAttr::get(type) : Attribute();
}

static Attribute readList(const proto::AttrValue::ListValue &list, Builder &builder) {
  if (list.i_size() != 0)
    return builder.getDenseI64ArrayAttr(ArrayRef<int64_t>(list.i().data(), list.i_size()));
  if (list.f_size() != 0)
    return builder.getDenseF32ArrayAttr(ArrayRef<float>(list.f().data(), list.f_size()));
  if (list.b_size() != 0)
    return builder.getDenseBoolArrayAttr(SmallVector<bool>(list.b().begin(), list.b().end()));
  SmallVector<Attribute> items;
  for (const std::string &text : list.s())
    items.push_back(builder.getStringAttr(text));
  for (int32_t type : list.type())
    items.push_back(readType(type, builder));
  for (const proto::TensorShape &shape : list.shape())
    items.push_back(readShape(shape, builder));
  for (const proto::NameAttrList &function : list.func())
    items.push_back(FlatSymbolRefAttr::get(builder.getContext(), function.name()));
  for (Attribute &item : items)
    if (!item)
      item = builder.getUnitAttr();
  return items.empty() ? Attribute() : builder.getArrayAttr(items);
}

Expected<Attribute> tflc::savedmodel::readAttribute(const proto::AttrValue &value,
                                                    MLIRContext *context) {
  Builder builder(context);
  switch (value.value_case()) {
  case proto::AttrValue::kS:
    return builder.getStringAttr(value.s());
  case proto::AttrValue::kI:
    return builder.getI64IntegerAttr(value.i());
  case proto::AttrValue::kF:
    return builder.getF32FloatAttr(value.f());
  case proto::AttrValue::kB:
    return builder.getBoolAttr(value.b());
  case proto::AttrValue::kType:
    return readType(value.type(), builder);
  case proto::AttrValue::kShape:
    return readShape(value.shape(), builder);
  case proto::AttrValue::kTensor: {
    Expected<DenseElementsAttr> tensor = readTensor(value.tensor(), context);
    if (!tensor)
      return tensor.takeError();
    return Attribute(*tensor);
  }
  case proto::AttrValue::kFunc:
    return FlatSymbolRefAttr::get(context, value.func().name());
  case proto::AttrValue::kList:
    return readList(value.list(), builder);
  case proto::AttrValue::VALUE_NOT_SET:
    return Attribute();
  }
  return Attribute();
}
