//===- CrashReport.cpp - how tflc itself fails ----------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "CrashReport.h"

#include "Options.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"

#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <unistd.h>

using namespace tflc;

/// Only what is safe in a signal handler.
static void print(const char *text) {
  ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
  (void)written;
}

static void onSignal(int signal) {
  llvm::sys::RunInterruptHandlers(); // removes temporary files
  print("tflc: error: internal defect (");
  print(signal == SIGSEGV  ? "invalid memory access"
        : signal == SIGBUS ? "bus error"
        : signal == SIGFPE ? "arithmetic trap"
        : signal == SIGILL ? "illegal instruction"
                           : "aborted");
  print(")\ntflc: help: this is no fault of yours; please report it with the model\n");
  ::_exit(exitDefect);
}

static void onFatalError(void *, const char *reason, bool) {
  llvm::sys::RunInterruptHandlers();
  print("tflc: error: internal defect: ");
  print(reason);
  print("\ntflc: help: this is no fault of yours; please report it with the model\n");
  ::_exit(exitDefect);
}

static void onBadAlloc(void *, const char *, bool) {
  llvm::sys::RunInterruptHandlers();
  print("tflc: error: out of memory\n");
  ::_exit(exitFault);
}

void tflc::installCrashReport() {
  llvm::install_fatal_error_handler(onFatalError);
  llvm::install_bad_alloc_error_handler(onBadAlloc);
  std::set_new_handler([] { onBadAlloc(nullptr, nullptr, false); });
  // A stack of its own: an overflow of the stack is reported as well.
  static char alternateStack[64 * 1024];
  stack_t stack = {};
  stack.ss_sp = alternateStack;
  stack.ss_size = sizeof(alternateStack);
  ::sigaltstack(&stack, nullptr);
  struct sigaction action = {};
  action.sa_handler = onSignal;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND;
  for (int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT})
    ::sigaction(signal, &action, nullptr);
}
