//===- DecomposeEinsum.cpp - sums of products as matrix products ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "PatternHelpers.h"

#include "TF/IR/BinaryOps.h"
#include "TF/IR/ConvolutionOps.h"
#include "TF/IR/ReductionOps.h"
#include "TF/IR/ShapeOps.h"
#include "TF/IR/SliceOps.h"
#include "TF/Transforms/Passes.h"

#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tflc::tf;

namespace tflc::tf {
#define GEN_PASS_DEF_DECOMPOSEEINSUMPASS
#include "TF/Transforms/Passes.h.inc"
} // namespace tflc::tf

namespace {

/// A tensor whose dimensions have labels.
struct Term {
  Value value;
  std::string labels;
  std::string ones; ///< those labels of which it has one element that is broadcast
};

class EinsumExpander {
public:
  EinsumExpander(EinsumOp op, PatternRewriter &rewriter)
      : op(op), rewriter(rewriter), loc(op.getLoc()) {}

  LogicalResult run();

private:
  bool readTerms();
  bool addTerm(Value input, StringRef labels, ArrayRef<int64_t> shape);
  void sumOver(Term &term, StringRef kept);
  Value transposeTo(const Term &term, StringRef labels);
  Value reshapeTo(Value value, ArrayRef<std::string> groups, StringRef ones = "");
  Value readDims(const Term &source, int64_t begin, int64_t end);
  const Term &getSource(char label) const;
  Value readSize(StringRef labels, StringRef ones);
  Value readSizes(ArrayRef<std::string> groups, StringRef ones);
  /// The labels of a product: of both operands and the result, of both operands alone, and of one.
  struct Groups {
    std::string batch, contracted, rows, columns;

    std::string getResult() const { return batch + rows + columns; }
  };
  Groups groupLabels(const Term &lhs, const Term &rhs) const;
  void keepBroadcasts();
  Term multiply(Term lhs, Term rhs);
  Value arrange(const Term &term, StringRef batch, StringRef rows, StringRef contracted,
                bool isLeft, bool keepRows, bool &adjoint);
  int64_t getSize(StringRef labels, StringRef ones = "") const;

  EinsumOp op;
  PatternRewriter &rewriter;
  Location loc;
  SmallVector<Term> terms;
  SmallVector<Term> wholeTerms; ///< with the dimensions that are broadcast
  std::string output;
  llvm::DenseMap<char, int64_t> sizes;
};

} // namespace

static bool contains(StringRef labels, char label) { return labels.contains(label); }

/// A group for each label.
static SmallVector<std::string> splitLabels(StringRef labels) {
  return llvm::map_to_vector(labels, [](char label) { return std::string(1, label); });
}

bool EinsumExpander::readTerms() {
  SmallVector<Shape> shapes;
  for (Value input : op.getInputs()) {
    std::optional<Shape> shape = getShape(input);
    if (!shape)
      return false;
    shapes.push_back(*shape);
  }
  std::optional<EinsumLabels> labels = readEinsum(op.getEquation(), shapes);
  if (!labels || shapes.size() > 2)
    return false;
  // The size that a dimension is broadcast to.
  for (auto [term, shape] : llvm::zip_equal(labels->inputs, shapes))
    for (auto [label, size] : llvm::zip_equal(term, shape)) {
      // A diagonal has no operator.
      if (llvm::count(term, label) != 1)
        return false;
      auto [place, isNew] = sizes.try_emplace(label, size);
      if (!isNew && (ShapedType::isDynamic(place->second) || place->second == 1))
        place->second = size;
    }
  for (auto [term, shape, input] : llvm::zip_equal(labels->inputs, shapes, op.getInputs()))
    if (!addTerm(input, term, shape))
      return false;
  output = labels->output;
  return llvm::all_of(
      output, [&](char label) { return sizes.contains(label) && llvm::count(output, label) == 1; });
}

/// What is broadcast along a dimension does without it.
bool EinsumExpander::addTerm(Value input, StringRef labels, ArrayRef<int64_t> shape) {
  Term term = {input, "", ""}, whole = {input, labels.str(), ""};
  Shape left;
  for (auto [dim, label] : llvm::enumerate(labels)) {
    int64_t size = shape[dim], wanted = sizes.lookup(label);
    if (size == 1 && wanted != 1) {
      left.push_back(dim);
      whole.ones += label;
      continue;
    }
    if (!ShapedType::isDynamic(size) && size != wanted)
      return false;
    term.labels += label;
  }
  if (!left.empty())
    term.value = rewriter.createOrFold<SqueezeOp>(loc, input, ArrayRef<int64_t>(left));
  terms.push_back(term);
  wholeTerms.push_back(whole);
  return true;
}

int64_t EinsumExpander::getSize(StringRef labels, StringRef ones) const {
  int64_t product = 1;
  for (char label : labels) {
    int64_t size = contains(ones, label) ? 1 : sizes.lookup(label);
    if (ShapedType::isDynamic(size))
      return size;
    product *= size;
  }
  return product;
}

/// Sums over the labels that no one else has.
void EinsumExpander::sumOver(Term &term, StringRef kept) {
  Shape axes;
  std::string labels;
  for (auto [i, label] : llvm::enumerate(term.labels)) {
    if (contains(kept, label))
      labels += label;
    else
      axes.push_back(i);
  }
  if (axes.empty())
    return;
  term.value = SumOp::create(rewriter, loc, term.value, makeVector(rewriter, loc, axes), false);
  term.labels = labels;
}

Value EinsumExpander::transposeTo(const Term &term, StringRef labels) {
  if (labels == term.labels)
    return term.value;
  Shape perm;
  for (char label : labels)
    perm.push_back(term.labels.find(label));
  return rewriter.createOrFold<TransposeOp>(loc, term.value, makeVector(rewriter, loc, perm));
}

/// Some sizes that follow each other, at run time.
Value EinsumExpander::readDims(const Term &source, int64_t begin, int64_t end) {
  Value shape = ShapeOp::create(rewriter, loc, source.value, TypeAttr());
  return StridedSliceOp::create(rewriter, loc, shape, makeVector(rewriter, loc, begin),
                                makeVector(rewriter, loc, end), makeVector(rewriter, loc, 1), 0, 0,
                                0, 0, 0);
}

/// The term that says at run time what the size of a label is.
const Term &EinsumExpander::getSource(char label) const {
  return *llvm::find_if(terms, [&](const Term &term) {
    return contains(term.labels, label) &&
           ShapedType::isDynamic((*getShape(term.value))[term.labels.find(label)]);
  });
}

/// The product of the sizes of labels at run time, as a vector of one element.
Value EinsumExpander::readSize(StringRef labels, StringRef ones) {
  int64_t known = 1;
  Value product;
  for (char label : labels) {
    int64_t size = contains(ones, label) ? 1 : sizes.lookup(label);
    if (!ShapedType::isDynamic(size)) {
      known *= size;
      continue;
    }
    const Term &source = getSource(label);
    int64_t dim = source.labels.find(label);
    Value read = readDims(source, dim, dim + 1);
    product = product ? Value(MulOp::create(rewriter, loc, product, read)) : read;
  }
  if (!product)
    return makeVector(rewriter, loc, known);
  return known == 1
             ? product
             : Value(MulOp::create(rewriter, loc, product, makeVector(rewriter, loc, known)));
}

/// A vector of the sizes of all groups. What stands side by side in one shape is read at once.
Value EinsumExpander::readSizes(ArrayRef<std::string> groups, StringRef ones) {
  auto isRead = [&](StringRef group) {
    return group.size() == 1 && ShapedType::isDynamic(getSize(group, ones));
  };
  SmallVector<Value> parts;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (!isRead(groups[i])) {
      parts.push_back(readSize(groups[i], ones));
      continue;
    }
    const Term &source = getSource(groups[i].front());
    int64_t begin = source.labels.find(groups[i].front()), end = begin + 1;
    while (i + 1 < groups.size() && isRead(groups[i + 1]) &&
           &getSource(groups[i + 1].front()) == &source &&
           int64_t(source.labels.find(groups[i + 1].front())) == end)
      ++i, ++end;
    parts.push_back(readDims(source, begin, end));
  }
  auto scalar = RankedTensorType::get({}, rewriter.getI32Type());
  Value axis = ConstOp::create(rewriter, loc, makeIntegers(scalar, int64_t(0)));
  return ConcatV2Op::create(rewriter, loc, parts, axis);
}

/// One dimension for each group of labels.
Value EinsumExpander::reshapeTo(Value value, ArrayRef<std::string> groups, StringRef ones) {
  Shape shape =
      llvm::map_to_vector(groups, [&](const std::string &group) { return getSize(group, ones); });
  if (llvm::count(shape, ShapedType::kDynamic) <= 1) {
    Shape operand(shape);
    for (int64_t &size : operand)
      size = ShapedType::isDynamic(size) ? -1 : size;
    return rewriter.createOrFold<ReshapeOp>(loc, value, makeVector(rewriter, loc, operand));
  }
  Value result = ReshapeOp::create(rewriter, loc, value, readSizes(groups, ones));
  result.setType(RankedTensorType::get(shape, getElementType(value)));
  return result;
}

/// Brings an operand to [batch..., rows, contracted] or, if `adjoint` results, with the last two
/// swapped, whichever needs no transposition. Rows stay several dimensions if `keepRows`.
Value EinsumExpander::arrange(const Term &term, StringRef batch, StringRef rows,
                              StringRef contracted, bool isLeft, bool keepRows, bool &adjoint) {
  std::string plain = (isLeft ? batch + rows + contracted : batch + contracted + rows).str();
  std::string swapped = (isLeft ? batch + contracted + rows : batch + rows + contracted).str();
  adjoint = term.labels == swapped && plain != swapped && !keepRows;
  StringRef order = adjoint ? swapped : plain;
  Value value = transposeTo(term, order);
  // Each dimension is there already.
  if (contracted.size() == 1 && (keepRows || rows.size() == 1))
    return value;
  SmallVector<std::string> groups = splitLabels(batch);
  bool rowsFirst = isLeft != adjoint;
  if (rowsFirst && keepRows)
    llvm::append_range(groups, splitLabels(rows));
  else
    groups.push_back((rowsFirst ? rows : contracted).str());
  groups.push_back((rowsFirst ? contracted : rows).str());
  return reshapeTo(value, groups, term.ones);
}

EinsumExpander::Groups EinsumExpander::groupLabels(const Term &lhs, const Term &rhs) const {
  Groups groups;
  for (char label : lhs.labels) {
    bool inRight = contains(rhs.labels, label), inOutput = contains(output, label);
    (inRight ? inOutput ? groups.batch : groups.contracted : groups.rows) += label;
  }
  for (char label : rhs.labels)
    if (!contains(lhs.labels, label))
      groups.columns += label;
  return groups;
}

Term EinsumExpander::multiply(Term lhs, Term rhs) {
  auto [batch, contracted, rows, columns] = groupLabels(lhs, rhs);
  // Weights without a batch are one matrix for all rows.
  bool keepRows = batch.empty() && !rows.empty();
  bool adjointX, adjointY;
  Value x = arrange(lhs, batch, rows, contracted, true, keepRows, adjointX);
  Value y = arrange(rhs, batch, columns, contracted, false, false, adjointY);
  Value product = BatchMatMulV2Op::create(rewriter, loc, x, y, adjointX, adjointY);
  std::string labels = batch + rows + columns;
  bool isSplit = rows.size() != 1 && !keepRows;
  if (isSplit || columns.size() != 1)
    product = reshapeTo(product, splitLabels(labels));
  return Term{product, labels, ""};
}

/// Without what is broadcast, operands may be matrices that need no batch. Where that brings the
/// dimensions of the product out of order, the matrix products broadcast.
void EinsumExpander::keepBroadcasts() {
  if (terms.size() != 2)
    return;
  auto isOrdered = [&](const SmallVector<Term> &pair) {
    return groupLabels(pair[0], pair[1]).getResult() == output ||
           groupLabels(pair[1], pair[0]).getResult() == output;
  };
  bool isInOutput = llvm::all_of(wholeTerms, [&](const Term &term) {
    return llvm::all_of(term.ones, [&](char label) { return contains(output, label); });
  });
  bool hasBatch = !groupLabels(terms[0], terms[1]).batch.empty();
  if (isInOutput && !isOrdered(terms) && (hasBatch || isOrdered(wholeTerms)))
    terms = wholeTerms;
}

LogicalResult EinsumExpander::run() {
  if (!readTerms())
    return rewriter.notifyMatchFailure(op, "an equation of a kind that has no operator");
  keepBroadcasts();
  for (auto [i, term] : llvm::enumerate(terms)) {
    std::string kept = output;
    if (terms.size() == 2)
      kept += terms[1 - i].labels;
    sumOver(term, kept);
  }
  Term result = terms[0];
  if (terms.size() == 2) {
    // The operand with the weights, or that whose rows come last, goes to the right.
    bool isFirstConstant = getConstant(terms[0].value) != nullptr,
         isSecondConstant = getConstant(terms[1].value) != nullptr;
    // Several columns are joined for the product; several rows may stay.
    Groups turned = groupLabels(terms[1], terms[0]);
    bool isTurned = groupLabels(terms[0], terms[1]).getResult() != output &&
                    turned.getResult() == output && turned.columns.size() == 1;
    bool swap = isFirstConstant == isSecondConstant ? isTurned : isFirstConstant;
    result = multiply(terms[swap ? 1 : 0], terms[swap ? 0 : 1]);
  }
  rewriter.replaceOp(op, transposeTo(result, output));
  return success();
}

static LogicalResult expandEinsum(EinsumOp op, PatternRewriter &rewriter) {
  return EinsumExpander(op, rewriter).run();
}

namespace {

class DecomposeEinsum : public tflc::tf::impl::DecomposeEinsumPassBase<DecomposeEinsum> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    addPattern<EinsumOp>(patterns, expandEinsum);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
