//===- ConversionMetadata.h - where a model comes from ----------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_COMPILER_CONVERSIONMETADATA_H
#define TFLC_LIB_COMPILER_CONVERSIONMETADATA_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <string>

namespace tflc {

/// What a source is, by the numbers of TensorFlow's schema of conversion metadata.
enum class SourceKind : int32_t { SavedModel = 1, Keras = 2 };

/// What TensorFlow's converter writes beside a model, so that tools can tell where it comes from.
struct ConversionMetadata {
  /// The version that wrote the source; empty if the source does not say it.
  std::string version;
  SourceKind kind = SourceKind::SavedModel;
  /// A number that differs from source to source.
  uint64_t hash = 0;
  /// How weights and activations are stored, by the schema's numbers (1003: int8).
  llvm::ArrayRef<int32_t> optimizationModes;
  bool allowsCustomOperators = false;
};

/// The name of the metadata in a model.
inline constexpr llvm::StringLiteral conversionMetadataName = "CONVERSION_METADATA";

/// The flatbuffer of these.
std::string writeConversionMetadata(const ConversionMetadata &metadata);

} // namespace tflc

#endif // TFLC_LIB_COMPILER_CONVERSIONMETADATA_H
