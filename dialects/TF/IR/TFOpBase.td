//===- TFOpBase.td - what all op families share ----------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TF_OP_BASE
#define TFLC_TF_OP_BASE

include "TF/IR/TFBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def TF_Tensor : Type<CPred<"::mlir::isa<::mlir::TensorType>($_self)">, "tensor", "::mlir::TensorType">;

// Optional attributes of a TensorFlow operation, with the default of its definition.
class TF_Bool<string value> : DefaultValuedAttr<BoolAttr, value>;
class TF_Int<string value> : DefaultValuedAttr<I64Attr, value>;
class TF_Float<string value> : DefaultValuedAttr<F32Attr, value>;
class TF_String<string value> : DefaultValuedAttr<StrAttr, "\"" # value # "\"">;
class TF_Ints<string value> : DefaultValuedAttr<DenseI64ArrayAttr, value>;

/// An operation whose result types do not follow from operands and attributes alone.
class TF_PlainOp<string mnemonic, list<Trait> traits = []> : Op<TF_Dialect, mnemonic, traits> {
  let assemblyFormat = "operands attr-dict `:` functional-type(operands, results)";
}

/// An operation with a shape function for all results: `inferReturnTypes` in the family's C++ file.
/// Its answer may know more than the op's own types, and less.
class TF_InferredOp<string mnemonic, list<Trait> traits = [Pure]>
    : TF_PlainOp<mnemonic, traits # [InferTypeOpAdaptorWithIsCompatible]> {
  code compatibleDefinition = [{
    bool $cppClass::isCompatibleReturnTypes(::mlir::TypeRange inferred, ::mlir::TypeRange present) {
      return ::tflc::tf::areCompatible(inferred, present);
    }
  }];
  let extraClassDefinition = compatibleDefinition;
}

/// An operation of one result with a shape function `inferType`, which returns null after it has
/// emitted what is wrong.
class TF_Op<string mnemonic, list<Trait> traits = [Pure]> : TF_InferredOp<mnemonic, traits> {
  code inferTypeDeclaration = [{
    static ::mlir::Type inferType(Adaptor op, ::std::optional<::mlir::Location> location);
  }];
  code singleDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *, ::std::optional<::mlir::Location> location, Adaptor op,
        ::llvm::SmallVectorImpl<::mlir::Type> &types) {
      types.push_back(inferType(op, location));
      return ::llvm::success(types.back() != nullptr);
    }
  }];
  let extraClassDeclaration = inferTypeDeclaration;
  let extraClassDefinition = compatibleDefinition # singleDefinition;
}

/// The result has the type of the first operand.
class TF_SameTypeOp<string mnemonic, list<Trait> traits = [Pure]> : TF_Op<mnemonic, traits> {
  code sameDefinition = [{
    ::mlir::Type $cppClass::inferType(Adaptor op, ::std::optional<::mlir::Location>) {
      return op.getOperands().front().getType();
    }
  }];
  let extraClassDefinition = compatibleDefinition # singleDefinition # sameDefinition;
}

#endif
