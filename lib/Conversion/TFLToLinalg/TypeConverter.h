//===- TypeConverter.h - model types to storage types -----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_CONVERSION_TFLTOLINALG_TYPECONVERTER_H
#define TFLC_LIB_CONVERSION_TFLTOLINALG_TYPECONVERTER_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/Transforms/DialectConversion.h"

namespace tflc {

/// The signless type in which elements of type `type` are stored: quantized types lose their
/// parameters, integers their sign; bool and 4-bit integers take a byte each.
mlir::Type getStorageElementType(mlir::Type type);

/// `elements` in the storage type of `elementType`, the element type of the tensor that has these
/// values.
mlir::DenseElementsAttr convertElements(mlir::DenseElementsAttr elements, mlir::Type elementType);

/// Tensors to tensors of the storage element type; all other types stay.
class TFLTypeConverter : public mlir::TypeConverter {
public:
  TFLTypeConverter();
};

} // namespace tflc

#endif // TFLC_LIB_CONVERSION_TFLTOLINALG_TYPECONVERTER_H
