//===- ElementSets.td - element types of ops that move elements *- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFL_ELEMENT_SETS
#define TFLC_TFL_ELEMENT_SETS

/// The types that an op has an arithmetic for, as `isElementTypeIn` reads them.
class TFL_Elements<string types> {
  code declaration = [{
    static ::llvm::StringRef getElementTypes() { return "}] # types # [{"; }
  }];
}

/// Ops that only move elements take all types whose elements have a size of their own.
def TFL_MovedElements : TFL_Elements<"bool int4 int8 uint8 int16 uint16 int32 uint32 int64 uint64 float16 bfloat16 "
    "float32 float64 complex64 complex128 qint4 qint8 quint8 qint16 qint32">;

#endif
