//===- Builtin.h - building operators of the file format --------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFTOTFL_BUILTIN_H
#define TFLC_LIB_CONVERSION_TFTOTFL_BUILTIN_H

#include "TF/IR/TFDialect.h"

#include "tflc/Support/FunctionPattern.h"

#include "mlir/IR/PatternMatch.h"

namespace tflc {

/// The options of an operator, under the names of the schema's fields.
class OperatorOptions {
public:
  explicit OperatorOptions(mlir::OpBuilder &builder) : builder(builder) {}

  OperatorOptions &set(llvm::StringRef name, int64_t value) {
    return add(name, builder.getI32IntegerAttr(static_cast<int32_t>(value)));
  }
  OperatorOptions &set(llvm::StringRef name, bool value) {
    return add(name, builder.getBoolAttr(value));
  }
  OperatorOptions &set(llvm::StringRef name, float value) {
    return add(name, builder.getF32FloatAttr(value));
  }
  OperatorOptions &set(llvm::StringRef name, llvm::StringRef value) {
    return add(name, builder.getStringAttr(value));
  }
  OperatorOptions &set(llvm::StringRef name, const char *value) {
    return set(name, llvm::StringRef(value));
  }
  OperatorOptions &set(llvm::StringRef name, const std::string &value) {
    return set(name, llvm::StringRef(value));
  }
  OperatorOptions &add(llvm::StringRef name, mlir::Attribute value) {
    attributes.push_back(builder.getNamedAttr(name, value));
    return *this;
  }
  llvm::ArrayRef<mlir::NamedAttribute> get() const { return attributes; }

private:
  mlir::OpBuilder &builder;
  llvm::SmallVector<mlir::NamedAttribute> attributes;
};

/// An operator by its name in the schema (CONV_2D). One that the tfl dialect lacks, or of tensors
/// of unknown rank, gets a place all the same, as the importer gives it, so that a file can be
/// written.
mlir::Operation *createBuiltin(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                               mlir::TypeRange types, mlir::ValueRange operands,
                               llvm::ArrayRef<mlir::NamedAttribute> options = {});

/// The same with one result.
mlir::Value createBuiltinValue(mlir::OpBuilder &builder, mlir::Location loc, llvm::StringRef name,
                               mlir::Type type, mlir::ValueRange operands,
                               llvm::ArrayRef<mlir::NamedAttribute> options = {});

/// Constants of the tf level; they are converted with all others.
mlir::Value createConstant(mlir::OpBuilder &builder, mlir::Location loc, mlir::ElementsAttr value);
/// A vector of i32.
mlir::Value createInts(mlir::OpBuilder &builder, mlir::Location loc,
                       llvm::ArrayRef<int64_t> values);
/// A shape as an operand of RESHAPE: at most one size may be open.
mlir::Value createShape(mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType type);
/// A scalar of i32.
mlir::Value createInt(mlir::OpBuilder &builder, mlir::Location loc, int64_t value);
/// A float, or whatever the element type is, as a tensor of rank 0.
mlir::Value createScalar(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type elementType,
                         double value);
/// Stands for an operand that is left out.
mlir::Value createNoValue(mlir::OpBuilder &builder, mlir::Location loc);

/// An index operand as i32: what most kernels want.
mlir::Value castToI32(mlir::OpBuilder &builder, mlir::Value value);

/// The name of a tensor's element type in the schema, "FLOAT32".
std::string getTypeName(mlir::Value value);
std::string getTypeName(mlir::Type elementType);

/// The values of a constant operand; null if it is none.
mlir::DenseElementsAttr getConstant(mlir::Value value);

/// Replaces an op by an operator of the same operands and results.
template <typename Op> class RenamePattern : public mlir::OpRewritePattern<Op> {
public:
  RenamePattern(mlir::MLIRContext *context, llvm::StringRef name, bool takesActivation)
      : mlir::OpRewritePattern<Op>(context), name(name), takesActivation(takesActivation) {}

  llvm::LogicalResult matchAndRewrite(Op op, mlir::PatternRewriter &rewriter) const override {
    OperatorOptions options(rewriter);
    if (takesActivation)
      options.set("fused_activation_function", "NONE");
    mlir::Operation *renamed = createBuiltin(rewriter, op.getLoc(), name, op->getResultTypes(),
                                             op->getOperands(), options.get());
    rewriter.replaceOp(op, renamed);
    return llvm::success();
  }

private:
  llvm::StringRef name;
  bool takesActivation;
};

template <typename Op>
void addRename(mlir::RewritePatternSet &patterns, llvm::StringRef name,
               bool takesActivation = false) {
  patterns.add<RenamePattern<Op>>(patterns.getContext(), name, takesActivation);
}

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFTOTFL_BUILTIN_H
