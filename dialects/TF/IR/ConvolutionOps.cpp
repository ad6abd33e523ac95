//===- ConvolutionOps.cpp - convolutions and products ---------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "TF/IR/ConvolutionOps.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tflc::tf;

#define GET_OP_CLASSES
#include "TF/IR/ConvolutionOps.cpp.inc"

/// Where a data format has its spatial dimensions and channels.
struct Layout {
  SmallVector<unsigned> spatial;
  unsigned channels = 0;
};

static Layout getLayout(StringRef format) {
  Layout layout;
  for (auto [i, letter] : llvm::enumerate(format)) {
    if (letter == 'C')
      layout.channels = i;
    else if (letter != 'N')
      layout.spatial.push_back(i);
  }
  return layout;
}

/// An element of an optional list, 1 where the list is empty.
static int64_t getOr1(ArrayRef<int64_t> list, unsigned i) { return i < list.size() ? list[i] : 1; }

template <typename Adaptor>
static Type inferConvolution(Adaptor op, Value input, Value filter, ArrayRef<int64_t> paddings,
                             bool isDepthwise, MaybeLocation location) {
  std::optional<Shape> shape = getShape(input), kernel = getShape(filter);
  Layout layout = getLayout(op.getDataFormat());
  unsigned rank = op.getDataFormat().size();
  if (!shape && kernel)
    shape = Shape(rank, ShapedType::kDynamic);
  if (!shape || !kernel)
    return UnrankedTensorType::get(getElementType(input));
  if (shape->size() != rank || kernel->size() != rank || layout.spatial.size() + 2 != rank ||
      (!paddings.empty() && paddings.size() != 2 * rank))
    return reportFault(location, "ranks of input, filter and data_format differ");
  for (auto [i, dim] : llvm::enumerate(layout.spatial)) {
    auto padding = [&](unsigned k) { return k < paddings.size() ? paddings[k] : 0; };
    int64_t window = (*kernel)[i];
    std::optional<int64_t> count =
        ShapedType::isDynamic(window)
            ? window
            : getWindowCount((*shape)[dim], window, getOr1(op.getStrides(), dim),
                             getOr1(op.getDilations(), dim), op.getPadding(), padding(2 * dim),
                             padding(2 * dim + 1), location);
    if (!count)
      return {};
    (*shape)[dim] = *count;
  }
  int64_t channels = kernel->back();
  if (isDepthwise && !ShapedType::isDynamic(channels)) {
    int64_t each = (*kernel)[rank - 2];
    if (ShapedType::isDynamic(each))
      channels = each;
    else if (llvm::MulOverflow(channels, each, channels))
      return reportFault(location, "the filter is too large");
  }
  (*shape)[layout.channels] = channels;
  return RankedTensorType::get(*shape, getElementType(input));
}

Type Conv2DOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferConvolution(op, op.getInput(), op.getFilter(), op.getExplicitPaddings(), false,
                          location);
}

Type DepthwiseConv2dNativeOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferConvolution(op, op.getInput(), op.getFilter(), op.getExplicitPaddings(), true,
                          location);
}

Type Conv3DOp::inferType(Adaptor op, std::optional<Location> location) {
  return inferConvolution(op, op.getInput(), op.getFilter(), {}, false, location);
}

static Type inferBackprop(Value sizes, Value gradient) {
  std::optional<Shape> shape = evaluateShape(sizes);
  // The size may lack the batch and the channels.
  std::optional<Shape> other = getShape(gradient);
  if (shape && other && shape->size() == other->size() && ShapedType::isDynamic(shape->front()))
    shape->front() = other->front();
  return makeType(shape, getElementType(gradient));
}

Type Conv2DBackpropInputOp::inferType(Adaptor op, std::optional<Location>) {
  return inferBackprop(op.getInputSizes(), op.getOutBackprop());
}

Type Conv3DBackpropInputV2Op::inferType(Adaptor op, std::optional<Location>) {
  return inferBackprop(op.getInputSizes(), op.getOutBackprop());
}

Type MatMulOp::inferType(Adaptor op, std::optional<Location> location) {
  for (Value operand : op.getOperands())
    if (std::optional<Shape> shape = getShape(operand); shape && shape->size() != 2)
      return reportFault(location, "operands must be matrices");
  return inferBatchMatMul(op.getA(), op.getB(), op.getTransposeA(), op.getTransposeB(), location);
}

/// Replaces an ellipsis by labels of its own, counted from the right.
static std::string expandEllipsis(StringRef labels, size_t missing) {
  size_t at = labels.find("...");
  if (at == StringRef::npos)
    return labels.str();
  std::string names;
  for (size_t i = 0; i < missing; ++i)
    names.insert(names.begin(), char('0' + i));
  return (labels.take_front(at) + names + labels.drop_front(at + 3)).str();
}

std::optional<EinsumLabels> tflc::tf::readEinsum(StringRef text, ArrayRef<Shape> shapes) {
  std::string equation;
  for (char c : text)
    if (c != ' ')
      equation += c;
  auto [left, right] = StringRef(equation).split("->");
  SmallVector<StringRef> parts;
  left.split(parts, ',');
  if (parts.size() != shapes.size())
    return std::nullopt;
  EinsumLabels result;
  size_t longest = 0;
  for (auto [part, shape] : llvm::zip_equal(parts, shapes)) {
    // Digits stand for the dimensions of an ellipsis.
    constexpr size_t maxMissing = 10;
    bool isOpen = part.contains("...");
    size_t named = part.size() - (isOpen ? 3 : 0);
    if (named > shape.size() || (named < shape.size() && !isOpen) ||
        shape.size() - named > maxMissing)
      return std::nullopt;
    longest = std::max(longest, shape.size() - named);
    result.inputs.push_back(expandEllipsis(part, shape.size() - named));
  }
  result.output = expandEllipsis(right, longest);
  return result;
}

Type EinsumOp::inferType(Adaptor op, std::optional<Location> location) {
  if (op.getInputs().empty())
    return reportFault(location, "has no inputs");
  Type elementType = getElementType(op.getInputs().front());
  SmallVector<Shape> shapes;
  for (Value input : op.getInputs()) {
    std::optional<Shape> shape = getShape(input);
    if (!shape)
      return UnrankedTensorType::get(elementType);
    shapes.push_back(*shape);
  }
  std::optional<EinsumLabels> labels = readEinsum(op.getEquation(), shapes);
  if (!labels)
    return reportFault(location, "the equation '", op.getEquation(), "' does not fit its inputs");
  llvm::DenseMap<char, int64_t> sizes;
  for (auto [term, shape] : llvm::zip_equal(labels->inputs, shapes))
    for (auto [label, size] : llvm::zip_equal(term, shape)) {
      auto [place, isNew] = sizes.try_emplace(label, size);
      if (!isNew && (ShapedType::isDynamic(place->second) || place->second == 1))
        place->second = size;
    }
  Shape result;
  for (char label : labels->output) {
    auto found = sizes.find(label);
    if (found == sizes.end())
      return reportFault(location, "the equation's result has a label of its own");
    result.push_back(found->second);
  }
  return RankedTensorType::get(result, elementType);
}
