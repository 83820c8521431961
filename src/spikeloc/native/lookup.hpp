// Products of bits with a matrix by table look-up.
//
// The sum of the rows that a set of bits selects is found five bits at a time: the 32 possible sums
// of five rows are tabulated beforehand. A product is then a fixed number of additions without
// branches, whatever the density of spikes. In the forward pass the fibres that fire in a time step
// select rows of W1; in the backward pass the time steps in which a fibre fires select rows of dh.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "tile.hpp"

namespace spikeloc {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "bits and bytes are read as words");

constexpr size_t kGroup = 5;  // bits that are looked up together
constexpr size_t kPatterns = size_t{1} << kGroup;
constexpr size_t kTableFloats = kPatterns * kTile;  // the table of a group: 4 KB
constexpr uint64_t kRowBytes = kTile * sizeof(float);
constexpr size_t kBlock = 8;  // groups at a time: their bits are 5 bytes, their tables 32 KB
constexpr size_t kBlockBits = kBlock * kGroup, kBlockBytes = kBlockBits / 8;

constexpr size_t groups_of(size_t bits) { return (bits + kGroup - 1) / kGroup; }

// Tabulate the sums of `groups` times five rows (5 groups, 32).
template <int bytes>
SPIKELOC_INLINE void make_tables(const float* rows, size_t groups, float* table) {
    using Tiles = Tile<bytes>;
    for (size_t group = 0; group < groups; ++group, rows += kGroup * kTile, table += kTableFloats) {
        for (int i = 0; i < Tiles::kParts; ++i) {
            const float* row = rows + i * Tiles::kLanes;
            float* to = table + i * Tiles::kLanes;
            typename Tiles::Floats sums[kPatterns / 2];
            sums[0] = typename Tiles::Floats{};
            sums[1] = Tiles::part_at(row);
            const auto second = Tiles::part_at(row + kTile);
            SPIKELOC_UNROLL for (size_t p = 0; p < 2; ++p) sums[2 + p] = sums[p] + second;
            const auto third = Tiles::part_at(row + 2 * kTile);
            SPIKELOC_UNROLL for (size_t p = 0; p < 4; ++p) sums[4 + p] = sums[p] + third;
            const auto fourth = Tiles::part_at(row + 3 * kTile);
            SPIKELOC_UNROLL for (size_t p = 0; p < 8; ++p) sums[8 + p] = sums[p] + fourth;
            const auto fifth = Tiles::part_at(row + 4 * kTile);
            SPIKELOC_UNROLL for (size_t p = 0; p < kPatterns / 2; ++p) {
                Tiles::put_part(to + p * kTile, sums[p]);
                Tiles::put_part(to + (p + kPatterns / 2) * kTile, sums[p] + fifth);
            }
        }
    }
}

// The bits of 5 bytes of each item, `stride` bytes apart.
struct WholeWords {
    const uint8_t* bits;
    size_t stride;

    SPIKELOC_INLINE uint64_t operator[](size_t item) const {
        const uint8_t* from = bits + item * stride;
        uint32_t lower;
        std::memcpy(&lower, from, sizeof lower);
        return lower | uint64_t{from[4]} << 32;
    }
};

// The bits of fewer bytes at the end of a row; nothing beyond the row is read.
struct LastWords {
    const uint8_t* bits;
    size_t stride, count;

    SPIKELOC_INLINE uint64_t operator[](size_t item) const {
        uint64_t word = 0;
        for (size_t i = 0; i < count; ++i) word |= uint64_t{bits[item * stride + i]} << 8 * i;
        return word;
    }
};

// The row of a group's table that the group's bits in a word select; `offsets` is the word times
// the bytes of a row.
SPIKELOC_INLINE const float* selected(const float* table, uint64_t offsets, size_t group) {
    const uint64_t offset = offsets >> group * kGroup & (kPatterns - 1) * kRowBytes;
    return table + group * kTableFloats + offset / sizeof(float);
}

// Add to `out` (items, 32) the rows that `groups` groups of bits, from bit `at` of each item's word
// on, select. With `to_zero` the sum replaces the content of `out`.
template <int bytes, size_t groups, bool to_zero = false, typename Words>
SPIKELOC_INLINE void gather(const Words words, size_t at, size_t items, const float* table,
                            float* out) {
    using Row = Tile<bytes>;
    for (size_t j = 0; j < items; ++j, out += kTile) {
        const uint64_t offsets = (words[j] >> at) * kRowBytes;
        Row even = Row::load(selected(table, offsets, 0));  // two sums do not wait for each other
        Row odd = to_zero ? Row{} : Row::load(out);
        SPIKELOC_UNROLL for (size_t i = 1; i + 1 < groups; i += 2) {
            odd += Row::load(selected(table, offsets, i));
            even += Row::load(selected(table, offsets, i + 1));
        }
        if (groups % 2 == 0) odd += Row::load(selected(table, offsets, groups - 1));
        (even + odd).store(out);
    }
}

// The same for the groups of an incomplete block.
template <int bytes, typename Words>
SPIKELOC_INLINE void gather_rest(const Words words, size_t groups, size_t items, const float* table,
                                 float* out) {
    size_t group = 0;
    for (; group + 4 <= groups; group += 4, table += 4 * kTableFloats) {
        gather<bytes, 4>(words, group * kGroup, items, table, out);
    }
    for (; group < groups; ++group, table += kTableFloats) {
        gather<bytes, 1>(words, group * kGroup, items, table, out);
    }
}

// Transpose a matrix of bits: (rows, bytes) to (columns, bytes of rows), eight to a byte from the
// lowest bit on. `eight` (bytes,) and `words` (8 * bytes,) are scratch memory.
inline void transpose(const uint8_t* bits, size_t rows, size_t columns, uint64_t* eight,
                      uint64_t* words, uint8_t* out) {
    const size_t bytes = (columns + 7) / 8, out_bytes = (rows + 7) / 8;
    for (size_t from = 0; from < rows; from += 64) {  // one word of each column at a time
        std::fill_n(words, 8 * bytes, uint64_t{0});
        for (size_t first = from; first < std::min(from + 64, rows); first += 8) {
            std::fill_n(eight, bytes, uint64_t{0});
            for (size_t row = first; row < std::min(first + 8, rows); ++row) {
                const uint8_t* const of_row = bits + row * bytes;
                for (size_t i = 0; i < bytes; ++i) {
                    eight[i] |= uint64_t{of_row[i]} << 8 * (row - first);
                }
            }
            for (size_t i = 0; i < bytes; ++i) {  // 8 x 8 bits each, by swapping ever larger blocks
                uint64_t x = eight[i];
                uint64_t swap = (x ^ x >> 7) & 0x00AA00AA00AA00AA;
                x ^= swap ^ swap << 7;
                swap = (x ^ x >> 14) & 0x0000CCCC0000CCCC;
                x ^= swap ^ swap << 14;
                swap = (x ^ x >> 28) & 0x00000000F0F0F0F0;
                eight[i] = x ^ swap ^ swap << 28;  // byte j is now column 8 i + j
            }
            const auto* rows_of = reinterpret_cast<const uint8_t*>(eight);
            for (size_t j = 0; j < 8 * bytes; ++j) {
                words[j] |= uint64_t{rows_of[j]} << (first - from);
            }
        }
        const size_t count = std::min(out_bytes - from / 8, sizeof(uint64_t));
        for (size_t j = 0; j < columns; ++j) {
            uint8_t* const to = out + j * out_bytes + from / 8;
            if (count == sizeof(uint64_t)) std::memcpy(to, words + j, sizeof(uint64_t));
            else for (size_t i = 0; i < count; ++i) to[i] = static_cast<uint8_t>(words[j] >> 8 * i);
        }
    }
}

// The same for each of `count` matrices.
inline void transpose_all(const uint8_t* bits, size_t count, size_t rows, size_t columns,
                          uint8_t* out) {
    const size_t bytes = (columns + 7) / 8;
    std::vector<uint64_t> eight(bytes), words(8 * bytes);
    for (size_t i = 0; i < count; ++i) {
        transpose(bits + i * rows * bytes, rows, columns, eight.data(), words.data(),
                  out + i * columns * ((rows + 7) / 8));
    }
}

}  // namespace spikeloc
