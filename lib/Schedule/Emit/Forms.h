//===- Forms.h - one emitter for each form ----------------------*- C++ -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_LIB_SCHEDULE_EMIT_FORMS_H
#define TFLC_LIB_SCHEDULE_EMIT_FORMS_H

#include "KernelEmitter.h"

#include <memory>

namespace tflc {

/// The emitter of the form that the task's strategy has.
std::unique_ptr<KernelEmitter> makeEmitter(const KernelTask &task);

// Each in a file of its name.
std::unique_ptr<KernelEmitter> makeVectorLoops(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeNarrowLoops(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeTapQuads(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeTaps(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeReduction(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeBroadcast(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeRowLanes(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeAcrossLanes(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeRowPairs(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeTileRegisters(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeQuadRuns(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeBytePairs(const KernelTask &task);
std::unique_ptr<KernelEmitter> makeWinograd(const KernelTask &task);

} // namespace tflc

#endif // TFLC_LIB_SCHEDULE_EMIT_FORMS_H
