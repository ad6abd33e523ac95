//===- ExpandDoubles.cpp - double precision without instructions ----------===//
//
// Part of tflc, under the Apache License 2.0.
//
// A target whose float unit has single precision moves doubles, but has no instruction that
// computes with them, and one of 32 bits none that converts between a float and i64. Each such op
// becomes a call of a private function on bits (DoubleArithmetic.h).
//
//===----------------------------------------------------------------------===//

#include "DoubleArithmetic.h"
#include "FloatBuilder.h"
#include "MathFunctions.h"

#include "tflc/CodeGen/Passes.h"
#include "tflc/Target/TargetInfo.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace tflc {
#define GEN_PASS_DEF_EXPANDDOUBLES
#include "tflc/CodeGen/Passes.h.inc"
} // namespace tflc

using namespace mlir;
using namespace tflc;

namespace {

/// A function on bits, of operands and results of these widths.
struct BitFunction {
  StringRef name;
  void (*build)(OpBuilder &, func::FuncOp);
  unsigned from = 64, to = 64;

  /// Of integers or vectors of them.
  Value call(PatternRewriter &rewriter, Operation *op, ValueRange operands) const {
    SmallVector<Type> inputs(operands.size(), rewriter.getIntegerType(from));
    auto type = rewriter.getFunctionType(inputs, rewriter.getIntegerType(to));
    func::FuncOp function = getScalarFunction(op, rewriter, name, type, build);
    return callForEachLane(rewriter, op->getLoc(), function, operands).front();
  }
};

constexpr BitFunction sum = {"tflc.double_sum", buildDoubleSum},
                      product = {"tflc.double_product", buildDoubleProduct},
                      quotient = {"tflc.double_quotient", buildDoubleQuotient},
                      widen = {"tflc.float_to_double", buildFloatToDouble, 32, 64},
                      narrow = {"tflc.double_to_float", buildDoubleToFloat, 64, 32},
                      fromSigned = {"tflc.signed_to_double", buildSignedToDouble},
                      fromUnsigned = {"tflc.unsigned_to_double", buildUnsignedToDouble},
                      toInteger = {"tflc.double_to_integer", buildDoubleToInteger},
                      floatFromSigned = {"tflc.signed_to_float", buildSignedToFloat, 64, 32},
                      floatFromUnsigned = {"tflc.unsigned_to_float", buildUnsignedToFloat, 64, 32};

/// What a rewrite works with: types and constants have the shape of `like`.
struct Rewrite {
  Rewrite(Operation *op, Type like, PatternRewriter &rewriter)
      : op(op), rewriter(rewriter), b(op->getLoc(), like, rewriter) {}

  Value bitsOf(Value real) {
    return b.bitcast(getElementTypeOrSelf(real).isF64() ? b.i64() : b.i32(), real);
  }
  Value call(const BitFunction &function, ValueRange operands) {
    return function.call(rewriter, op, operands);
  }

  Operation *op;
  PatternRewriter &rewriter;
  FloatBuilder b;
};

template <typename OpTy> struct ExpandArithmetic : OpRewritePattern<OpTy> {
  ExpandArithmetic(MLIRContext *context, const BitFunction &function)
      : OpRewritePattern<OpTy>(context), function(function) {}

  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF64())
      return rewriter.notifyMatchFailure(op, "not f64");
    Rewrite r(op, op.getType(), rewriter);
    Value rhs = r.bitsOf(op.getRhs());
    if (isa<arith::SubFOp>(op))
      rhs = r.b.template make<arith::XOrIOp>(rhs, r.b.wideBits(uint64_t(1) << 63));
    Value bits = r.call(function, {r.bitsOf(op.getLhs()), rhs});
    rewriter.replaceOp(op, r.b.bitcast(r.b.f64(), bits));
    return success();
  }

  const BitFunction &function;
};

struct ExpandWiden : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::ExtFOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getType()).isF64() || !getElementTypeOrSelf(op.getIn()).isF32())
      return rewriter.notifyMatchFailure(op, "not from f32 to f64");
    Rewrite r(op, op.getType(), rewriter);
    rewriter.replaceOp(op, r.b.bitcast(r.b.f64(), r.call(widen, r.bitsOf(op.getIn()))));
    return success();
  }
};

struct ExpandNarrow : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::TruncFOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getIn()).isF64() || !getElementTypeOrSelf(op.getType()).isF32())
      return rewriter.notifyMatchFailure(op, "not from f64 to f32");
    Rewrite r(op, op.getType(), rewriter);
    rewriter.replaceOp(op, r.b.bitcast(r.b.f32(), r.call(narrow, r.bitsOf(op.getIn()))));
    return success();
  }
};

struct ExpandCompare : OpRewritePattern<arith::CmpFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::CmpFOp op, PatternRewriter &rewriter) const override {
    if (!getElementTypeOrSelf(op.getLhs()).isF64())
      return rewriter.notifyMatchFailure(op, "not f64");
    Rewrite r(op, op.getLhs().getType(), rewriter);
    FloatBuilder &b = r.b;
    // As integers of two's complement magnitudes compare as the doubles do, both zeros alike.
    auto getMagnitude = [&](Value real) {
      return b.make<arith::AndIOp>(r.bitsOf(real), b.wideBits(~(uint64_t(1) << 63)));
    };
    auto getKey = [&](Value real) {
      Value zero = b.wideBits(0), magnitude = getMagnitude(real);
      Value isNegative = b.compare(arith::CmpIPredicate::slt, r.bitsOf(real), zero);
      return b.select(isNegative, b.make<arith::SubIOp>(zero, magnitude), magnitude);
    };
    auto isNan = [&](Value real) {
      return b.compare(arith::CmpIPredicate::ugt, getMagnitude(real),
                       b.wideBits(uint64_t(0x7ff) << 52));
    };
    Value unordered = b.make<arith::OrIOp>(isNan(op.getLhs()), isNan(op.getRhs()));
    Value always = b.constant(b.getBoolAttr(true));
    Value ordered = b.make<arith::XOrIOp>(unordered, always);
    auto compare = [&](arith::CmpIPredicate predicate) {
      return b.compare(predicate, getKey(op.getLhs()), getKey(op.getRhs()));
    };
    auto ifOrdered = [&](arith::CmpIPredicate predicate) {
      return b.make<arith::AndIOp>(ordered, compare(predicate));
    };
    auto orUnordered = [&](arith::CmpIPredicate predicate) {
      return b.make<arith::OrIOp>(unordered, compare(predicate));
    };
    auto emit = [&]() -> Value {
      using Integer = arith::CmpIPredicate;
      switch (op.getPredicate()) {
      case arith::CmpFPredicate::AlwaysFalse:
        return b.constant(b.getBoolAttr(false));
      case arith::CmpFPredicate::OEQ:
        return ifOrdered(Integer::eq);
      case arith::CmpFPredicate::OGT:
        return ifOrdered(Integer::sgt);
      case arith::CmpFPredicate::OGE:
        return ifOrdered(Integer::sge);
      case arith::CmpFPredicate::OLT:
        return ifOrdered(Integer::slt);
      case arith::CmpFPredicate::OLE:
        return ifOrdered(Integer::sle);
      case arith::CmpFPredicate::ONE:
        return ifOrdered(Integer::ne);
      case arith::CmpFPredicate::ORD:
        return ordered;
      case arith::CmpFPredicate::UEQ:
        return orUnordered(Integer::eq);
      case arith::CmpFPredicate::UGT:
        return orUnordered(Integer::sgt);
      case arith::CmpFPredicate::UGE:
        return orUnordered(Integer::sge);
      case arith::CmpFPredicate::ULT:
        return orUnordered(Integer::slt);
      case arith::CmpFPredicate::ULE:
        return orUnordered(Integer::sle);
      case arith::CmpFPredicate::UNE:
        return orUnordered(Integer::ne);
      case arith::CmpFPredicate::UNO:
        return unordered;
      case arith::CmpFPredicate::AlwaysTrue:
        return always;
      }
      llvm_unreachable("all predicates are handled");
    };
    rewriter.replaceOp(op, emit());
    return success();
  }
};

/// An integer of `leastWidth` to 64 bits to f32 or f64.
template <typename OpTy, typename ExtendOp> struct ExpandFromInteger : OpRewritePattern<OpTy> {
  ExpandFromInteger(MLIRContext *context, Type result, unsigned leastWidth,
                    const BitFunction &function)
      : OpRewritePattern<OpTy>(context), result(result), leastWidth(leastWidth),
        function(function) {}

  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    unsigned width = getElementTypeOrSelf(op.getIn()).getIntOrFloatBitWidth();
    if (getElementTypeOrSelf(op.getType()) != result || width < leastWidth || width > 64)
      return rewriter.notifyMatchFailure(op, "the target has an instruction for it");
    Rewrite r(op, op.getType(), rewriter);
    Value wide = op.getIn();
    if (width < 64)
      wide = ExtendOp::create(r.b, r.b.i64(), wide);
    rewriter.replaceOp(op, r.b.bitcast(op.getType(), r.call(function, wide)));
    return success();
  }

  Type result;
  unsigned leastWidth;
  const BitFunction &function;
};

/// f32 or f64 to an integer of `leastWidth` to 64 bits.
template <typename OpTy> struct ExpandToInteger : OpRewritePattern<OpTy> {
  ExpandToInteger(MLIRContext *context, Type source, unsigned leastWidth)
      : OpRewritePattern<OpTy>(context), source(source), leastWidth(leastWidth) {}

  LogicalResult matchAndRewrite(OpTy op, PatternRewriter &rewriter) const override {
    unsigned width = getElementTypeOrSelf(op.getType()).getIntOrFloatBitWidth();
    if (getElementTypeOrSelf(op.getIn()) != source || width < leastWidth || width > 64)
      return rewriter.notifyMatchFailure(op, "the target has an instruction for it");
    Rewrite r(op, op.getType(), rewriter);
    Value bits = r.bitsOf(op.getIn());
    Value value = r.call(toInteger, source.isF32() ? r.call(widen, bits) : bits);
    if (width < 64)
      value = arith::TruncIOp::create(r.b, op.getType(), value);
    rewriter.replaceOp(op, value);
    return success();
  }

  Type source;
  unsigned leastWidth;
};

} // namespace

static void addConversions(RewritePatternSet &patterns, Type real, unsigned leastWidth) {
  MLIRContext *context = patterns.getContext();
  bool isWide = real.isF64();
  patterns.add<ExpandFromInteger<arith::SIToFPOp, arith::ExtSIOp>>(
      context, real, leastWidth, isWide ? fromSigned : floatFromSigned);
  patterns.add<ExpandFromInteger<arith::UIToFPOp, arith::ExtUIOp>>(
      context, real, leastWidth, isWide ? fromUnsigned : floatFromUnsigned);
  patterns.add<ExpandToInteger<arith::FPToSIOp>, ExpandToInteger<arith::FPToUIOp>>(context, real,
                                                                                   leastWidth);
}

static void addArithmetic(RewritePatternSet &patterns) {
  MLIRContext *context = patterns.getContext();
  patterns.add<ExpandArithmetic<arith::AddFOp>, ExpandArithmetic<arith::SubFOp>>(context, sum);
  patterns.add<ExpandArithmetic<arith::MulFOp>>(context, product);
  patterns.add<ExpandArithmetic<arith::DivFOp>>(context, quotient);
  patterns.add<ExpandCompare, ExpandNarrow, ExpandWiden>(context);
}

namespace {

struct ExpandDoublesPass : tflc::impl::ExpandDoublesBase<ExpandDoublesPass> {
  void runOnOperation() override {
    FailureOr<TargetInfo> target = getTarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    // Without any float unit, the floats themselves are missing.
    if (target->floatUnit == FloatUnit::None)
      return;
    Type f32 = Float32Type::get(&getContext()), f64 = Float64Type::get(&getContext());
    RewritePatternSet patterns(&getContext());
    if (target->floatUnit == FloatUnit::Single) {
      addArithmetic(patterns);
      addConversions(patterns, f64, /*leastWidth=*/1);
    } else if (target->pointerBits < 64) {
      addConversions(patterns, f64, /*leastWidth=*/64);
    }
    if (target->pointerBits < 64)
      addConversions(patterns, f32, /*leastWidth=*/64);
    if (patterns.getNativePatterns().empty())
      return;
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns),
                                     GreedyRewriteConfig().setRegionSimplificationLevel(
                                         GreedySimplifyRegionLevel::Disabled))))
      signalPassFailure();
  }
};

} // namespace
