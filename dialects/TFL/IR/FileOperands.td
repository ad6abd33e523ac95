//===- FileOperands.td - operands that a file must list --------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_FILE_OPERANDS
#define TFLC_TFL_FILE_OPERANDS

include "mlir/IR/OpBase.td"

def TFL_FileOperandsOpInterface : OpInterface<"FileOperandsOpInterface"> {
  let cppNamespace = "::tflc::tfl";
  let description = [{
    An operator whose kernels in TensorFlow Lite count on a number of operands, absent ones included. The IR leaves those
    out that are absent at the end; the exporter lists them again.
  }];
  let methods = [
    InterfaceMethod<"The number of operands in a file, at least.", "unsigned", "getNumFileOperands">
  ];
}

def TFL_ListsOperands : DeclareOpInterfaceMethods<TFL_FileOperandsOpInterface>;

#endif
