//===- Trial.cpp - work that may not come to its end ----------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "tflc/Support/Trial.h"

#include "llvm/ADT/ScopeExit.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

/// A signal ends the child as it ends a program that does not ask for it: without a trace on the
/// terminal, which LLVM's handlers would print, and without a file of its memory.
[[noreturn]] static void workInChild(function_ref<void()> work, unsigned seconds, int done) {
  for (int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGXCPU})
    std::signal(signal, SIG_DFL);
  rlimit noFile = {0, 0}, time = {seconds, seconds};
  setrlimit(RLIMIT_CORE, &noFile);
  setrlimit(RLIMIT_CPU, &time);
  if (int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC); nowhere >= 0)
    for (int stream : {STDOUT_FILENO, STDERR_FILENO})
      dup2(nowhere, stream);
  work();
  char mark = 1;
  _exit(write(done, &mark, 1) == 1 ? 0 : 1);
}

Expected<bool> tflc::endsInChild(function_ref<void()> work, unsigned seconds) {
  // The mark in the pipe counts, not the status: a host that ignores SIGCHLD never learns that.
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    return createStringError(std::error_code(errno, std::generic_category()),
                             "cannot make a pipe to a child process");
  auto close = make_scope_exit([&] {
    ::close(ends[0]);
    ::close(ends[1]);
  });
  pid_t child = fork();
  if (child < 0)
    return createStringError(std::error_code(errno, std::generic_category()),
                             "cannot start a child process");
  if (child == 0)
    workInChild(work, seconds, ends[1]);
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  char mark;
  return read(ends[0], &mark, 1) == 1;
}
