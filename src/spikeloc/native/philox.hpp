// numpy's Philox: 4x64 words with 10 rounds (Salmon et al. 2011), counted up before each block of
// four, in one word or in the lanes of a register.
#pragma once

#include <cstddef>
#include <cstdint>

#include "tile.hpp"

namespace spikeloc {

template <typename Word>
struct Product {
    Word high, low;
};

SPIKELOC_INLINE Product<uint64_t> product(uint64_t a, uint64_t b) {
    __extension__ typedef unsigned __int128 Wide;
    const Wide both = Wide{a} * b;
    return {static_cast<uint64_t>(both >> 64), static_cast<uint64_t>(both)};
}

// Products of the lower halves of the lanes.
template <typename Words>
SPIKELOC_INLINE Words product_of_halves(Words a, Words b) {
#if defined(__x86_64__) && !defined(__clang__)
    Words whole;  // GCC would multiply the upper halves too
    asm("vpmuludq %2, %1, %0" : "=v"(whole) : "v"(a), "v"(b));
    return whole;
#else
    return (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF);
#endif
}

template <typename Words>
SPIKELOC_INLINE Product<Words> product(Words a, uint64_t b) {
    const Words a_high = a >> 32, b_low = Words{} + b, b_high = Words{} + (b >> 32);
    const Words low = product_of_halves(a, b_low);
    const Words one = product_of_halves(a_high, b_low) + (low >> 32);
    const Words other = product_of_halves(a, b_high) + (one & 0xFFFFFFFF);
    const Words high = product_of_halves(a_high, b_high) + (one >> 32) + (other >> 32);
    return {high, (other << 32) | (low & 0xFFFFFFFF)};
}

// Replace the block numbers x[0] by the four words x of these blocks in the stream keyed by (key0,
// key1): those at the counters (x[0], index, 0, 0). Several blocks are computed at a time because
// they do not wait for each other.
template <int count, typename Word>
SPIKELOC_INLINE void philox(uint64_t key0, uint64_t key1, uint64_t index, Word (&x)[4][count]) {
    SPIKELOC_UNROLL for (int i = 0; i < count; ++i) x[1][i] = x[2][i] = x[3][i] = Word{};
    const uint64_t first_key = key0 ^ index;  // with x[1] = index GCC makes a slow chain
    SPIKELOC_UNROLL for (int round = 0; round < 10; ++round) {
        SPIKELOC_UNROLL for (int i = 0; i < count; ++i) {
            const auto a = product(x[0][i], 0xD2E7470EE14C6C93);
            const auto b = product(x[2][i], 0xCA5A826395121157);
            x[0][i] = b.high ^ x[1][i] ^ (round == 0 ? first_key : key0);
            x[2][i] = a.high ^ x[3][i] ^ key1;
            x[1][i] = b.low;
            x[3][i] = a.low;
        }
        key0 += 0x9E3779B97F4A7C15;  // the golden ratio
        key1 += 0xBB67AE8584CAA73B;  // sqrt(3) - 1
    }
}

}  // namespace spikeloc
