// The bare kernel of the native core: its row additions alone, at two loads and one store a cycle.
//
// A training step adds rows of 32 floats that its spikes select from tables (lookup.hpp). Here as
// many rows are added and as many tables are stored, but every address is known beforehand and
// everything stays in the first-level cache: no spikes are read, no neuron is computed, no memory
// is waited for. Compiled by others.py for the widest registers of this machine.
#include <cstddef>

#include "lookup.hpp"

#if defined(__AVX512F__)
constexpr int kBytes = 64;
#elif defined(__AVX2__)
constexpr int kBytes = 32;
#else
constexpr int kBytes = 16;
#endif

using namespace spikeloc;
using Row = Tile<kBytes>;

namespace {

constexpr size_t kItems = 32;  // rows of sums: with 8 tables 36 KB

// For `items` sums: add one row of each of 8 tables.
void add_block(size_t items, const float* table, float* out) {
    for (size_t j = 0; j < items; ++j) {
        const float* row = table + j % kPatterns * kTile;
        float* sum = out + j % kItems * kTile;
        Row even = Row::load(row), odd = Row::load(sum);
        SPIKELOC_UNROLL for (size_t i = 1; i + 1 < kBlock; i += 2) {
            odd += Row::load(row + i * kTableFloats);
            even += Row::load(row + (i + 1) * kTableFloats);
        }
        odd += Row::load(row + (kBlock - 1) * kTableFloats);
        (even + odd).store(sum);
    }
}

}  // namespace

// The row additions of one training step of one network: forward from `inputs` fibres to each step
// that can cause a spike, backward from these steps, for which tables are made, to each fibre.
extern "C" void add_rows(size_t samples, size_t steps, size_t inputs) {
    static Buffer table(kBlock * kTableFloats), sums(kItems * kTile), rows(kBlockBits * kTile);
    const size_t forward = (groups_of(inputs) + kBlock - 1) / kBlock;
    const size_t driven = steps > 2 ? steps - 2 : 0;
    for (size_t sample = 0; sample < samples; ++sample) {
        add_block(driven * forward, table.data(), sums.data());
        for (size_t from = 0; from < driven; from += kBlockBits) {
            const size_t groups = groups_of(std::min(driven - from, kBlockBits));
            make_tables<kBytes>(rows.data(), groups, table.data());
            add_block(inputs * groups / kBlock, table.data(), sums.data());
        }
    }
}

// Wait for a chain of `count` additions, each one cycle after the one before.
extern "C" void wait_cycles(size_t count) {
    for (size_t i = 0, sum = 0; i < count; ++i) {
        ++sum;
        asm volatile("" : "+r"(sum));
    }
}
