//===- ConversionMetadata.cpp - where a model comes from ------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
// The tables are ConversionMetadata {environment, options}, Environment {tensorflow_version,
// api_version, model_type, model_hash} and ConversionOptions {model_optimization_modes,
// allow_custom_ops, ...} of TensorFlow Lite's conversion_metadata.fbs.
//
//===----------------------------------------------------------------------===//

#include "ConversionMetadata.h"

#include <flatbuffers/flatbuffers.h>

using namespace tflc;

/// The place of a table's field in its list of offsets.
static constexpr flatbuffers::voffset_t field(unsigned number) {
  return static_cast<flatbuffers::voffset_t>(4 + 2 * number);
}

using Table = flatbuffers::Offset<flatbuffers::Table>;

static Table writeEnvironment(const ConversionMetadata &metadata,
                              flatbuffers::FlatBufferBuilder &builder) {
  // The interface of TensorFlow 2 takes what this converter takes.
  constexpr uint32_t apiVersion = 2;
  auto version = builder.CreateString(metadata.version);
  flatbuffers::uoffset_t start = builder.StartTable();
  builder.AddOffset(field(0), version);
  builder.AddElement<uint32_t>(field(1), apiVersion, 0);
  builder.AddElement<int32_t>(field(2), static_cast<int32_t>(metadata.kind), 0);
  builder.AddElement<uint64_t>(field(3), metadata.hash, 0);
  return builder.EndTable(start);
}

static Table writeOptions(const ConversionMetadata &metadata,
                          flatbuffers::FlatBufferBuilder &builder) {
  auto modes =
      builder.CreateVector(metadata.optimizationModes.data(), metadata.optimizationModes.size());
  flatbuffers::uoffset_t start = builder.StartTable();
  builder.AddOffset(field(0), modes);
  builder.AddElement<uint8_t>(field(1), metadata.allowsCustomOperators, 0);
  return builder.EndTable(start);
}

std::string tflc::writeConversionMetadata(const ConversionMetadata &metadata) {
  flatbuffers::FlatBufferBuilder builder;
  Table environment = writeEnvironment(metadata, builder);
  Table options = writeOptions(metadata, builder);
  flatbuffers::uoffset_t start = builder.StartTable();
  builder.AddOffset(field(0), environment);
  builder.AddOffset(field(1), options);
  builder.Finish(Table(builder.EndTable(start)));
  return std::string(reinterpret_cast<const char *>(builder.GetBufferPointer()), builder.GetSize());
}
