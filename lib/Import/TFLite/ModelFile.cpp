//===- ModelFile.cpp - a model being read ---------------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "ModelFile.h"

#include "tflc/Support/ModelLocation.h"

#include "flatbuffers/verifier.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace tflc {

std::string ModelFile::describeTensor(uint32_t subgraphIndex, uint32_t index) const {
  std::string text = "tensor " + std::to_string(index);
  StringRef tensorText = tensorName(subgraphIndex, index);
  if (!tensorText.empty()) {
    llvm::raw_string_ostream os(text);
    os << " \"";
    llvm::printEscapedString(tensorText, os);
    os << '"';
  }
  return text;
}

int32_t getOperatorCode(const schema::OperatorCode &code) {
  return std::max(static_cast<int32_t>(code.builtin_code()),
                  static_cast<int32_t>(code.deprecated_builtin_code()));
}

int32_t ModelFile::operatorCode(const schema::Operator &op) const {
  return getOperatorCode(*model.operator_codes()->Get(op.opcode_index()));
}

std::optional<ArrayRef<uint8_t>> ModelFile::bufferBytes(uint32_t index) const {
  const schema::Buffer &buffer = *model.buffers()->Get(index);
  // Offsets 0 and 1 say that the bytes are inside: a writer that does not know the offset yet puts
  // a 1 there.
  if (buffer.offset() <= 1)
    return toArrayRef(buffer.data());
  if (buffer.offset() > bytes.size() || buffer.size() > bytes.size() - buffer.offset())
    return std::nullopt;
  return bytes.slice(buffer.offset(), buffer.size());
}

Location ModelFile::fileLocation() const { return makeFileLocation(context, name); }

Location ModelFile::tensorLocation(uint32_t subgraphIndex, uint32_t index) const {
  return makeTensorLocation(context, name, subgraphIndex, index, tensorName(subgraphIndex, index));
}

Location ModelFile::opLocation(uint32_t subgraphIndex, uint32_t index) const {
  const schema::Operator &operation = op(subgraphIndex, index);
  StringRef operatorName;
  if (operation.opcode_index() < sizeOf(model.operator_codes()))
    operatorName = getOperatorName(operatorCode(operation));
  StringRef outputName;
  ArrayRef<int32_t> outputs = toArrayRef(operation.outputs());
  if (!outputs.empty() && outputs[0] >= 0 &&
      static_cast<size_t>(outputs[0]) < sizeOf(subgraph(subgraphIndex).tensors()))
    outputName = tensorName(subgraphIndex, outputs[0]);
  return makeOpLocation(context, name, subgraphIndex, index,
                        operatorName.empty() ? "?" : operatorName, outputName);
}

InFlightDiagnostic Findings::error(Location location) {
  ++count;
  InFlightDiagnostic diagnostic = emitError(location);
  if (count > limit)
    diagnostic.abandon();
  if (count == limit)
    diagnostic.attachNote(file.fileLocation()) << "further faults are not listed";
  return diagnostic;
}

const schema::Model *verifyFlatbuffer(ArrayRef<uint8_t> bytes, Location location) {
  if (bytes.empty()) {
    emitError(location) << "the file is empty";
    return nullptr;
  }
  constexpr size_t headerSize = 8;
  if (bytes.size() < headerSize || !schema::ModelBufferHasIdentifier(bytes.data())) {
    InFlightDiagnostic diagnostic = emitError(location) << "not a TensorFlow Lite model";
    if (bytes.size() >= headerSize) {
      std::string found;
      llvm::raw_string_ostream os(found);
      llvm::printEscapedString(StringRef(reinterpret_cast<const char *>(bytes.data()) + 4, 4), os);
      diagnostic << ": expected the identifier \"TFL3\", found \"" << found << "\"";
    }
    return nullptr;
  }
  flatbuffers::Verifier::Options options;
  options.max_depth = 16;
  // A table takes eight bytes at least, unless a hostile file has many names for one.
  options.max_tables =
      static_cast<flatbuffers::uoffset_t>(std::min<size_t>(bytes.size() / 8 + 16, 50'000'000));
  // Offsets inside of a flatbuffer end below 2 GB; what follows are bytes of buffers.
  size_t size = std::min<size_t>(bytes.size(), FLATBUFFERS_MAX_BUFFER_SIZE - 1);
  flatbuffers::Verifier verifier(bytes.data(), size, options);
  if (!schema::VerifyModelBuffer(verifier)) {
    emitError(location) << "the file is damaged: an offset points outside of it, or it was cut off";
    return nullptr;
  }
  return schema::GetModel(bytes.data());
}

std::unique_ptr<CheckedModel> CheckedModel::open(llvm::MemoryBufferRef buffer, MLIRContext *context,
                                                 StringRef name) {
  std::unique_ptr<CheckedModel> result(new CheckedModel());
  StringRef text = buffer.getBuffer();
  // Flatbuffers are read in place, as numbers of up to eight bytes.
  if (!llvm::isAddrAligned(llvm::Align(8), text.data())) {
    result->aligned = llvm::MemoryBuffer::getMemBufferCopy(text);
    text = result->aligned->getBuffer();
  }
  ArrayRef<uint8_t> bytes(reinterpret_cast<const uint8_t *>(text.data()), text.size());
  const schema::Model *model =
      verifyFlatbuffer(bytes, FileLineColLoc::get(context, name, /*line=*/0, /*column=*/0));
  if (!model)
    return nullptr;
  result->file.emplace(*model, bytes, name, context);
  if (failed(checkModel(*result->file)))
    return nullptr;
  result->file->stringBytes = measureStrings(*result->file);
  return result;
}

} // namespace tflc
