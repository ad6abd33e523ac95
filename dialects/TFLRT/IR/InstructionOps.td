//===- InstructionOps.td - what few machines do at once --------*- tablegen -*-===//
//
// Part of tflc, under the Apache License 2.0.
//
// Ops that a schedule emits for machines with the instructions for them alone, as
// `InstructionSet` tells.
//
//===----------------------------------------------------------------------===//

#ifndef TFLC_TFLRT_INSTRUCTION_OPS
#define TFLC_TFLRT_INSTRUCTION_OPS

include "TFLRT/IR/TFLRTBase.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class TFLRT_FixedVector<int lanes, int width> :
    Type<CPred<"$_self == ::mlir::VectorType::get(" # lanes # ", ::mlir::IntegerType::get($_self.getContext(), " # width # "))">,
         "vector<" # lanes # "xi" # width # ">", "::mlir::VectorType">,
    BuildableType<"::mlir::VectorType::get(" # lanes # ", $_builder.getIntegerType(" # width # "))">;
def TFLRT_FourSums : TFLRT_FixedVector<4, 32>;
def TFLRT_SixteenBytes : TFLRT_FixedVector<16, 8>;

def TFLRT_DotMatrixOp : TFLRT_Op<"dot_matrix", [Pure]> {
  let summary = "products of two rows and two columns of bytes";
  let description = [{
    `lhs` holds two rows of eight signed bytes, `rhs` two columns. For r and c of 0 and 1:
    ```
    result[2 * r + c] = acc[2 * r + c] + sum over g in [0, 8) of sext(lhs[8 * r + g]) * sext(rhs[8 * c + g])
    ```
    in two's complement i32. It becomes one instruction (SMMLA), or plain multiplies where there is none.

    ```mlir
    %r = tflrt.dot_matrix %acc, %rows, %columns
    ```
  }];
  let arguments = (ins TFLRT_FourSums:$acc, TFLRT_SixteenBytes:$lhs, TFLRT_SixteenBytes:$rhs);
  let results = (outs TFLRT_FourSums:$result);
  let assemblyFormat = "$acc `,` $lhs `,` $rhs attr-dict";
}

def TFLRT_WordProductsOp : TFLRT_Op<"word_products", [MemoryEffects<[MemRead]>]> {
  let summary = "sums of products of bytes that lie in memory, by words of four";
  let description = [{
    For machines of 32 bits that take words of four bytes apart and multiply pairs of halves (the DSP extension of ARM). `rows` and `weights` are addresses.
    With C = `columns`, `sums` has one entry for each pair of a row r and a column c, at r * C + c:
    ```
    results[r * C + c] = sums[r * C + c] + sum over u in [0, runs), i in [0, 4 * groups + rest) of
                         ext(rows[row_offsets[r] + u * (4 * groups + step) + i]) * sext(weight(u, c, i))
    ```
    Bytes of rows are zero-extended with `rows_unsigned`. Weights are stored in the order in which they are used: for each run, for each word of it, one word of each
    column; behind the whole words, `rest` bytes of each column, filled up with zeros to a word. `unroll` words are multiplied in one iteration;
    with several runs these are all of a run. The result does not depend on it.

    With `extended`, rows have been extended before: their elements are 16 bit integers, which `row_offsets` and `step` count. In each word of the weights bytes 1
    and 2 have changed places. With `aligned`, all addresses of rows, from `rows` on, are multiples of four bytes. Nothing behind the last element of a run is read.

    ```mlir
    %r:2 = tflrt.word_products %rows, %weights into (%a, %b)
      {row_offsets = array<i64: 0>, columns = 2, groups = 8, unroll = 2, rest = 0, runs = 1, step = 0} : i32, i32
    ```
  }];
  let arguments = (ins I32:$rows, I32:$weights, Variadic<I32>:$sums, DenseI64ArrayAttr:$row_offsets, I64Attr:$columns,
                       I64Attr:$groups, I64Attr:$unroll, I64Attr:$rest, I64Attr:$runs, I64Attr:$step, UnitAttr:$rows_unsigned,
                       UnitAttr:$extended, UnitAttr:$aligned);
  let results = (outs Variadic<I32>:$results);
  let assemblyFormat = "$rows `,` $weights `into` `(` $sums `)` attr-dict `:` type($results)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Tile registers
//===----------------------------------------------------------------------===//

def TFLRT_Tile : ConfinedAttr<I64Attr, [IntNonNegative, IntMaxValue<7>]> {
  let summary = "the number of a tile register";
}

/// Tile registers are state of the machine, as memory is.
class TFLRT_TileOp<string mnemonic> : TFLRT_Op<"tile_" # mnemonic, [MemoryEffects<[MemRead, MemWrite]>]>;

def TFLRT_TileConfigureOp : TFLRT_TileOp<"configure"> {
  let summary = "set the sizes of the eight tile registers";
  let description = [{
    Register i becomes a matrix of `rows[i]` rows of `row_bytes[i]` bytes, or is not used where both are 0. All are zero then. A configuration holds until
    the next one or `tflrt.tile_release`.

    ```mlir
    tflrt.tile_configure rows [16, 16, 16, 0, 0, 0, 0, 0] bytes [64, 64, 64, 0, 0, 0, 0, 0]
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$rows, DenseI64ArrayAttr:$row_bytes);
  let assemblyFormat = "`rows` $rows `bytes` $row_bytes attr-dict";
  let hasVerifier = 1;
}

def TFLRT_TileReleaseOp : TFLRT_TileOp<"release"> {
  let summary = "give the tile registers back";
  let assemblyFormat = "attr-dict";
}

def TFLRT_TileZeroOp : TFLRT_TileOp<"zero"> {
  let summary = "fill a tile register with zeros";
  let arguments = (ins TFLRT_Tile:$tile);
  let assemblyFormat = "$tile attr-dict";
}

class TFLRT_TileTransferOp<string mnemonic> : TFLRT_TileOp<mnemonic> {
  let arguments = (ins TFLRT_Tile:$tile, MemRefRankOf<[AnyType], [1]>:$buffer, Index:$index, I64Attr:$stride);
  let assemblyFormat = "$tile `,` $buffer `[` $index `]` `by` $stride attr-dict `:` type($buffer)";
}

def TFLRT_TileLoadOp : TFLRT_TileTransferOp<"load"> {
  let summary = "read the rows of a tile register from memory";
  let description = [{
    Row i comes from the address of `buffer[index]` plus i * `stride` bytes.

    ```mlir
    tflrt.tile_load 2, %rows[%i] by 128 : memref<4096xi8>
    ```
  }];
}

def TFLRT_TileStoreOp : TFLRT_TileTransferOp<"store"> {
  let summary = "write the rows of a tile register to memory";
  let description = "Row i goes to the address of `buffer[index]` plus i * `stride` bytes.";
}

def TFLRT_TileDotOp : TFLRT_TileOp<"dot"> {
  let summary = "add the product of two matrices of bytes to one of sums";
  let description = [{
    The register `lhs` holds rows of unsigned bytes, `rhs` signed ones, and `sums` 32 bit integers:
    ```
    sums[r][c] += sum over g, i in [0, 4) of zext(lhs[r][4 * g + i]) * sext(rhs[g][4 * c + i])
    ```
    ```mlir
    tflrt.tile_dot 0, 2, 3
    ```
  }];
  let arguments = (ins TFLRT_Tile:$sums, TFLRT_Tile:$lhs, TFLRT_Tile:$rhs);
  let assemblyFormat = "$sums `,` $lhs `,` $rhs attr-dict";
  let hasVerifier = 1;
}

#endif
