/* Calls a model with an input and an arena that end where a page without access begins. */
#define _GNU_SOURCE
#include "model.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* `size` bytes in front of such a page, multiples of `alignment` from it away. */
static unsigned char *allocate(size_t size, size_t alignment) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t whole = (size + page - 1) / page * page;
  unsigned char *start =
      mmap(NULL, whole + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED || mprotect(start + whole, page, PROT_NONE))
    return NULL;
  return start + whole - (size + alignment - 1) / alignment * alignment;
}

int main(void) {
  int8_t *input = (int8_t *)allocate(MODEL_X_SIZE, 1);
  unsigned char *arena = allocate(MODEL_ARENA_SIZE, MODEL_ARENA_ALIGNMENT);
  int8_t output[MODEL_Y_SIZE];
  if (!input || !arena)
    return 2;
  memset(input, 1, MODEL_X_SIZE);
  return model_invoke(input, output, arena);
}
