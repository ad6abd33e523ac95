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
};

class EinsumExpander {
public:
  EinsumExpander(EinsumOp op, PatternRewriter &rewriter)
      : op(op), rewriter(rewriter), loc(op.getLoc()) {}

  LogicalResult run();

private:
  bool readTerms();
  void sumOver(Term &term, StringRef kept);
  Value transposeTo(const Term &term, StringRef labels);
  std::optional<Value> reshapeTo(Value value, ArrayRef<int64_t> shape);
  std::optional<Term> multiply(Term lhs, Term rhs);
  std::optional<Value> arrange(const Term &term, StringRef batch, StringRef rows,
                               StringRef contracted, bool isLeft, bool keepRows, bool &adjoint);
  int64_t getSize(StringRef labels) const;
  Shape getSizes(StringRef labels) const {
    return llvm::map_to_vector(labels, [&](char label) { return sizes.lookup(label); });
  }

  EinsumOp op;
  PatternRewriter &rewriter;
  Location loc;
  SmallVector<Term> terms;
  std::string output;
  llvm::DenseMap<char, int64_t> sizes;
};

} // namespace

static bool contains(StringRef labels, char label) { return labels.contains(label); }

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

bool EinsumExpander::readTerms() {
  std::string equation;
  for (char c : op.getEquation())
    if (c != ' ')
      equation += c;
  auto [left, right] = StringRef(equation).split("->");
  SmallVector<StringRef> parts;
  left.split(parts, ',');
  if (parts.size() != op.getInputs().size() || parts.size() > 2)
    return false;
  size_t longest = 0;
  for (auto [part, input] : llvm::zip_equal(parts, op.getInputs())) {
    std::optional<Shape> shape = getShape(input);
    if (!shape)
      return false;
    size_t named = part.size() - (part.contains("...") ? 3 : 0);
    if (named > shape->size() || shape->size() - named > 9)
      return false;
    size_t missing = shape->size() - named;
    if (missing != 0 && !part.contains("..."))
      return false;
    longest = std::max(longest, missing);
    Term term = {input, expandEllipsis(part, missing)};
    for (auto [label, size] : llvm::zip_equal(term.labels, *shape)) {
      // A diagonal or a broadcast of one label has no operator.
      if (llvm::count(term.labels, label) != 1)
        return false;
      auto [place, isNew] = sizes.try_emplace(label, size);
      if (!isNew && ShapedType::isDynamic(place->second))
        place->second = size;
      if (!isNew && !ShapedType::isDynamic(size) && place->second != size)
        return false;
    }
    terms.push_back(term);
  }
  output = expandEllipsis(right, longest);
  return llvm::all_of(
      output, [&](char label) { return sizes.contains(label) && llvm::count(output, label) == 1; });
}

int64_t EinsumExpander::getSize(StringRef labels) const {
  int64_t product = 1;
  for (char label : labels) {
    int64_t size = sizes.lookup(label);
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

std::optional<Value> EinsumExpander::reshapeTo(Value value, ArrayRef<int64_t> shape) {
  if (getShape(value) == Shape(shape))
    return value;
  if (llvm::count(shape, ShapedType::kDynamic) > 1)
    return std::nullopt;
  Shape operand(shape);
  for (int64_t &size : operand)
    size = ShapedType::isDynamic(size) ? -1 : size;
  return rewriter.createOrFold<ReshapeOp>(loc, value, makeVector(rewriter, loc, operand));
}

/// Brings an operand to [batch..., rows, contracted] or, if `adjoint` results, with the last two
/// swapped, whichever needs no transposition. Rows stay several dimensions if `keepRows`.
std::optional<Value> EinsumExpander::arrange(const Term &term, StringRef batch, StringRef rows,
                                             StringRef contracted, bool isLeft, bool keepRows,
                                             bool &adjoint) {
  std::string plain = (isLeft ? batch + rows + contracted : batch + contracted + rows).str();
  std::string swapped = (isLeft ? batch + contracted + rows : batch + rows + contracted).str();
  adjoint = term.labels == swapped && plain != swapped && !keepRows;
  StringRef order = adjoint ? swapped : plain;
  Value value = transposeTo(term, order);
  Shape shape = getSizes(batch);
  bool rowsFirst = isLeft != adjoint;
  if (rowsFirst && keepRows)
    llvm::append_range(shape, getSizes(rows));
  else
    shape.push_back(getSize(rowsFirst ? rows : contracted));
  shape.push_back(getSize(rowsFirst ? contracted : rows));
  return reshapeTo(value, shape);
}

std::optional<Term> EinsumExpander::multiply(Term lhs, Term rhs) {
  std::string batch, contracted, rows, columns;
  for (char label : lhs.labels) {
    bool inRight = contains(rhs.labels, label), inOutput = contains(output, label);
    (inRight ? inOutput ? batch : contracted : rows) += label;
  }
  for (char label : rhs.labels)
    if (!contains(lhs.labels, label))
      columns += label;
  // Weights without a batch are one matrix for all rows.
  bool keepRows = batch.empty() && !rows.empty();
  bool adjointX, adjointY;
  std::optional<Value> x = arrange(lhs, batch, rows, contracted, true, keepRows, adjointX);
  std::optional<Value> y = arrange(rhs, batch, columns, contracted, false, false, adjointY);
  if (!x || !y)
    return std::nullopt;
  Value product = BatchMatMulV2Op::create(rewriter, loc, *x, *y, adjointX, adjointY);
  std::string labels = batch + rows + columns;
  std::optional<Value> result = reshapeTo(product, getSizes(labels));
  return result ? std::optional(Term{*result, labels}) : std::nullopt;
}

LogicalResult EinsumExpander::run() {
  if (!readTerms())
    return rewriter.notifyMatchFailure(op, "an equation of a kind that has no operator");
  for (auto [i, term] : llvm::enumerate(terms)) {
    std::string kept = output;
    if (terms.size() == 2)
      kept += terms[1 - i].labels;
    sumOver(term, kept);
  }
  Term result = terms[0];
  if (terms.size() == 2) {
    // The operand with the weights, or that whose rows come last, goes to the right.
    bool swap = getConstant(terms[0].value) && !getConstant(terms[1].value);
    std::optional<Term> product = multiply(terms[swap ? 1 : 0], terms[swap ? 0 : 1]);
    if (!product)
      return rewriter.notifyMatchFailure(op, "needs known sizes");
    result = *product;
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
