//===- Progress.cpp - a sign of life on a terminal ------------------------===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#include "Progress.h"

#include "llvm/Support/Process.h"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>

using namespace tflc;
using Clock = std::chrono::steady_clock;

struct Progress::State {
  std::mutex mutex;
  std::condition_variable changed;
  std::thread thread;
  std::string what; // empty: nothing to show
  Clock::time_point start;
  bool shown = false;
  bool stop = false;

  void erase() {
    if (shown)
      std::fputs("\r\x1b[K", stderr);
    shown = false;
  }

  void show() {
    double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    if (what.empty() || seconds < 1)
      return;
    std::fprintf(stderr, "\r\x1b[K%s, %.0f s", what.c_str(), seconds);
    std::fflush(stderr);
    shown = true;
  }

  void run() {
    std::unique_lock<std::mutex> lock(mutex);
    while (!stop) {
      changed.wait_for(lock, std::chrono::milliseconds(250));
      show();
    }
  }
};

Progress &Progress::get() {
  static Progress progress;
  return progress;
}

Progress::Progress() {
  if (llvm::sys::Process::StandardErrIsDisplayed())
    state = std::make_unique<State>();
}

Progress::~Progress() {
  if (!state)
    return;
  end();
  {
    std::lock_guard<std::mutex> lock(state->mutex);
    state->stop = true;
  }
  state->changed.notify_one();
  if (state->thread.joinable())
    state->thread.join();
}

void Progress::begin(llvm::StringRef what) {
  if (!state)
    return;
  std::lock_guard<std::mutex> lock(state->mutex);
  if (state->what.empty())
    state->start = Clock::now();
  state->what = what.str();
  if (!state->thread.joinable())
    state->thread = std::thread([this] { state->run(); });
}

void Progress::end() {
  if (!state)
    return;
  std::lock_guard<std::mutex> lock(state->mutex);
  state->what.clear();
  state->erase();
}

void Progress::clear() {
  if (!state)
    return;
  std::lock_guard<std::mutex> lock(state->mutex);
  state->erase();
}

void tflc::showOnTerminal(llvm::StringRef what) {
  Progress &progress = Progress::get();
  what.empty() ? progress.end() : progress.begin(what);
}
