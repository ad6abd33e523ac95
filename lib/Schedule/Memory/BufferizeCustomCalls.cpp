//===- BufferizeCustomCalls.cpp - calls of linked functions ---------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "BufferizeCustomCalls.h"

#include "TFLRT/IR/CallOps.h"

#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace mlir::bufferization;
using tflc::tflrt::CallCustomOp;

namespace {

struct CallCustomBufferization
    : DstBufferizableOpInterfaceExternalModel<CallCustomBufferization, CallCustomOp> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand, const AnalysisState &) const {
    return !cast<CallCustomOp>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options, BufferizationState &state) const {
    auto call = cast<CallCustomOp>(op);
    Location loc = op->getLoc();
    SmallVector<Value> inputs, inits, results;
    // The function sees rows without gaps: what is a part of another buffer is copied.
    for (Value input : call.getInputs()) {
      FailureOr<Value> buffer = getBuffer(rewriter, input, options, state);
      if (failed(buffer))
        return failure();
      Value whole = getWhole(rewriter, loc, *buffer);
      if (whole != *buffer && failed(options.createMemCpy(rewriter, loc, *buffer, whole)))
        return failure();
      inputs.push_back(whole);
    }
    for (Value init : call.getInits()) {
      FailureOr<Value> buffer = getBuffer(rewriter, init, options, state);
      if (failed(buffer))
        return failure();
      results.push_back(*buffer);
      inits.push_back(getWhole(rewriter, loc, *buffer));
    }
    Type status = call.getStatus().getType();
    auto onBuffers = CallCustomOp::create(rewriter, loc, TypeRange(status), call.getFunctionAttr(),
                                          call.getOptionsAttr(), call.getInputTypesAttr(),
                                          call.getOutputTypesAttr(), inputs, inits);
    for (auto [whole, result] : llvm::zip_equal(inits, results))
      if (whole != result && failed(options.createMemCpy(rewriter, loc, whole, result)))
        return failure();
    results.push_back(onBuffers.getStatus());
    replaceOpWithBufferizedValues(rewriter, op, results);
    return success();
  }

private:
  /// The buffer, or a new one of its shape where there are gaps in it.
  static Value getWhole(RewriterBase &rewriter, Location loc, Value buffer) {
    auto type = cast<MemRefType>(buffer.getType());
    if (type.getLayout().isIdentity())
      return buffer;
    return memref::AllocOp::create(rewriter, loc,
                                   MemRefType::get(type.getShape(), type.getElementType()));
  }
};

} // namespace

void tflc::registerCustomCallBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, tflrt::TFLRTDialect *) {
    CallCustomOp::attachInterface<CallCustomBufferization>(*context);
  });
}
