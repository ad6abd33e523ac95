/*===- tflc.h - what a compiled model and its caller agree on ------*- C -*-===*
 *
 * Part of tflc, under the Apache License 2.0.
 *
 * First part: the binary interface. `tflc compile` writes, for each model, one constant
 * `tflc_model` into the object file, laid out exactly as the structures below (natural C layout of
 * the target; the assertions at the end of the first part keep both sides honest). Any change of
 * that part changes TFLC_ABI_VERSION; docs/RuntimeABI.md says what may change how.
 *
 * Second part: the generic runtime (runtime/src, C99, freestanding, no heap). It serves programs
 * that choose tensors by name or resize them at run time. A program that calls the typed
 * function of the generated header needs neither that part nor this file.
 *
 *     static void *buffers[2];
 *     tflc_runner r;
 *     tflc_init(&r, &mnist_model, NULL, buffers, 2);
 *     tflc_set_arena(&r, arena, sizeof arena);
 *     tflc_set_input(&r, tflc_find_input(r.signature, "image"), image, sizeof image);
 *     tflc_set_output(&r, 0, scores, sizeof scores);
 *     int32_t status = tflc_invoke(&r);
 *
 *===----------------------------------------------------------------------===*/

#ifndef TFLC_TFLC_H
#define TFLC_TFLC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*===----------------------------------------------------------------------===*
 * The binary interface
 *===----------------------------------------------------------------------===*/

/* The version of this header. A model says the lowest one that has all it uses: models that take no
 * parallel-for have TFLC_ABI_VERSION_PLAIN. */
#define TFLC_ABI_VERSION 3u
#define TFLC_ABI_VERSION_PLAIN 2u

/* Element types. The values are those of the TensorType enumeration of the .tflite format. */
enum {
  TFLC_FLOAT32 = 0,
  TFLC_FLOAT16 = 1,
  TFLC_INT32 = 2,
  TFLC_UINT8 = 3,
  TFLC_INT64 = 4,
  TFLC_BOOL = 6, /* one byte, 0 or 1 */
  TFLC_INT16 = 7,
  TFLC_COMPLEX64 = 8, /* real part, imaginary part */
  TFLC_INT8 = 9,
  TFLC_FLOAT64 = 10,
  TFLC_COMPLEX128 = 11,
  TFLC_UINT64 = 12,
  TFLC_UINT32 = 15,
  TFLC_UINT16 = 16,
  TFLC_INT4 = 17, /* one to a byte, sign-extended */
  TFLC_BFLOAT16 = 18
};

/* What a call may answer. Compiled code returns only values below 16: a model's data asked for
 * something that has no answer, or the system refuses what the code needs. The others come from the
 * generic runtime's own checks. */
typedef enum tflc_status {
  TFLC_OK = 0,
  TFLC_INDEX_OUT_OF_RANGE = 1,   /* an index or slice in the data leaves its tensor */
  TFLC_DIVISION_BY_ZERO = 2,     /* an integer of the data divides by zero */
  TFLC_INVALID_VALUE = 3,        /* any other value that an operator rejects */
  TFLC_NOT_PERMITTED = 4,        /* the system refuses the registers that the code needs */
  TFLC_LARGER_ARENA_NEEDED = 5,  /* the data make a tensor that the arena has no room for */
  TFLC_LARGER_OUTPUT_NEEDED = 6, /* the data make an output that its buffer has no room for */
  TFLC_PARALLEL_FAILED = 7,      /* the caller's parallel-for has answered something but 0 */
  TFLC_ABI_MISMATCH = 16,        /* the object was made by a compiler of another version */
  TFLC_NOT_FOUND = 17,           /* no signature or tensor of that name or number */
  TFLC_NULL_POINTER = 18,        /* an argument, a buffer or the arena is missing */
  TFLC_MISALIGNED = 19,          /* the arena or a buffer lies at an unsuitable address */
  TFLC_WRONG_SIZE = 20,          /* a buffer's size is not that of its tensor */
  TFLC_WRONG_SHAPE = 21,         /* a shape that this input cannot take */
  TFLC_ARENA_TOO_SMALL = 22      /* fewer bytes than tflc_arena_size() says */
} tflc_status;

/* An input or an output. Strings end in a zero byte. */
typedef struct tflc_tensor {
  const char *name;           /* in the signature */
  const char *tensor_name;    /* in the model's graph */
  const int32_t *shape;       /* `rank` entries; -1 - k is the unknown dimension number k */
  const float *scales;        /* `num_scales` entries; null where the tensor is not quantized */
  const int32_t *zero_points; /* likewise */
  uint32_t num_scales;        /* 0: not quantized, 1: one for the whole tensor */
  uint8_t type;               /* TFLC_FLOAT32 ... */
  uint8_t rank;
  int16_t axis; /* the dimension that the scales belong to, where there are several; else -1 */
} tflc_tensor;

/* One of the parts of operators that may run at the same time. It neither sleeps nor calls
 * anything. It may wait for what another task is doing, but never for one that has not begun. */
typedef void (*tflc_task_fn)(void *context, int32_t number);

/* How a caller runs tasks. `run` calls task(context, i) once for each i from 0 to count - 1, in any
 * order and from any threads, and returns when all of these calls have returned; what a task has
 * written is visible to who sees it return. It answers 0, or anything else where it could not run
 * them all: the invocation then ends with TFLC_PARALLEL_FAILED. Results do not depend on
 * who runs what. Threads need a stack as large as that of an invocation. */
typedef struct tflc_parallel {
  int32_t (*run)(void *pool, tflc_task_fn task, void *context, int32_t count);
  void *pool; /* the first argument of `run` */
} tflc_parallel;

/* Runs a signature once. `inputs` and `outputs` hold one pointer for each tensor, in the model's
 * order. Inputs are only read. Buffers must not overlap each other or the arena. `dims` may be null
 * where all dimensions are known; otherwise it holds, one behind the other,
 *
 *   num_dims       the sizes of the inputs' unknown dimensions
 *   num_derived    those of outputs, as `plan` has computed them
 *   num_measured   those of outputs that data decide: written here, before the output
 *   num_capacities the bytes that the buffer holds, for each output with measured dimensions
 *   num_limits     (0 or 1) the bytes that the arena holds; where they are too few
 *                  (TFLC_LARGER_ARENA_NEEDED), what is needed is written here */
typedef int32_t (*tflc_invoke_fn)(void *const *inputs, void *const *outputs, void *arena,
                                  int64_t *dims);

/* The same of a model with TFLC_MODEL_PARALLEL, to which `invoke` has to be cast. A null `parallel`
 * runs all tasks in turn. */
typedef int32_t (*tflc_invoke_parallel_fn)(void *const *inputs, void *const *outputs, void *arena,
                                           int64_t *dims, const tflc_parallel *parallel);

/* `dims` holds `num_dims` sizes; writes the `num_derived` ones behind them, and then the most that
 * each measured one can be, or -1 where nothing bounds it. Returns the size of the arena for this
 * choice, or a negative number where the model cannot take it. */
typedef int64_t (*tflc_plan_fn)(int64_t *dims);

/* Gives all variables their initial value. To be called once before the first invoke. */
typedef int32_t (*tflc_reset_fn)(void *arena);

typedef struct tflc_signature {
  const char *key;
  const tflc_tensor *inputs;
  const tflc_tensor *outputs;
  tflc_invoke_fn invoke;
  tflc_plan_fn plan; /* null where all dimensions are known */
  uint16_t num_inputs;
  uint16_t num_outputs;
  uint16_t num_dims;       /* unknown dimensions of the inputs */
  uint16_t num_derived;    /* unknown dimensions of outputs that follow from them */
  uint16_t num_measured;   /* those that only an invocation shows */
  uint16_t num_capacities; /* outputs that have such dimensions */
  uint16_t num_limits;     /* 1 where data may ask for a larger arena or output, else 0 */
  uint16_t reserved;       /* 0 */
} tflc_signature;

enum { TFLC_MODEL_PARALLEL = 1 /* functions take a tflc_parallel */ };

typedef struct tflc_model {
  uint32_t abi_version; /* see TFLC_ABI_VERSION; stays the first field for ever */
  uint32_t num_signatures;
  const char *name;
  const tflc_signature *signatures;
  tflc_reset_fn reset;      /* null for a model without variables */
  size_t arena_size;        /* all signatures share one arena; with unknown dimensions: `plan` */
  size_t state_size;        /* its first bytes hold the variables */
  uint32_t arena_alignment; /* a power of two */
  uint32_t flags;           /* TFLC_MODEL_PARALLEL or 0 */
} tflc_model;

/* C99 has no static assertion: an array type of negative size stops the compiler as well. */
#define TFLC_ASSERT_OFFSET(type, field, expected)                                                  \
  typedef char tflc_assert_##type##_##field[offsetof(type, field) == (expected) ? 1 : -1]
#define TFLC_ASSERT_SIZE(type, expected)                                                           \
  typedef char tflc_assert_##type##_size[sizeof(type) == (expected) ? 1 : -1]

TFLC_ASSERT_OFFSET(tflc_tensor, num_scales, 5 * sizeof(void *));
TFLC_ASSERT_OFFSET(tflc_tensor, type, 5 * sizeof(void *) + 4);
TFLC_ASSERT_OFFSET(tflc_tensor, axis, 5 * sizeof(void *) + 6);
TFLC_ASSERT_SIZE(tflc_tensor, 5 * sizeof(void *) + 8);
TFLC_ASSERT_OFFSET(tflc_signature, num_inputs, 5 * sizeof(void *));
TFLC_ASSERT_OFFSET(tflc_signature, num_measured, 5 * sizeof(void *) + 8);
TFLC_ASSERT_SIZE(tflc_signature, 5 * sizeof(void *) + 16);
TFLC_ASSERT_OFFSET(tflc_model, name, 8);
TFLC_ASSERT_OFFSET(tflc_model, arena_size, 8 + 3 * sizeof(void *));
TFLC_ASSERT_OFFSET(tflc_model, arena_alignment, 8 + 5 * sizeof(void *));
TFLC_ASSERT_SIZE(tflc_model, 16 + 5 * sizeof(void *));
TFLC_ASSERT_SIZE(size_t, sizeof(void *));

/*===----------------------------------------------------------------------===*
 * The generic runtime
 *===----------------------------------------------------------------------===*/

enum { TFLC_MAX_DIMS = 32 /* entries of `dims` of one signature */ };

/* One signature bound to memory of the caller. The fields are the runtime's; read them freely. */
typedef struct tflc_runner {
  const tflc_model *model;
  const tflc_signature *signature;
  void **buffers; /* the caller's: inputs, then outputs */
  size_t num_buffers;
  void *arena;
  size_t arena_bytes; /* that it holds */
  size_t arena_size;  /* that the present shapes need */
  const tflc_parallel *parallel;
  int64_t dims[TFLC_MAX_DIMS];
} tflc_runner;

/* Looks up a signature; a null key means the model's first one. Null if there is none. */
const tflc_signature *tflc_find_signature(const tflc_model *model, const char *key);

/* The number of the tensor with that name (in the signature, else in the graph), or -1. */
int32_t tflc_find_input(const tflc_signature *signature, const char *name);
int32_t tflc_find_output(const tflc_signature *signature, const char *name);

/* Binds `runner` to a signature (null: the first) with unknown dimensions of size 1. `buffers` has
 * room for the pointers of its inputs and outputs and stays in use. */
tflc_status tflc_init(tflc_runner *runner, const tflc_model *model, const char *key, void **buffers,
                      size_t num_buffers);

/* Goes on with another signature of the same model in the same arena: variables keep their values,
 * shapes and buffers are forgotten. */
tflc_status tflc_select(tflc_runner *runner, const char *key);

/* Gives an input another shape. Every dimension that the model fixes has to agree; unknown
 * dimensions that this input shares with another change there, too. A size may be 0. */
tflc_status tflc_resize_input(tflc_runner *runner, int32_t input, const int32_t *shape,
                              size_t rank);

/* The bytes that the arena needs for the present shapes. */
size_t tflc_arena_size(const tflc_runner *runner);

/* Hands over the arena and gives all variables their initial value. */
tflc_status tflc_set_arena(tflc_runner *runner, void *arena, size_t bytes);

/* Takes the arena of another runner of the same model: variables are shared and keep their values.
 * The two must not be invoked at the same time. */
tflc_status tflc_share_arena(tflc_runner *runner, const tflc_runner *other);

/* Hands over memory of exactly a tensor's size, aligned as its element type. An output whose shape
 * data decide takes any size; an invocation says where that is not enough. */
tflc_status tflc_set_input(tflc_runner *runner, int32_t input, const void *data, size_t bytes);
tflc_status tflc_set_output(tflc_runner *runner, int32_t output, void *data, size_t bytes);

/* Lets invocations share long operators among threads, where the model was compiled for that; null
 * ends it. `parallel` stays the caller's. */
tflc_status tflc_set_parallel(tflc_runner *runner, const tflc_parallel *parallel);

/* The present size of a dimension, and a tensor's bytes (SIZE_MAX if no memory could hold them).
 * For dimensions that data decide, that is what the last invocation has found; before the first
 * one, the most that they can be, or -1 where nothing bounds them. */
int64_t tflc_dim(const tflc_runner *runner, const tflc_tensor *tensor, size_t dim);
size_t tflc_tensor_bytes(const tflc_runner *runner, const tflc_tensor *tensor);

/* Gives all variables their initial value again. */
tflc_status tflc_reset(tflc_runner *runner);

/* Checks that everything is in place, then runs the signature once. After TFLC_LARGER_ARENA_NEEDED,
 * tflc_arena_size() says what is needed as far as the invocation came; after
 * TFLC_LARGER_OUTPUT_NEEDED, tflc_tensor_bytes() does so for the output. Either may come again. Who
 * goes on with variables restores the first `state_size` bytes of the arena before. */
tflc_status tflc_invoke(tflc_runner *runner);

/* A few words in lower case for each status; never null. */
const char *tflc_status_text(int32_t status);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* TFLC_TFLC_H */
