//===- LayerBuilder.cpp - what expands a layer to operations --------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "LayerBuilder.h"

#include "TF/IR/TFOps.h"
#include "tflc/Support/Diagnostics.h"

using namespace llvm;
using namespace mlir;
using namespace tflc;
using namespace tflc::keras;

//===----------------------------------------------------------------------===//
// Faults and configuration
//===----------------------------------------------------------------------===//

Value LayerBuilder::fault(const Twine &message) {
  if (!failed)
    emitError(b.getLoc()) << makePrintable(message.str());
  failed = true;
  return makeFloat(0);
}

const json::Value *LayerBuilder::find(StringRef key, bool isNeeded) {
  const json::Value *value = config.get(key);
  if (value && value->kind() == json::Value::Null)
    value = nullptr;
  if (!value && isNeeded)
    fault("the configuration has no '" + key + "'");
  return value;
}

int64_t LayerBuilder::getInteger(StringRef key, std::optional<int64_t> otherwise) {
  const json::Value *value = find(key, !otherwise);
  if (!value)
    return otherwise.value_or(1);
  // Old files hold lists of one.
  if (const json::Array *list = value->getAsArray(); list && list->size() == 1)
    value = &list->front();
  if (std::optional<int64_t> number = value->getAsInteger();
      number && *number >= INT32_MIN && *number <= INT32_MAX)
    return *number;
  fault("'" + key + "' is not an integer");
  return 1;
}

double LayerBuilder::getNumber(StringRef key, std::optional<double> otherwise) {
  const json::Value *value = find(key, !otherwise);
  if (!value)
    return otherwise.value_or(1);
  // LeakyReLU of some versions wraps the number.
  if (const json::Object *object = value->getAsObject())
    if (const json::Object *inner = object->getObject("config"))
      if (const json::Value *wrapped = inner->get("value"))
        value = wrapped;
  if (const json::Object *object = value->getAsObject())
    if (const json::Value *wrapped = object->get("value"))
      value = wrapped;
  if (std::optional<double> number = value->getAsNumber())
    return *number;
  fault("'" + key + "' is not a number");
  return 1;
}

bool LayerBuilder::getFlag(StringRef key, bool otherwise) {
  const json::Value *value = find(key, /*isNeeded=*/false);
  if (!value)
    return otherwise;
  if (std::optional<bool> flag = value->getAsBoolean())
    return *flag;
  fault("'" + key + "' is neither true nor false");
  return otherwise;
}

StringRef LayerBuilder::getText(StringRef key, StringRef otherwise) {
  const json::Value *value = find(key, /*isNeeded=*/false);
  if (!value)
    return otherwise;
  if (std::optional<StringRef> text = value->getAsString())
    return *text;
  fault("'" + key + "' is no text");
  return otherwise;
}

Integers LayerBuilder::getIntegers(StringRef key, std::optional<size_t> count,
                                   ArrayRef<int64_t> otherwise) {
  const json::Value *value = find(key, otherwise.empty());
  if (!value)
    return otherwise.empty() ? Integers(count.value_or(1), 1) : Integers(otherwise);
  Integers result;
  auto add = [&](const json::Value &item) {
    std::optional<int64_t> number = item.getAsInteger();
    if (!number || *number < INT32_MIN || *number > INT32_MAX)
      fault("'" + key + "' is not a list of integers");
    result.push_back(number.value_or(1));
  };
  if (const json::Array *list = value->getAsArray()) {
    for (const json::Value &item : *list)
      add(item);
  } else {
    add(*value);
    result.resize(count.value_or(1), result.front());
  }
  if (count && result.size() != *count) {
    fault("'" + key + "' has " + Twine(result.size()) + " numbers, expected " + Twine(*count));
    result.resize(*count, 1);
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Dataset LayerBuilder::takeNumbers(StringRef child) {
  Expected<Dataset> dataset = weights.take(child);
  if (dataset)
    return std::move(*dataset);
  fault(toString(dataset.takeError()));
  return {};
}

Dataset LayerBuilder::takeNumbersOf(StringRef name) {
  Expected<Dataset> dataset = weights.takeNamed(name);
  if (dataset)
    return std::move(*dataset);
  fault(toString(dataset.takeError()));
  return {};
}

Value LayerBuilder::takeWeight(StringRef child) {
  Dataset numbers = takeNumbers(child);
  if (hasFailed())
    return makeFloat(0);
  if (numbers.isInteger)
    numbers.floats.assign(numbers.integers.begin(), numbers.integers.end());
  return makeFloats(numbers.floats, numbers.shape);
}

Value LayerBuilder::makeFloats(ArrayRef<float> values, ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, b.getF32Type());
  return tf::ConstOp::create(b, type, DenseElementsAttr::get(type, values));
}

Value LayerBuilder::makeScalar(double value, Value like) {
  Type type = getElementType(like);
  auto scalar = RankedTensorType::get({}, type);
  Attribute attribute = isa<FloatType>(type) ? Attribute(b.getFloatAttr(type, value))
                                             : Attribute(b.getIntegerAttr(type, int64_t(value)));
  return tf::ConstOp::create(b, scalar, DenseElementsAttr::get(scalar, attribute));
}

Value LayerBuilder::makeFloat(double value) { return makeFloats({float(value)}, {}); }

Value LayerBuilder::makeVector(ArrayRef<int64_t> values) {
  SmallVector<int32_t> narrow(values.begin(), values.end());
  auto type = RankedTensorType::get({int64_t(values.size())}, b.getI32Type());
  return tf::ConstOp::create(b, type, DenseElementsAttr::get(type, ArrayRef(narrow)));
}

Value LayerBuilder::makeIndex(int64_t value) {
  auto type = RankedTensorType::get({}, b.getI32Type());
  return tf::ConstOp::create(b, type, DenseElementsAttr::get(type, int32_t(value)));
}

Type LayerBuilder::getElementType(Value value) { return tf::getElementType(value); }

bool LayerBuilder::isFloat(Value value) { return isa<FloatType>(getElementType(value)); }

Integers LayerBuilder::getShape(Value value) {
  if (std::optional<tf::Shape> shape = tf::getShape(value))
    return *shape;
  fault("the rank of its input is not known");
  return {};
}

Integers LayerBuilder::getAxes(StringRef key, Value x, ArrayRef<int64_t> otherwise) {
  int64_t rank = getRank(x);
  Integers axes = getIntegers(key, std::nullopt, otherwise);
  for (int64_t &axis : axes) {
    axis += axis < 0 ? rank : 0;
    if (axis < 0 || axis >= rank) {
      fault("there is no axis " + Twine(axis));
      axis = 0;
    }
  }
  return axes;
}

int64_t LayerBuilder::getKnownSize(Value value, int64_t dim) {
  Integers shape = getShape(value);
  if (dim < 0)
    dim += shape.size();
  if (dim < 0 || dim >= int64_t(shape.size())) {
    fault("its input has only " + Twine(shape.size()) + " dimensions");
    return 1;
  }
  if (!ShapedType::isDynamic(shape[dim]))
    return shape[dim];
  fault("size " + Twine(dim) + " of its input must be known");
  return 1;
}

//===----------------------------------------------------------------------===//
// Parts of layers
//===----------------------------------------------------------------------===//

Value LayerBuilder::cast(Value x, Type elementType) {
  return getElementType(x) == elementType ? x : makeAs<tf::CastOp>(elementType, x, elementType);
}

Value LayerBuilder::transpose(Value x, ArrayRef<int64_t> order) {
  return make<tf::TransposeOp>(x, makeVector(order));
}

Value LayerBuilder::reshape(Value x, ArrayRef<int64_t> shape) {
  return make<tf::ReshapeOp>(x, makeVector(shape));
}

Value LayerBuilder::expandDims(Value x, int64_t dim) {
  return make<tf::ExpandDimsOp>(x, makeIndex(dim));
}

Value LayerBuilder::squeeze(Value x, int64_t dim) {
  return make<tf::SqueezeOp>(x, ArrayRef<int64_t>(dim));
}

Value LayerBuilder::slice(Value x, int64_t dim, int64_t begin, int64_t size) {
  Integers begins(getRank(x), 0), sizes(begins.size(), -1);
  if (dim < 0 || dim >= int64_t(begins.size()))
    return fault("its input has only " + Twine(begins.size()) + " dimensions");
  begins[dim] = begin;
  sizes[dim] = size;
  return make<tf::SliceOp>(x, makeVector(begins), makeVector(sizes));
}

Value LayerBuilder::concat(ArrayRef<Value> values, int64_t dim) {
  if (values.empty())
    return fault("there is nothing to join");
  if (values.size() == 1)
    return values.front();
  return makeAs<tf::ConcatV2Op>(getElementType(values.front()), ValueRange(values), makeIndex(dim));
}

Value LayerBuilder::pad(Value x, ArrayRef<std::pair<int64_t, int64_t>> amounts) {
  SmallVector<int32_t> flat;
  for (auto [before, after] : amounts) {
    flat.push_back(before);
    flat.push_back(after);
  }
  auto type = RankedTensorType::get({int64_t(amounts.size()), 2}, b.getI32Type());
  Value paddings = tf::ConstOp::create(b, type, DenseElementsAttr::get(type, ArrayRef(flat)));
  return make<tf::PadOp>(x, paddings);
}

Value LayerBuilder::toChannelsLast(Value x) {
  Integers order = {0};
  for (int64_t dim = 2, rank = getRank(x); dim < rank; ++dim)
    order.push_back(dim);
  order.push_back(1);
  return transpose(x, order);
}

Value LayerBuilder::toChannelsFirst(Value x) {
  int64_t rank = getRank(x);
  Integers order = {0, rank - 1};
  for (int64_t dim = 1; dim < rank - 1; ++dim)
    order.push_back(dim);
  return transpose(x, order);
}

Value LayerBuilder::takeArgument(StringRef name) {
  Value value = keywords.tensors.lookup(name);
  keywords.tensors.erase(name);
  return value;
}

Value LayerBuilder::resize(Value x, int64_t height, int64_t width, StringRef method) {
  Value size = makeVector({height, width});
  if (height < 1 || width < 1 || getRank(x) != 4)
    return fault("its input is no picture, or its size is empty");
  bool antialias = getFlag("antialias", false);
  if (method == "nearest")
    return make<tf::ResizeNearestNeighborOp>(x, size, false, /*half_pixel_centers=*/true);
  if (method == "bilinear" && !antialias)
    return make<tf::ResizeBilinearOp>(x, size, false, /*half_pixel_centers=*/true);
  if (method == "bicubic" && !antialias)
    return make<tf::ResizeBicubicOp>(x, size, false, /*half_pixel_centers=*/true);
  return resample(*this, x, height, width, method, antialias);
}

Value LayerBuilder::multiply(Value x, Value kernel) {
  if (getRank(x) == 2)
    return make<tf::MatMulOp>(x, kernel);
  return make<tf::BatchMatMulV2Op>(x, kernel);
}
