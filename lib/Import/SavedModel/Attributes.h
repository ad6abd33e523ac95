//===- Attributes.h - attributes of nodes -----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_IMPORT_SAVEDMODEL_ATTRIBUTES_H
#define TFLC_LIB_IMPORT_SAVEDMODEL_ATTRIBUTES_H

#include "mlir/IR/Attributes.h"
#include "llvm/Support/Error.h"

namespace tflc::proto {
class AttrValue;
} // namespace tflc::proto

namespace tflc::savedmodel {

/// An attribute in the form of the tf dialect. Null for a value that says nothing: an empty list, a
/// shape of unknown rank.
llvm::Expected<mlir::Attribute> readAttribute(const proto::AttrValue &value,
                                              mlir::MLIRContext *context);

} // namespace tflc::savedmodel

#endif // TFLC_LIB_IMPORT_SAVEDMODEL_ATTRIBUTES_H
