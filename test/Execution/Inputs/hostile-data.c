/* Invokes every signature of a model with data that mean harm, in memory that ends where its
 * tensors end: whatever reads or writes beyond one hits a page that is not there, or is seen by
 * AddressSanitizer where that has instrumented program and model. Any status is
 * fine, a signal is not. */
#define _DEFAULT_SOURCE
#include "tflc/tflc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

extern const tflc_model hostile_model;

enum { MAX_TENSORS = 16, NUM_TRIALS = 400 };
static const size_t largest = (size_t)1 << 20; /* bytes that a tensor or an arena gets here */
static uint64_t state = 88172645463325252u;

static uint64_t draw(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

#ifdef __SANITIZE_ADDRESS__
/* The sanitizer knows where memory ends, to the byte. */
static void *guarded(size_t bytes, size_t alignment, int atEnd) {
  void *data;
  (void)atEnd;
  if (posix_memalign(&data, alignment < 16 ? 16 : alignment, bytes))
    exit(2);
  return data;
}

static void release(void *data, size_t bytes, size_t alignment, int atEnd) {
  (void)bytes, (void)alignment, (void)atEnd;
  free(data);
}
#else
/* Memory between two missing pages, at its end or at its beginning. */
static void *guarded(size_t bytes, size_t alignment, int atEnd) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (bytes + page - 1) / page + 1;
  unsigned char *all =
      mmap(NULL, (pages + 2) * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED || mprotect(all + page, pages * page, PROT_READ | PROT_WRITE))
    exit(2);
  return atEnd ? all + (pages + 1) * page - (bytes + alignment - 1) / alignment * alignment
               : all + page;
}

static void release(void *data, size_t bytes, size_t alignment, int atEnd) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (bytes + page - 1) / page + 1;
  size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  unsigned char *all = (unsigned char *)data - (atEnd ? (pages + 1) * page - rounded : page);
  munmap(all, (pages + 2) * page);
}
#endif

static int64_t drawInteger(void) {
  static const int64_t extremes[] = {0,          1,          -1,        2,         3,
                                     7,          INT8_MAX,   INT8_MIN,  INT16_MAX, INT16_MIN,
                                     INT32_MAX,  INT32_MIN,  INT64_MAX, INT64_MIN, 1 << 20,
                                     -(1 << 20), UINT32_MAX, 4096};
  uint64_t choice = draw() % 4;
  if (choice == 0)
    return extremes[draw() % (sizeof extremes / sizeof extremes[0])];
  if (choice == 1)
    return (int64_t)draw();
  return (int64_t)(draw() % 12) - 2;
}

static float drawFloat(void) {
  static const float extremes[] = {0.0f, -0.0f, 1e30f, -1e30f, 1e-30f, 1.0f, 2147483648.0f, -5e9f};
  uint64_t choice = draw() % 4;
  float zero = 0.0f;
  if (choice == 0)
    return draw() % 2 ? zero / zero : (draw() % 2 ? 1.0f : -1.0f) / zero;
  if (choice == 1)
    return extremes[draw() % (sizeof extremes / sizeof extremes[0])];
  return (float)(int64_t)(draw() % 2000) / 100.0f - 5.0f;
}

static void fill(unsigned char *data, size_t bytes, uint8_t type) {
  for (size_t i = 0; i < bytes;) {
    int64_t integer = drawInteger();
    float real = drawFloat();
    size_t size = type == TFLC_INT64                           ? 8
                  : type == TFLC_INT32 || type == TFLC_FLOAT32 ? 4
                  : type == TFLC_INT16                         ? 2
                                                               : 1;
    if (type == TFLC_BOOL)
      integer = draw() % 2;
    memcpy(data + i, type == TFLC_FLOAT32 ? (const void *)&real : (const void *)&integer, size);
    i += size;
  }
}

static int runTrial(const char *key, int atEnd) {
  void *buffers[MAX_TENSORS], *owned[MAX_TENSORS], *arena;
  size_t sizes[MAX_TENSORS], arenaBytes;
  tflc_runner runner;
  int32_t status = tflc_init(&runner, &hostile_model, key, buffers, MAX_TENSORS);
  if (status != TFLC_OK)
    return status;
  const tflc_signature *signature = runner.signature;
  size_t numInputs = signature->num_inputs, count = numInputs + signature->num_outputs;
  arenaBytes = tflc_arena_size(&runner);
  arena = guarded(arenaBytes, hostile_model.arena_alignment, atEnd);
  tflc_set_arena(&runner, arena, arenaBytes);
  for (size_t i = 0; i < count; ++i) {
    const tflc_tensor *tensor =
        i < numInputs ? &signature->inputs[i] : &signature->outputs[i - numInputs];
    sizes[i] = tflc_tensor_bytes(&runner, tensor);
    if (sizes[i] > largest)
      sizes[i] = 64; /* nothing bounds it */
    owned[i] = guarded(sizes[i], 8, atEnd);
    /* Elements of eight bytes end where the page does; smaller ones up to seven bytes before. */
    if (i < numInputs) {
      fill(owned[i], sizes[i], tensor->type);
      status = tflc_set_input(&runner, (int32_t)i, owned[i], sizes[i]);
    } else {
      status = tflc_set_output(&runner, (int32_t)(i - numInputs), owned[i], sizes[i]);
    }
    if (status != TFLC_OK)
      return status;
  }
  for (;;) {
    status = tflc_invoke(&runner);
    if (status == TFLC_LARGER_ARENA_NEEDED && tflc_arena_size(&runner) <= largest) {
      release(arena, arenaBytes, hostile_model.arena_alignment, atEnd);
      arenaBytes = tflc_arena_size(&runner);
      arena = guarded(arenaBytes, hostile_model.arena_alignment, atEnd);
      tflc_set_arena(&runner, arena, arenaBytes);
      continue;
    }
    int isLarger = 0;
    for (size_t i = numInputs; status == TFLC_LARGER_OUTPUT_NEEDED && i < count; ++i) {
      size_t bytes = tflc_tensor_bytes(&runner, &signature->outputs[i - numInputs]);
      if (bytes <= sizes[i] || bytes > largest)
        continue;
      release(owned[i], sizes[i], 8, atEnd);
      sizes[i] = bytes;
      owned[i] = guarded(bytes, 8, atEnd);
      tflc_set_output(&runner, (int32_t)(i - numInputs), owned[i], bytes);
      isLarger = 1;
    }
    if (!isLarger)
      break;
  }
  release(arena, arenaBytes, hostile_model.arena_alignment, atEnd);
  for (size_t i = 0; i < count; ++i)
    release(owned[i], sizes[i], 8, atEnd);
  /* Compiled code answers with statuses of its own only. */
  return status < 16 ? TFLC_OK : status;
}

int main(void) {
  for (uint32_t i = 0; i < hostile_model.num_signatures; ++i) {
    const char *key = hostile_model.signatures[i].key;
    /* An output of very many rows without elements takes its time. */
    clock_t end = clock() + CLOCKS_PER_SEC;
    for (int trial = 0; trial < NUM_TRIALS && clock() < end; ++trial) {
      int32_t status = runTrial(key, trial % 2);
      if (status != TFLC_OK) {
        printf("%s: %s\n", key, tflc_status_text(status));
        return 1;
      }
    }
    printf("%s: sound\n", key);
    fflush(stdout);
  }
  return 0;
}
