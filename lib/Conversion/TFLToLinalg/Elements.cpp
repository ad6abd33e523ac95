//===- Elements.cpp - elementwise expressions -----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Elements.h"

#include "Utils.h"

using namespace mlir;
using namespace tflc;

Elements Elements::read(Value tensor, AffineMap map) {
  Elements elements;
  elements.operands.push_back(tensor);
  elements.maps.push_back(map);
  elements.emit = [](ScalarBuilder &, ValueRange args) { return args[0]; };
  return elements;
}

Elements Elements::read(Value tensor) {
  AffineMap identity = AffineMap::getMultiDimIdentityMap(2, tensor.getContext());
  return read(tensor, identity.getMinorSubMap(cast<RankedTensorType>(tensor.getType()).getRank()));
}

Elements Elements::readRows(Value tensor) {
  AffineMap identity = AffineMap::getMultiDimIdentityMap(2, tensor.getContext());
  return read(tensor, identity.getMajorSubMap(1));
}

Elements Elements::combine(ArrayRef<Elements> parts, Emitter emit) {
  Elements result;
  SmallVector<std::pair<Emitter, size_t>> emitters;
  for (const Elements &part : parts) {
    llvm::append_range(result.operands, part.operands);
    llvm::append_range(result.maps, part.maps);
    emitters.emplace_back(part.emit, part.operands.size());
  }
  result.emit = [emitters, emit](ScalarBuilder &b, ValueRange args) {
    SmallVector<Value> values;
    for (const auto &[emitPart, count] : emitters) {
      values.push_back(emitPart(b, args.take_front(count)));
      args = args.drop_front(count);
    }
    return emit(b, values);
  };
  return result;
}

Value Elements::create(OpBuilder &builder, Location loc, Value destination) const {
  // Parts that occur several times are read once.
  SmallVector<Value> inputs;
  SmallVector<AffineMap> allMaps;
  SmallVector<unsigned> places;
  for (auto [operand, map] : llvm::zip_equal(operands, maps)) {
    unsigned place = 0;
    while (place < inputs.size() && (inputs[place] != operand || allMaps[place] != map))
      ++place;
    if (place == inputs.size()) {
      inputs.push_back(operand);
      allMaps.push_back(map);
    }
    places.push_back(place);
  }
  allMaps.push_back(builder.getMultiDimIdentityMap(2));
  SmallVector<utils::IteratorType> iterators(2, utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, loc, destination.getType(), inputs, destination, allMaps, iterators,
             [&](OpBuilder &nested, Location at, ValueRange args) {
               ScalarBuilder b(nested, at);
               SmallVector<Value> values = llvm::map_to_vector(
                   places, [&](unsigned place) -> Value { return args[place]; });
               linalg::YieldOp::create(nested, at, emit(b, values));
             })
      .getResult(0);
}

Elements tflc::operator+(const Elements &lhs, const Elements &rhs) {
  return Elements::combine(
      {lhs, rhs}, [](ScalarBuilder &b, ValueRange args) { return b.add(args[0], args[1]); });
}

Elements tflc::operator*(const Elements &lhs, const Elements &rhs) {
  return Elements::combine(
      {lhs, rhs}, [](ScalarBuilder &b, ValueRange args) { return b.mul(args[0], args[1]); });
}
