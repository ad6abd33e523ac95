//===- Folding.cpp - constants of constant operands -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/Folding.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/Inference.h"
#include "TF/IR/ReductionOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/ShapeValues.h"

#include "mlir/Dialect/Traits.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/APFloat.h"

using namespace mlir;
using namespace tflc::tf;

int64_t tflc::tf::floorDivide(int64_t x, int64_t y) {
  if (y == 0 || y == -1)
    return y == 0 ? 0 : int64_t(0 - uint64_t(x));
  int64_t quotient = x / y;
  return x % y != 0 && (x < 0) != (y < 0) ? quotient - 1 : quotient;
}

bool tflc::tf::isWorthFolding(RankedTensorType type, int64_t given) {
  constexpr int64_t smallConstant = 1 << 14;
  std::optional<int64_t> count = getNumElements(type.getShape());
  return count && (*count <= smallConstant || *count <= given);
}

std::vector<double> tflc::tf::getReals(DenseElementsAttr value) {
  std::vector<double> result;
  result.reserve(value.getNumElements());
  if (value.getElementType().isF32()) {
    for (float element : value.getValues<float>())
      result.push_back(element);
    return result;
  }
  for (APFloat element : value.getValues<APFloat>())
    result.push_back(element.convertToDouble());
  return result;
}

std::vector<int64_t> tflc::tf::getIntegers(DenseElementsAttr value) {
  Type type = value.getElementType();
  bool isSigned = !type.isUnsignedInteger() && !type.isInteger(1);
  std::vector<int64_t> result;
  result.reserve(value.getNumElements());
  for (const APInt &element : value.getValues<APInt>())
    result.push_back(isSigned ? element.getSExtValue() : element.getZExtValue());
  return result;
}

DenseElementsAttr tflc::tf::makeReals(RankedTensorType type, ArrayRef<double> values) {
  auto elementType = cast<FloatType>(type.getElementType());
  if (elementType.isF32()) {
    SmallVector<float> narrow(values.begin(), values.end());
    return DenseElementsAttr::get(type, ArrayRef(narrow));
  }
  SmallVector<APFloat> narrow;
  for (double value : values) {
    APFloat number(value);
    bool losesInfo;
    number.convert(elementType.getFloatSemantics(), APFloat::rmNearestTiesToEven, &losesInfo);
    narrow.push_back(number);
  }
  return DenseElementsAttr::get(type, narrow);
}

DenseElementsAttr tflc::tf::makeIntegers(RankedTensorType type, ArrayRef<int64_t> values) {
  unsigned width = type.getElementType().getIntOrFloatBitWidth();
  return DenseElementsAttr::get(type, llvm::map_to_vector(values, [&](int64_t value) {
                                  return APInt(width, uint64_t(value), false, true);
                                }));
}

DenseElementsAttr tflc::tf::pickElements(DenseElementsAttr value, RankedTensorType type,
                                         llvm::function_ref<int64_t(int64_t)> source) {
  if (value.isSplat())
    return value.resizeSplat(type);
  int64_t count = type.getNumElements();
  auto pick = [&](auto range) {
    using Element = std::decay_t<decltype(*range.begin())>;
    SmallVector<Element> result;
    result.reserve(count);
    for (int64_t i = 0; i < count; ++i)
      result.push_back(range[source(i)]);
    return result;
  };
  Type elementType = type.getElementType();
  if (elementType.isF32())
    return DenseElementsAttr::get(type, ArrayRef(pick(value.getValues<float>())));
  if (isa<FloatType>(elementType))
    return DenseElementsAttr::get(type, ArrayRef(pick(value.getValues<APFloat>())));
  if (elementType.isInteger())
    return DenseElementsAttr::get(type, ArrayRef(pick(value.getValues<APInt>())));
  return {};
}

SmallVector<int64_t> tflc::tf::getStrides(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t i = int64_t(shape.size()) - 2; i >= 0; --i)
    strides[i] = strides[i + 1] * shape[i + 1];
  return strides;
}

/// For each element of a broadcast, the number of the operand's element that it comes from.
static std::vector<int64_t> getSources(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  SmallVector<int64_t> fromStrides = getStrides(from), toStrides = getStrides(to);
  size_t offset = to.size() - from.size();
  int64_t count = *getNumElements(to);
  std::vector<int64_t> sources(count);
  for (int64_t i = 0; i < count; ++i) {
    int64_t at = 0;
    for (size_t dim = 0; dim < from.size(); ++dim)
      if (from[dim] != 1)
        at += i / toStrides[offset + dim] % to[offset + dim] * fromStrides[dim];
    sources[i] = at;
  }
  return sources;
}

DenseElementsAttr tflc::tf::broadcastConstant(DenseElementsAttr value, RankedTensorType type) {
  SmallVector<int64_t> shape;
  if (!OpTrait::util::getBroadcastedShape(value.getType().getShape(), type.getShape(), shape) ||
      shape != type.getShape())
    return {};
  std::vector<int64_t> sources = getSources(value.getType().getShape(), shape);
  return pickElements(value, type, [&](int64_t i) { return sources[i]; });
}

template <typename T>
static std::vector<T> broadcast(std::vector<T> values, ArrayRef<int64_t> from,
                                ArrayRef<int64_t> to) {
  if (from == to)
    return values;
  std::vector<int64_t> sources = getSources(from, to);
  std::vector<T> result;
  result.reserve(sources.size());
  for (int64_t source : sources)
    result.push_back(values[source]);
  return result;
}

/// Computes on broadcast operands of one kind; `make` builds the result.
template <typename T, typename Function>
static std::vector<T> compute(ArrayRef<std::vector<T>> operands, size_t count,
                              const Function &function) {
  std::vector<T> result;
  result.reserve(count);
  for (size_t i = 0; i < count; ++i)
    result.push_back(function(operands[0][i], operands.size() > 1 ? operands[1][i] : T(0)));
  return result;
}

/// Whether all elements of a constant equal a number.
static bool isNumber(Attribute operand, double number) {
  auto value = dyn_cast_or_null<DenseElementsAttr>(operand);
  if (!value || !value.isSplat())
    return false;
  if (isa<FloatType>(value.getElementType()))
    return value.getSplatValue<APFloat>().convertToDouble() == number;
  return value.getElementType().isInteger() && value.getElementType().getIntOrFloatBitWidth() > 1 &&
         double(value.getSplatValue<APInt>().getSExtValue()) == number;
}

/// The operand that an operation with its neutral element gives back.
static Value foldNeutral(Operation *op, ArrayRef<Attribute> operands) {
  Type type = op->getResult(0).getType();
  bool isSum = isa<AddOp, AddV2Op>(op), isProduct = isa<MulOp>(op);
  bool isDifference = isa<SubOp>(op), isQuotient = isa<DivOp, RealDivOp>(op);
  if (!isSum && !isProduct && !isDifference && !isQuotient)
    return {};
  double neutral = isSum || isDifference ? 0 : 1;
  if (isNumber(operands[1], neutral) && op->getOperand(0).getType() == type)
    return op->getOperand(0);
  bool isSymmetric = isSum || isProduct;
  if (isSymmetric && isNumber(operands[0], neutral) && op->getOperand(1).getType() == type)
    return op->getOperand(1);
  return {};
}

/// A product with zeros is zeros. TensorFlow's own optimizer says so for all numbers, whatever the
/// other operand is at run time.
static DenseElementsAttr foldZeroProduct(Operation *op, ArrayRef<Attribute> operands) {
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!isa<MulOp>(op) || !type || !type.hasStaticShape() || !isWorthFolding(type, 0) ||
      !(isNumber(operands[0], 0) || isNumber(operands[1], 0)))
    return {};
  return isa<FloatType>(type.getElementType()) ? makeReals(type, 0.0)
                                               : makeIntegers(type, int64_t(0));
}

OpFoldResult tflc::tf::foldElementwise(Operation *op, ArrayRef<Attribute> operands,
                                       const ScalarFunctions &functions) {
  if (Value same = foldNeutral(op, operands))
    return same;
  if (DenseElementsAttr zeros = foldZeroProduct(op, operands))
    return zeros;
  SmallVector<DenseElementsAttr> values;
  int64_t given = 0;
  for (Attribute operand : operands) {
    values.push_back(dyn_cast_or_null<DenseElementsAttr>(operand));
    if (!values.back())
      return {};
    given = std::max(given, values.back().getNumElements());
  }
  // The operands' types may say less than their values.
  SmallVector<int64_t> shape(values[0].getType().getShape());
  if (values.size() > 1 &&
      !OpTrait::util::getBroadcastedShape(values[0].getType().getShape(),
                                          values[1].getType().getShape(), shape))
    return {};
  auto type = RankedTensorType::get(shape, getElementTypeOrSelf(op->getResult(0).getType()));
  if (!isWorthFolding(type, given))
    return {};
  bool isReal = isa<FloatType>(values[0].getElementType());
  if (!isReal && !values[0].getElementType().isInteger())
    return {};
  bool toReal = isa<FloatType>(type.getElementType());
  size_t count = type.getNumElements();
  if (isReal && functions.real) {
    SmallVector<std::vector<double>> numbers;
    for (DenseElementsAttr value : values)
      numbers.push_back(broadcast(getReals(value), value.getType().getShape(), shape));
    std::vector<double> result = compute<double>(numbers, count, functions.real);
    if (toReal)
      return makeReals(type, result);
    return makeIntegers(type, std::vector<int64_t>(result.begin(), result.end()));
  }
  if (isReal || toReal || !functions.integer)
    return {};
  SmallVector<std::vector<int64_t>> numbers;
  for (DenseElementsAttr value : values)
    numbers.push_back(broadcast(getIntegers(value), value.getType().getShape(), shape));
  return makeIntegers(type, compute<int64_t>(numbers, count, functions.integer));
}

/// Reduces `values` of a shape over the marked dimensions.
template <typename T, typename Function>
static std::vector<T> reduce(ArrayRef<T> values, ArrayRef<int64_t> shape, ArrayRef<bool> reduced,
                             T start, const Function &function) {
  SmallVector<int64_t> kept;
  for (auto [size, isReduced] : llvm::zip_equal(shape, reduced))
    kept.push_back(isReduced ? 1 : size);
  SmallVector<int64_t> strides = getStrides(shape), keptStrides = getStrides(kept);
  std::vector<T> result(*getNumElements(kept), start);
  for (size_t i = 0; i < values.size(); ++i) {
    int64_t at = 0;
    for (size_t dim = 0; dim < shape.size(); ++dim)
      if (!reduced[dim])
        at += int64_t(i) / strides[dim] % shape[dim] * keptStrides[dim];
    result[at] = function(result[at], values[i]);
  }
  return result;
}

template <typename T>
static std::optional<std::vector<T>> reduceBy(Operation *op, ArrayRef<T> values,
                                              ArrayRef<int64_t> shape, ArrayRef<bool> reduced) {
  auto run = [&](T start, auto function) {
    return reduce<T>(values, shape, reduced, start, function);
  };
  if (isa<SumOp, MeanOp>(op))
    return run(0, [](T a, T b) { return T(a + b); });
  if (isa<ProdOp>(op))
    return run(1, [](T a, T b) { return T(a * b); });
  if (isa<AllOp>(op))
    return run(1, [](T a, T b) { return T(a && b); });
  if (isa<AnyOp>(op))
    return run(0, [](T a, T b) { return T(a || b); });
  if (values.empty())
    return std::nullopt;
  if (isa<MaxOp>(op))
    return run(std::numeric_limits<T>::lowest(), [](T a, T b) { return std::max(a, b); });
  if (isa<MinOp>(op))
    return run(std::numeric_limits<T>::max(), [](T a, T b) { return std::min(a, b); });
  return std::nullopt;
}

OpFoldResult tflc::tf::foldReduction(Operation *op, ArrayRef<Attribute> operands) {
  auto value = dyn_cast_or_null<DenseElementsAttr>(operands[0]);
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  std::optional<SmallVector<int64_t>> axes = evaluateAllInts(op->getOperand(1));
  if (!value || !type || !type.hasStaticShape() || !axes ||
      !isWorthFolding(type, value.getNumElements()))
    return {};
  ArrayRef<int64_t> shape = value.getType().getShape();
  SmallVector<bool> reduced(shape.size());
  for (int64_t axis : *axes) {
    std::optional<int64_t> place = normalizeAxis(axis, shape.size(), std::nullopt);
    if (!place)
      return {};
    reduced[*place] = true;
  }
  int64_t each = 1;
  for (auto [size, isReduced] : llvm::zip_equal(shape, reduced))
    each *= isReduced ? size : 1;
  if (isa<FloatType>(value.getElementType())) {
    std::vector<double> numbers = getReals(value);
    std::optional<std::vector<double>> result = reduceBy<double>(op, numbers, shape, reduced);
    if (!result || int64_t(result->size()) != type.getNumElements())
      return {};
    if (isa<MeanOp>(op))
      for (double &element : *result)
        element /= double(each);
    return makeReals(type, *result);
  }
  if (!value.getElementType().isInteger() || isa<MeanOp>(op))
    return {};
  std::vector<int64_t> numbers = getIntegers(value);
  std::optional<std::vector<int64_t>> result = reduceBy<int64_t>(op, numbers, shape, reduced);
  if (!result || int64_t(result->size()) != type.getNumElements())
    return {};
  return makeIntegers(type, *result);
}

/// A constant whose elements stand at `before` and further in zeros.
static DenseElementsAttr surround(DenseElementsAttr value, RankedTensorType type,
                                  ArrayRef<int64_t> before) {
  SmallVector<int64_t> from = getStrides(value.getType().getShape()),
                       to = getStrides(type.getShape());
  auto place = [&](auto elements) {
    decltype(elements) result(type.getNumElements());
    for (auto [i, element] : llvm::enumerate(elements)) {
      int64_t at = 0;
      for (auto [dim, stride] : llvm::enumerate(from))
        at += (int64_t(i) / stride % value.getType().getDimSize(dim) + before[dim]) * to[dim];
      result[at] = element;
    }
    return result;
  };
  if (isa<FloatType>(type.getElementType()))
    return makeReals(type, place(getReals(value)));
  return type.getElementType().isInteger() ? makeIntegers(type, place(getIntegers(value)))
                                           : DenseElementsAttr();
}

/// Pad of a constant is a constant, too.
OpFoldResult tflc::tf::foldPad(Operation *op) {
  std::optional<SmallVector<int64_t>> amounts = evaluateAllInts(op->getOperand(1));
  if (!amounts)
    return {};
  if (op->getOperand(0).getType() == op->getResult(0).getType() &&
      llvm::all_of(*amounts, [](int64_t amount) { return amount == 0; }))
    return op->getOperand(0);
  DenseElementsAttr value;
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!isa<PadOp>(op) || !matchPattern(op->getOperand(0), m_Constant(&value)) || !type ||
      !type.hasStaticShape() || type.getNumElements() == 0 ||
      !isWorthFolding(type, value.getNumElements()) ||
      amounts->size() != 2 * size_t(type.getRank()))
    return {};
  SmallVector<int64_t> before;
  for (size_t dim = 0; dim < amounts->size(); dim += 2)
    before.push_back((*amounts)[dim]);
  return surround(value, type, before);
}

OpFoldResult tflc::tf::foldIdentity(Operation *op) {
  Value input = op->getOperand(0);
  auto from = cast<TensorType>(input.getType()), to = cast<TensorType>(op->getResult(0).getType());
  if (from != to && refine(from, to) != from)
    return {};
  return input;
}
