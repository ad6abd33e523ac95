//===- ShapeArithmetic.td - ops that compute shapes ------------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_SHAPE_ARITHMETIC
#define TFLC_TFL_SHAPE_ARITHMETIC

include "mlir/IR/OpBase.td"

def TFL_ShapeArithmeticOpInterface : OpInterface<"ShapeArithmeticOpInterface"> {
  let cppNamespace = "::tflc::tfl";
  let description = [{
    An operator that models use to compute shapes (SHAPE, STRIDED_SLICE, PACK, MUL ...). What it gives is
    known as soon as its operands are, long before the model runs. An op without the interface gives data.
  }];
  let methods = [
    InterfaceMethod<[{
      The elements of result `number`, an integer tensor of few elements, as far as those of the operands are known;
      `evaluator` tells these. Nothing where not even their number is known.
    }], "std::optional<::tflc::tfl::KnownInts>", "computeInts",
      (ins "::tflc::tfl::ShapeEvaluator &":$evaluator, "unsigned":$number)>
  ];
}

def TFL_ComputesShapes : DeclareOpInterfaceMethods<TFL_ShapeArithmeticOpInterface>;

#endif
