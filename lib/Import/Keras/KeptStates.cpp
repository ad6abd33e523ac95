//===- KeptStates.cpp - states of layers over sequences -------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "KeptStates.h"

#include "TF/IR/TFOps.h"

#include "mlir/IR/BuiltinOps.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

Value tflc::keras::makeZeros(LayerBuilder &layer, Value x, int64_t dims, ArrayRef<int64_t> rest) {
  Integers shape(ArrayRef(layer.getShape(x)).take_front(dims));
  append_range(shape, rest);
  if (!llvm::is_contained(shape, ShapedType::kDynamic)) {
    auto type = RankedTensorType::get(shape, layer.b.getF32Type());
    return tf::ConstOp::create(layer.b, type,
                               DenseElementsAttr::get(type, layer.b.getF32FloatAttr(0)));
  }
  Value sizes = layer.makeAs<tf::ShapeOp>(layer.b.getI32Type(), x, TypeAttr());
  Value all = layer.concat({layer.slice(sizes, 0, 0, dims), layer.makeVector(rest)}, 0);
  return layer.makeAs<tf::FillOp>(layer.b.getF32Type(), all, layer.makeFloat(0));
}

Value tflc::keras::readSize(LayerBuilder &layer, Value x, int64_t dim) {
  int64_t size = layer.getShape(x)[dim];
  if (!ShapedType::isDynamic(size))
    return layer.makeIndex(size);
  Value sizes = layer.makeAs<tf::ShapeOp>(layer.b.getI32Type(), x, TypeAttr());
  return layer.squeeze(layer.slice(sizes, 0, dim, 1), 0);
}

Value KeptStates::makeHandle(StringRef name) {
  auto type = RankedTensorType::get({}, tf::ResourceType::get(layer.b.getContext()));
  return tf::VarHandleOp::create(layer.b, type, name);
}

Value KeptStates::read(ArrayRef<int64_t> shape) {
  if (llvm::is_contained(shape, ShapedType::kDynamic))
    return layer.fault("a layer with state needs a known batch");
  auto type = RankedTensorType::get(shape, layer.b.getF32Type());
  auto module = layer.b.getBlock()->getParentOp()->getParentOfType<ModuleOp>();
  OpBuilder start = OpBuilder::atBlockBegin(module.getBody());
  std::string name = "state." + std::to_string(llvm::range_size(module.getOps<tf::GlobalOp>()));
  tf::GlobalOp::create(start, layer.b.getLoc(), name,
                       DenseElementsAttr::get(type, layer.b.getF32FloatAttr(0)));
  variables.push_back(name);
  return tf::ReadVariableOp::create(layer.b, type, makeHandle(name));
}

void KeptStates::write(ArrayRef<Value> states) {
  for (auto [name, state] : zip(variables, states))
    tf::AssignVariableOp::create(layer.b, TypeRange(), ValueRange{makeHandle(name), state});
}
