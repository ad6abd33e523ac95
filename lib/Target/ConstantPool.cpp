//===- ConstantPool.cpp - read-only data of kernels -----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Target/ConstantPool.h"

#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace tflc;

ConstantPool::ConstantPool(ModuleOp module) : module(module) {}

Value ConstantPool::get(OpBuilder &builder, Location loc, Type elementType, ArrayRef<char> bytes) {
  auto hash =
      llvm::xxh3_128bits(ArrayRef(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size()));
  std::string key;
  llvm::raw_string_ostream(key) << elementType << ' ' << bytes.size() << ' ' << hash.high64 << ' '
                                << hash.low64;
  int64_t count = bytes.size() * 8 / elementType.getIntOrFloatBitWidth();
  auto type = MemRefType::get({count}, elementType);
  memref::GlobalOp &global = globals[key];
  if (!global) {
    auto values =
        DenseElementsAttr::getFromRawBuffer(RankedTensorType::get({count}, elementType), bytes);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(module.getBody());
    std::string name;
    do
      name = "tflc.packed." + std::to_string(counter++);
    while (module.lookupSymbol(name));
    global = memref::GlobalOp::create(builder, loc, name, builder.getStringAttr("private"), type,
                                      values, /*constant=*/true, IntegerAttr());
  }
  return memref::GetGlobalOp::create(builder, loc, type, global.getSymName());
}
