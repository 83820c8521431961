// Products of bits with a matrix by table look-up.
//
// The sum of the rows that a set of bits selects takes four bits at once: the 16 possible sums of
// four rows are tabled beforehand. A product is then a fixed number of additions without branches,
// whatever the density. Forward, fibres that fire in a time step select rows of W1; backward, time
// steps in which a fibre fires select rows of dh.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tile.hpp"

namespace spikeloc {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "transpose() writes words, reads bytes");

constexpr size_t kPatterns = 16;  // of four bits
constexpr size_t kNibbleFloats = kPatterns * kTile;
constexpr size_t kByteFloats = 2 * kNibbleFloats;  // the table of eight rows

// A matrix of bits in memory: byte i of item j at `bits[j * per_item + i * per_byte]`.
struct BitMatrix {
    const uint8_t* bits;
    size_t items, bytes, per_item, per_byte;
};

// Table the sums of `count` rows (count, units), `stride` floats apart, padded with zeros to
// 8 `row_bytes` rows and 32 units.
template <int bytes>
SPIKELOC_INLINE void make_table(const float* rows, size_t count, size_t stride, size_t units,
                                size_t row_bytes, float* table) {
    for (size_t nibble = 0; nibble < 2 * row_bytes; ++nibble, table += kNibbleFloats) {
        float padded[4][kTile] = {};
        for (size_t k = 0; k < 4 && 4 * nibble + k < count; ++k) {
            std::copy_n(rows + (4 * nibble + k) * stride, units, padded[k]);
        }
        Tile<bytes>{}.store(table);
        for (size_t pattern = 1; pattern < kPatterns; ++pattern) {
            const auto rest = Tile<bytes>::load(table + (pattern & (pattern - 1)) * kTile);
            const auto row = Tile<bytes>::load(padded[__builtin_ctz(pattern)]);
            (rest + row).store(table + pattern * kTile);
        }
    }
}

// Bytes `from` to `from + count` of the product; `count` is known to the compiler.
template <int bytes, size_t count>
SPIKELOC_INLINE void add_block(const BitMatrix& matrix, size_t from, const float* table,
                               float* out) {
    // copies, because the compiler must assume that a store to `out` could alter the matrix
    const size_t items = matrix.items, per_item = matrix.per_item;
    const uint8_t* column[count];
    for (size_t i = 0; i < count; ++i) column[i] = matrix.bits + (from + i) * matrix.per_byte;
    table += from * kByteFloats;
    for (size_t j = 0; j < items; ++j, out += kTile) {
        Tile<bytes> lower{}, upper{};  // two sums, so that neither waits for the other
        SPIKELOC_UNROLL for (size_t i = 0; i < count; ++i) {
            const size_t byte = column[i][j * per_item];
            const float* nibbles = table + i * kByteFloats;
            lower += Tile<bytes>::load(nibbles + (byte & 15) * kTile);
            upper += Tile<bytes>::load(nibbles + kNibbleFloats + (byte >> 4) * kTile);
        }
        (Tile<bytes>::load(out) + (lower + upper)).store(out);
    }
}

// Add the product of a bit matrix and the tabled rows to `out` (items, 32).
//
// Four bytes at a time: their tables (16 KB) stay in the first-level cache for all items.
template <int bytes>
SPIKELOC_INLINE void add_product(const BitMatrix& matrix, const float* table, float* out) {
    size_t i = 0;
    for (; i + 4 <= matrix.bytes; i += 4) add_block<bytes, 4>(matrix, i, table, out);
    for (; i < matrix.bytes; ++i) add_block<bytes, 1>(matrix, i, table, out);
}

// Transpose bits (steps, bytes) to words (ceil(steps / 8), bytes): byte j of word [k, i] holds
// fibre 8 i + j in the steps 8 k to 8 k + 7.
SPIKELOC_INLINE void transpose(const uint8_t* bits, size_t steps, size_t bytes, uint64_t* words) {
    for (size_t first = 0; first < steps; first += 8, words += bytes) {
        std::fill_n(words, bytes, uint64_t{0});
        for (size_t step = first; step < std::min(first + 8, steps); ++step) {
            const uint8_t* row = bits + step * bytes;
            for (size_t i = 0; i < bytes; ++i) words[i] |= uint64_t{row[i]} << 8 * (step - first);
        }
        for (size_t i = 0; i < bytes; ++i) {  // 8 x 8 bits each, by swapping ever larger blocks
            uint64_t x = words[i];
            uint64_t swap = (x ^ x >> 7) & 0x00AA00AA00AA00AA;
            x ^= swap ^ swap << 7;
            swap = (x ^ x >> 14) & 0x0000CCCC0000CCCC;
            x ^= swap ^ swap << 14;
            swap = (x ^ x >> 28) & 0x00000000F0F0F0F0;
            words[i] = x ^ swap ^ swap << 28;
        }
    }
}

}  // namespace spikeloc
