//===- Passes.td - from tensors to loops over planned memory ---*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_SCHEDULE_PASSES
#define TFLC_SCHEDULE_PASSES

include "mlir/Pass/PassBase.td"

def Bufferize : Pass<"tflc-bufferize", "::mlir::ModuleOp"> {
  let summary = "turn tensors into buffers; entry functions get memref inputs, outputs and the arena";
  let description = [{
    Entry functions (those with `tfl.signature`) become `(inputs..., outputs..., arena) -> ()`: a result is written into the
    caller's memory by the op that computes it wherever possible. `tensor.pad` becomes a filled buffer into whose interior
    the producer writes. Variables become views of the arena's beginning. What is left is linalg on
    memrefs with static identity or strided layouts, one `memref.alloc` for each intermediate value,
    and one `memref.global` for each constant.

    ```mlir
    func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> attributes {tfl.signature = "serving_default"}
    // becomes
    func.func @main(%x: memref<4xf32>, %y: memref<4xf32>, %arena: memref<?xi8>)
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect", "::mlir::arith::ArithDialect"];
}

def FillBorders : Pass<"tflc-fill-borders", "::mlir::ModuleOp"> {
  let summary = "write padding around its interior only, and after it";
  let description = [{
    A buffer that is filled as a whole and whose interior other ops then overwrite is filled around that interior only, just
    before the first op that sees the border. Until then the buffer may share its place with one that is read while the interior
    is written (`tflc-plan-arena`).

    ```mlir
    linalg.fill ins(%z) outs(%padded : memref<1x10x10x4xi8>)
    linalg.generic ... outs(%interior : memref<1x8x8x4xi8, strided<[400, 40, 4, 1], offset: 44>>)
    // becomes
    linalg.generic ... outs(%interior : memref<1x8x8x4xi8, strided<[400, 40, 4, 1], offset: 44>>)
    linalg.fill ins(%z) outs(%gaps : memref<1x7x8xi8, strided<[400, 40, 1], offset: 76>>)
    linalg.fill ins(%z) outs(%head : memref<44xi8, strided<[1]>>)
    linalg.fill ins(%z) outs(%tail : memref<44xi8, strided<[1], offset: 356>>)
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::linalg::LinalgDialect"];
}

def PlanArena : Pass<"tflc-plan-arena", "::mlir::ModuleOp"> {
  let summary = "give every intermediate buffer its place in the arena";
  let description = [{
    Replaces each `memref.alloc` of an entry function, also in its loops and branches, by a view of the arena at an offset that
    is fixed here. Lifetimes come from the tree of steps (docs/Scheduling.md, "Loops and branches"). Two buffers overlap only when they are never alive
    in the same step, or when a kernel reads the one for the last time and every element before it writes to its place
    (`lib/Schedule/InPlace.h`).

    Module attributes say what came out: `tflc.arena_size`, `tflc.arena_alignment`, `tflc.arena_lower_bound` and `tflc.arena_map`.
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

def PlanDynamicArena : Pass<"tflc-plan-dynamic-arena", "::mlir::ModuleOp"> {
  let summary = "place buffers whose size depends on unknown dimensions, and compute the arena's size";
  let description = [{
    After the buffers of known size come slots whose sizes are products of unknown dimensions. Buffers with the same unknown
    factors use one slot in turn. Each entry function with unknown dimensions gets a function beside it that maps these
    to the size of the arena and to the unknown dimensions of the outputs, in order:

    ```mlir
    func.func @main(%x: memref<1xi8>, %y: memref<1xi8>, %arena: memref<1xi8>, %n: index)
    func.func @main.plan(%n: index) -> (index, index)
    ```
  }];
  let dependentDialects = ["::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect",
    "::tflc::tflrt::TFLRTDialect"];
}

def FormKernels : Pass<"tflc-form-kernels", "::mlir::ModuleOp"> {
  let summary = "group linalg ops on buffers that run as one loop nest";
  let description = [{
    A reduction takes the op that initializes its accumulator and the only op that reads it, element by element, into
    one `tflrt.kernel`; the accumulator then needs no memory. Every other linalg op becomes a kernel
    of its own.
  }];
  let dependentDialects = ["::tflc::tflrt::TFLRTDialect"];
}

def JoinLoops : Pass<"tflc-join-loops", "::mlir::ModuleOp"> {
  let summary = "run kernels along one loop together, so that what is between them stays in the cache";
  let description = [{
    Consecutive kernels whose outermost parallel loops go along each other, as the heads of attention, or the rows of a
    softmax or of a normalization do, become the body of one loop. Of a buffer that only they touch, one iteration's part is enough.

    ```mlir
    %scores = memref.alloc() : memref<4x64x64xf32>
    tflrt.kernel { linalg.generic ... ins(%q, %k) outs(%scores) }
    tflrt.kernel { linalg.generic ... ins(%scores, %v) outs(%y) }
    // becomes
    scf.for %i = %0 to %4 step %1 {
      %part = memref.alloc() : memref<4096xf32>
      %s = memref.reinterpret_cast %part ... : memref<1x64x64xf32>
      tflrt.kernel { linalg.generic ... ins(%q_i, %k_i) outs(%s) }
      tflrt.kernel { linalg.generic ... ins(%s, %v_i) outs(%y_i) }
    } {tflc.shared_loop}
    ```

    An iteration takes as many steps of the loop as half of the first cache holds. That is done where what is between the kernels is
    larger than that, and again within an iteration. A product of which one factor is the same in all iterations stays out, since
    that would be read, or packed, in each. See docs/Scheduling.md, "Heads and rows that stay in the cache".
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

def SelectStrategies : Pass<"tflc-select-strategies", "::mlir::ModuleOp"> {
  let summary = "decide how each kernel runs on the target";
  let description = [{
    Writes the attribute `strategy` of each `tflrt.kernel`, from the module's target and the kernel's shapes alone. A kernel
    of several ops for which no strategy fits is taken apart; a single op for which none fits runs as plain loops. A warning says so
    where that is a contraction, or where the loops take a hundredth of the estimated time. docs/Scheduling.md lists the forms.

    With `explain-choices` each kernel also says what its products are estimated to take (`tflc.cycles`), and why other forms were
    not taken (`tflc.rejected`).

    With `tasks`, a kernel whose tiles several tasks can share says so: `tflc.tasks` is the loop whose tiles they are, and the
    number of tasks.
  }];
  let options = [Option<"forSize", "for-size", "bool", "false", "fewer points and no rests of tiles: small code before fast code">,
                 Option<"leastMemory", "least-memory", "bool", "false", "no speed for larger scratch buffers">,
                 Option<"explainChoices", "explain-choices", "bool", "false", "note why forms were not taken">,
                 Option<"tasks", "tasks", "bool", "false", "share the tiles of long kernels among tasks (docs/Threads.md)">];
}

def StreamRows : Pass<"tflc-stream-rows", "::mlir::ModuleOp"> {
  let summary = "run chains of kernels row by row where that makes the arena smaller";
  let description = [{
    Consecutive kernels become a loop over stripes of rows of the last one. In each iteration every kernel computes the
    rows that the next ones lack, into a buffer of as many rows as their windows span in one stripe; rows that the next stripe
    needs again move to the front of it. Padding stays around those rows, and is filled once. Which
    chains run so, and in stripes of which height, follows from the arena's plan alone: the least peak first, then the least work
    beside what the kernels do anyway. See docs/Scheduling.md, "Rows instead of tensors".

    ```mlir
    %t = memref.alloc() : memref<1x50x50x8xi8>
    tflrt.kernel { linalg.generic ... ins(%x) outs(%interior of %t) }  // then fills around it
    tflrt.kernel { linalg.generic ... ins(%t) outs(%y) }               // a window of 3 x 3
    // becomes
    %rows = memref.alloc() : memref<1x8x50x8xi8>                       // 6 of 48, and 2 of padding
    tflrt.kernel { linalg.fill ... outs(%rows) }
    scf.for %i = %first to %stripes step %one {
      tflrt.kernel { linalg.generic ... ins(%last_rows) outs(%first_rows) }  // 2 of them
      tflrt.kernel { linalg.generic ... ins(%x_rows) outs(%new_rows) }       // 4 of them
      scf.if %turn { tflrt.kernel { linalg.generic ... ins(%window_rows) outs(%y_rows) } }
    } {tflc.row_chain = {stripe = 4 : i64}}
    ```

    The allocation says of how many rows it holds some (`tflc.rows_of`), for the arena's map. Views of rows of what the loop reads from outside carry `tflc.overwrite_distance`: how far the output may lie behind that buffer,
    so that the two can share memory (`tflc-plan-arena`).
  }];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::memref::MemRefDialect", "::mlir::linalg::LinalgDialect",
                           "::mlir::arith::ArithDialect", "::tflc::tflrt::TFLRTDialect"];
}

def ProfileSteps : Pass<"tflc-profile-steps", "::mlir::ModuleOp"> {
  let summary = "record when each step of an entry function begins and ends";
  let description = [{
    For `tflc bench --per-op` alone. A step is an op of an entry function, or of its loops and branches, that writes memory: a
    kernel, or what runs as plain loops. With N steps, N + 2 readings of the target's clock are stored as i64 behind the end of the arena: one
    before the first step, one after each step, and one right after the last, whose distance is the cost of a reading. Where
    steps are repeated or left out, the time of each is summed instead, less the cost of readings, and what is stored are the sums
    up to each step, as if all had run once, one behind the other.

    `tflc.profile_offset` says where in the arena they stand, and `tflc.steps` describes each step: its operators,
    multiply-accumulates, bytes and strategy. Functions with unknown dimensions are left as they are.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::memref::MemRefDialect", "::mlir::arith::ArithDialect"];
}

def EmitKernels : Pass<"tflc-emit-kernels", "::mlir::ModuleOp"> {
  let summary = "replace kernels by loops over vectors, as their strategies say";
  let description = [{
    A kernel with tasks becomes a function that computes the share of one of them, and a call that runs all. Entry functions then
    have one more argument, the caller's `tflc_parallel`, behind the arena.

    ```mlir
    tflrt.kernel #tflrt.broadcast<...> attributes {tflc.tasks = array<i64: 0, 8>} {...}
    // becomes
    %status = func.call @main.task0.run(%x, %y, %arena, %parallel)
    tflrt.guard %status
    // with
    func.func private @main.task0(%x: ..., %y: ..., %arena: ..., %task: index) {...}
    func.func private @main.task0.run(...) -> i32 attributes {tflc.run_tasks = @main.task0, tflc.task_count = 8}
    ```

    Kernels of one block with nothing between them that touches memory become a list: their calls say with `tflc.list_step` and
    `tflc.task_needs` which tasks of earlier steps each task waits for, and one guard stands behind the last (docs/Threads.md).

    With `functions` each other kernel without tasks is moved into a function of its own, with a call in its place, for `tflc-merge-kernels`. Kernels in loops
    of the model stay but for `in-loops`: a step of a recurrent layer takes some tens of nanoseconds, and calls are a twentieth of that.
  }];
  let options = [Option<"tasks", "tasks", "bool", "false", "entry functions take a parallel-for, and kernels with tasks use it">,
                 Option<"functions", "functions", "bool", "false", "kernels become functions">,
                 Option<"inLoops", "in-loops", "bool", "false", "those in loops of the model, too">];
  let dependentDialects = ["::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect", "::mlir::memref::MemRefDialect",
                           "::mlir::arith::ArithDialect", "::mlir::func::FuncDialect", "::tflc::tflrt::TFLRTDialect",
                           "::mlir::LLVM::LLVMDialect"];
}

def FuseElementwise : Pass<"tflc-fuse-elementwise", "::mlir::ModuleOp"> {
  let summary = "join elementwise ops on tensors";
  let description = [{
    Fuses an elementwise op into its only reader where that is elementwise too. An epilogue of a contraction takes its
    readers along, but never a second accumulator: that one would have to exist in memory, four times
    as large as the value that is made from it.
    An elementwise op behind a `tensor.expand_shape` runs on the shape before it.
  }];
}

def SignedWeights : Pass<"tflc-signed-weights", "::mlir::ModuleOp"> {
  let summary = "make constant weights with a zero point signed bytes";
  let description = [{
    Networks of unsigned bytes have weights with a zero point `z`. Less that, a weight has 9 bits, for which there are no products of bytes.

    Where columns share rows, the weights become `w - 128`, signed bytes, and `(z - 128)` times the sum of the row is subtracted from what
    the sums of all its columns begin with:

    ```mlir
    acc + extui(x) * (extui(w) - z)              // for each column
    // becomes
    sum + extui(x)                               // once for each row
    (init - (z - 128) * sum) + extui(x) * extsi(w ^ 128)
    ```

    Depthwise windows share no rows. On targets that multiply four bytes in a lane, a loop of the reduction is added, which runs over two signed
    bytes whose sum is the weight less its zero point.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def UnsignedActivations : Pass<"tflc-unsigned-activations", "::mlir::ModuleOp"> {
  let summary = "keep activations of 8 bit contractions as unsigned integers";
  let description = [{
    Some dot-product instructions (VPDPBUSD) multiply an unsigned by a signed byte. On targets that have no other, the signed activations `x`
    of a contraction with constant weights are replaced by `x + 128`, kept as unsigned bytes: the producer flips the sign
    bit, every other reader flips it back, and 128 times the sum of the weights leaves the accumulator's initial value.
  }];
}

def FoldByteFunctions : Pass<"tflc-fold-byte-functions", "::mlir::ModuleOp"> {
  let summary = "replace chains of ops on one byte by a table";
  let description = [{
    In the body of an elementwise op, a byte that is a function of one other byte, as LOGISTIC and MUL make it of the
    result of a convolution, is read from a table of 256 entries, evaluated at compile time. That is done where the chain
    reads a table already, and where it rescales and look-ups are faster on the target.

    ```mlir
    %i = arith.index_castui %x : i8 to index
    %s = tensor.extract %logistic[%i] : tensor<256xi8>
    ...                                                  // x * s, rescaled to a byte
    // becomes
    %i = arith.index_castui %x : i8 to index
    %y = tensor.extract %table[%i] : tensor<256xi8>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
}

def TabulateLowBits : Pass<"tflc-tabulate-low-bits", "::mlir::ModuleOp"> {
  let summary = "read what a few bits determine from tables, where there are no vectors";
  let description = [{
    The exponential function of integer LSTM gates is a polynomial of the lowest bits of a word, and factors for the bits above them. On
    targets without vector registers, what ten bits or less of an integer determine by eight operations or more becomes a look-up in a table
    of at most 1024 bytes or words, evaluated at compile time. The polynomial takes 22 operations, the look-up two.

    ```mlir
    %low = arith.andi %x, %c1023 : i16
    ...                                                  // %low goes through a polynomial
    // becomes
    %low = arith.andi %x, %c1023 : i16
    %i = arith.index_castui %low : i16 to index
    %y = tensor.extract %table[%i] : tensor<1024xi16>
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect"];
}

def GatherWindows : Pass<"tflc-gather-windows", "::mlir::ModuleOp"> {
  let summary = "copy the short runs of a window behind each other, where vectors lie along runs";
  let description = [{
    MVE sums sixteen products of neighbours at once. A window of one channel has runs of few neighbours: ten of four bytes in the first layer
    of a keyword spotting net, each of which takes a masked load and a product of its own for every row and column. Copied behind each other,
    once for all columns, they are one run of forty bytes. That is done where it halves the products at least, for more runs than are
    written out otherwise, and where there are as many columns as the window has elements, so that the copies take no more memory than the
    results.

    ```mlir
    %y = linalg.generic {... (d0 * 2 + d4, d1 * 2 + d5, d6) ...} ins(%x, %weights)
    // becomes
    %rows = linalg.generic {...} ins(%x) outs(%empty : tensor<25x5x10x4x1xi8>)    // a copy
    %y = linalg.generic {... (d0, d1, d4, d5, d6) ...} ins(%rows, %weights)
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"];
}

def WordProducts : Pass<"tflc-word-products", "::mlir::ModuleOp"> {
  let summary = "multiply bytes by gates in 16 bits where that is proven to be exact";
  let description = [{
    A quantized product of a tensor and a gate, which is one byte for all pixels of a channel, becomes arithmetic in 16 bits on targets
    with `tflrt.multiply_high` as an instruction. The gate and the rescaling make a real number, in two words, which all pixels share; each
    of them costs two products. All 65,536 pairs of bytes are tried at compile time (`WordProduct.h`); where one differs, the op stays as it is.

    ```mlir
    %p = arith.muli %x, %g : i32
    %r = tflrt.rescale %p, %m, %s <double> : i32, i8 -> i32
    // becomes
    %i = arith.muli %size, %integer : i16                // of |x|
    %f = tflrt.multiply_high %size, %fraction : i16
    %p = arith.addi %i, %f : i16
    ...                                                  // shifted, and the sign of x
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::math::MathDialect", "::tflc::tflrt::TFLRTDialect"];
}

def FloatRescale : Pass<"tflc-float-rescale", "::mlir::ModuleOp"> {
  let summary = "rescale accumulators in float where that is proven to be exact";
  let description = [{
    On targets whose vectors multiply floats faster than 64 bit integers (`float_rescale`), a `tflrt.rescale` with constant
    multipliers and shifts, whose result is clamped to few values, becomes `tflrt.float_rescale`: a conversion to float, a fused multiply-add and a
    conversion back. For each channel scale and offset are chosen such that every accumulator within
    `input_ranges` gives the same clamped result; that is tested at compile time (`lib/Quantization/FloatRescale.h`).
    A rescaled sum of two rescaled bytes becomes `tflrt.float_sum`.
    Where one channel has no such numbers, the op stays as it is.

    ```mlir
    %y = tflrt.rescale %acc, %m, %s <double> : i32, i8 -> i32
    // becomes, where results of both signs count,
    %y = tflrt.float_rescale %acc, %scale, %offset below %offset_below : f32 <nearest> : i32, f32, f32
    ```

    One offset does where results below zero are clamped away, or were rounded once. Where sums have to be closer to the
    real numbers than such offsets allow, they are truncated instead.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tflc::tflrt::TFLRTDialect"];
}

#endif
