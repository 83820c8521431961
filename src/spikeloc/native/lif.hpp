// The hidden layer of leaky integrate-and-fire neurons, forward and backward.
// Definition: docs/model.md, "Neuron"; docs/model.md, "Surrogate gradient".
//
//     a[t] = alpha v[t] + h[t]    v[t+1] = a[t] (1 - s[t])    s[t+1] = H(v[t] - 1)
//
// Only h[0] to h[T-3] can cause a spike, so only `driven` = max(T - 2, 0) steps are computed.
// Hidden units do not interact: 32 of them, a tile, are computed together over all time steps.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lookup.hpp"
#include "surrogate.hpp"
#include "tile.hpp"

namespace spikeloc {

// Memory to prefetch one cache line at a time between other work; all at once would stall it.
struct Ahead {
    const uint8_t* at;
    const uint8_t* end;

    SPIKELOC_INLINE void fetch() {
        if (at >= end) return;
        __builtin_prefetch(at);
        at += 64;
    }
};

// The arrays and sizes of one call; all arrays are in C order.
struct Layer {
    // Input spikes, eight to a byte from the lowest bit on: forward (rows, steps, bytes of fibres),
    // backward (rows, inputs, bytes of steps).
    const uint8_t* bits;
    const int64_t* index;  // (networks, samples): the row of each sample
    const float* scale;    // (steps,): weight of each step's spikes in the sum over time
    size_t networks, samples, steps, inputs, hidden;
    float alpha;

    size_t driven() const { return steps > 2 ? steps - 2 : 0; }
    size_t tiles() const { return (hidden + kTile - 1) / kTile; }
    size_t units_in(size_t tile) const {
        return std::min(hidden - tile * kTile, static_cast<size_t>(kTile));
    }
    size_t matrix() const { return inputs * hidden; }  // number of weights of a network
    size_t bytes_of_fibres() const { return (inputs + 7) / 8; }
    size_t bytes_of_steps() const { return (steps + 7) / 8; }
    // The bits of a sample, of which each sample has `bytes` bytes.
    const uint8_t* bits_of(size_t sample, size_t bytes) const {
        return bits + static_cast<size_t>(index[sample]) * bytes;
    }
    // Samples may lie anywhere in memory: the next one is prefetched while this one is computed.
    Ahead after(size_t sample, size_t bytes) const {
        const uint8_t* next = bits_of(std::min(sample + 1, networks * samples - 1), bytes);
        return {next, next + bytes};
    }
    // Where a sample's tile begins in the charge (networks, samples, tiles, driven, 32).
    size_t charge_at(size_t sample, size_t tile) const {
        return (sample * tiles() + tile) * driven() * kTile;
    }
};

// Run one sample: h (driven, 32) becomes a in place; the weighted sum over time and the count of
// spikes (32,).
template <int bytes>
SPIKELOC_INLINE void spike(const Layer& layer, float* a, Ahead next, float* summed,
                           float* counts) {
    const auto alpha = Tile<bytes>::all(layer.alpha);
    const auto one = Tile<bytes>::all(1.0f);
    const float* const scale = layer.scale;
    const size_t steps = layer.steps, driven = layer.driven();
    Tile<bytes> v{}, s{}, sum{}, count{};
    for (size_t t = 0; t + 1 < steps; ++t) {
        next.fetch();
        const auto next = v.above_threshold();
        if (t < driven) {
            const auto charged = alpha * v + Tile<bytes>::load(a + t * kTile);
            charged.store(a + t * kTile);
            v = charged * (one - s);
        }
        s = next;
        sum += scale[t + 1] * s;
        count += s;
    }
    sum.store(summed);
    count.store(counts);
}

// Compute dh (driven, 32) of one sample from its a and `gradient`, which is that of its sum over time
// (32,) and then that of its count (32,).
//
// `slope` gives the surrogate slope at v; `keep` (driven + 1, 32) is scratch memory for 1 - s[t];
// `next` and `following`, the bits and the a of the next sample, are prefetched meanwhile.
template <int bytes, typename Slope>
SPIKELOC_INLINE void backpropagate(const Layer& layer, const Slope slope, const float* a,
                                   Ahead next, const float* following, const float* gradient,
                                   float* keep, float* dh) {
    const auto alpha = Tile<bytes>::all(layer.alpha);
    const auto one = Tile<bytes>::all(1.0f);
    const float* const scale = layer.scale;
    const size_t driven = layer.driven();
    Tile<bytes> v{}, kept = one;
    for (size_t t = 0; t < driven; ++t) {
        next.fetch();
        kept.store(keep + t * kTile);
        const auto then = one - v.above_threshold();
        v = Tile<bytes>::load(a + t * kTile) * kept;
        kept = then;
    }
    const auto dsum = Tile<bytes>::load(gradient), dcount = Tile<bytes>::load(gradient + kTile);
    auto dv = (scale[driven + 1] * dsum + dcount) * slope(v);  // of v[t+1]
    auto ds = scale[driven] * dsum + dcount;                   // of s[t+1]
    for (size_t t = driven; t-- > 0; following += kTile) {
        __builtin_prefetch(following);
        __builtin_prefetch(following + kTile / 2);
        const auto dht = dv * Tile<bytes>::load(keep + t * kTile);
        dht.store(dh + t * kTile);
        if (t == 0) break;
        const auto reset = dv * Tile<bytes>::load(a + t * kTile);
        v = Tile<bytes>::load(a + (t - 1) * kTile) * Tile<bytes>::load(keep + (t - 1) * kTile);
        dv = alpha * dht + ds * slope(v);
        ds = scale[t] * dsum + dcount - reset;
    }
}

// The same for a surrogate that is chosen at run time.
template <int bytes>
SPIKELOC_INLINE void backpropagate(const Layer& layer, Surrogate surrogate, const float* a,
                                   Ahead next, const float* following, const float* gradient,
                                   float* keep, float* dh) {
    const float slope = surrogate.slope;
    switch (surrogate.shape) {
        case Shape::sigmoid:
            return backpropagate<bytes>(layer, Sigmoid<bytes>{slope}, a, next, following, gradient,
                                        keep, dh);
        case Shape::fast_sigmoid:
            return backpropagate<bytes>(layer, Rational<bytes>{slope, slope / 2}, a, next,
                                        following, gradient, keep, dh);
        case Shape::superspike:
            return backpropagate<bytes>(layer, Rational<bytes>{slope, 1}, a, next, following,
                                        gradient, keep, dh);
        case Shape::triangular:
            return backpropagate<bytes>(layer, Triangle<bytes>{slope}, a, next, following, gradient,
                                        keep, dh);
    }
}

// Tables of the weights of a tile, and for each block of them whether it has a weight other than zero:
// the hand-built localiser reads few fibres with each tile.
struct Tables {
    Buffer sums;
    std::vector<uint8_t> used;

    explicit Tables(size_t groups)
        : sums(groups * kTableFloats), used((groups + kBlock - 1) / kBlock) {}

    // From rows (groups of 5, 32).
    template <int bytes>
    SPIKELOC_INLINE void make(const Buffer& rows) {
        make_tables<bytes>(rows.data(), sums.size() / kTableFloats, sums.data());
        for (size_t block = 0; block < used.size(); ++block) {
            const size_t from = block * kBlockBits * kTile;
            const size_t to = std::min(from + kBlockBits * kTile, rows.size());
            used[block] = std::any_of(rows.begin() + from, rows.begin() + to,
                                      [](float weight) { return weight != 0; });
        }
    }
};

// Compute the drive h (driven, 32) of one sample. With `onto_it` the drive is added to the content of
// h, otherwise it replaces it.
template <int bytes>
SPIKELOC_INLINE void drive(const Layer& layer, size_t sample, const Tables& tables, bool onto_it,
                           float* h) {
    const size_t steps = layer.driven(), stride = layer.bytes_of_fibres();
    const uint8_t* const bits = layer.bits_of(sample, layer.steps * stride);
    const float* table = tables.sums.data();
    size_t from = 0;
    for (; from + kBlockBytes <= stride; from += kBlockBytes, table += kBlock * kTableFloats) {
        if (!tables.used[from / kBlockBytes]) continue;
        const WholeWords words{bits + from, stride};
        if (onto_it) gather<bytes, kBlock>(words, 0, steps, table, h);
        else gather<bytes, kBlock, true>(words, 0, steps, table, h);
        onto_it = true;
    }
    if (!onto_it) std::fill_n(h, steps * kTile, 0.0f);
    const LastWords words{bits + from, stride, stride - from};
    gather_rest<bytes>(words, groups_of(8 * words.count), steps, table, h);
}

// Add to `sum` (inputs, 32) what dh (driven, 32) of one sample contributes to the gradient of W1.
//
// `table` (8 tables) is scratch memory. Steps after the last driven one have zeros in dh.
template <int bytes>
SPIKELOC_INLINE void add_gradient(const Layer& layer, size_t sample, const float* dh, float* table,
                                  float* sum) {
    const size_t stride = layer.bytes_of_steps();
    const uint8_t* bits = layer.bits_of(sample, layer.inputs * stride);
    for (size_t from = 0; from < layer.driven(); from += kBlockBits, bits += kBlockBytes) {
        const size_t groups = groups_of(std::min(layer.driven() - from, kBlockBits));
        make_tables<bytes>(dh + from * kTile, groups, table);
        if (groups == kBlock) {
            gather<bytes, kBlock>(WholeWords{bits, stride}, 0, layer.inputs, table, sum);
        } else {
            const LastWords words{bits, stride, std::min(stride - from / 8, kBlockBytes)};
            gather_rest<bytes>(words, groups, layer.inputs, table, sum);
        }
    }
}

// Copy the columns of a tile of one network's matrix (inputs, hidden) to `rows` (inputs, 32), padded
// with zeros.
inline void take_tile(const Layer& layer, const float* matrix, size_t tile, float* rows) {
    const size_t units = layer.units_in(tile);
    for (size_t fibre = 0; fibre < layer.inputs; ++fibre, rows += kTile) {
        std::copy_n(matrix + fibre * layer.hidden + tile * kTile, units, rows);
        std::fill_n(rows + units, kTile - units, 0.0f);
    }
}

// The other way round, without the padding.
inline void put_tile(const Layer& layer, const float* rows, size_t tile, float* matrix) {
    for (size_t fibre = 0; fibre < layer.inputs; ++fibre, rows += kTile) {
        std::copy_n(rows, layer.units_in(tile), matrix + fibre * layer.hidden + tile * kTile);
    }
}

// Forward through the whole layer.
//
// Input: w1 (networks, inputs, hidden). Output: summed and counts (networks, samples, hidden), and
// unless it is null, charge (networks, samples, tiles, driven, 32): every a, which `backward`
// needs. With `noisy`, charge must hold a current at first, which is added to the drive.
template <int bytes>
SPIKELOC_INLINE void forward(const Layer& layer, const float* w1, float* summed, int32_t* counts,
                             float* charge, bool noisy) {
    const size_t groups = groups_of(8 * layer.bytes_of_fibres());
    Buffer rows(groups * kGroup * kTile);  // padded with zeros
    Tables tables(groups);
    Buffer scratch(charge ? 0 : layer.driven() * kTile);
    for (size_t n = 0; n < layer.networks; ++n) {
        for (size_t tile = 0; tile < layer.tiles(); ++tile) {
            const size_t units = layer.units_in(tile);
            take_tile(layer, w1 + n * layer.matrix(), tile, rows.data());
            tables.make<bytes>(rows);
            for (size_t i = n * layer.samples; i < (n + 1) * layer.samples; ++i) {
                const Ahead next = layer.after(i, layer.steps * layer.bytes_of_fibres());
                float* a = charge ? charge + layer.charge_at(i, tile) : scratch.data();
                drive<bytes>(layer, i, tables, noisy, a);
                float sum[kTile], count[kTile];
                spike<bytes>(layer, a, next, sum, count);
                std::copy_n(sum, units, summed + i * layer.hidden + tile * kTile);
                std::copy_n(count, units, counts + i * layer.hidden + tile * kTile);
            }
        }
    }
}

// Gradient of w1 (networks, inputs, hidden) from that of the sum over time, `dsummed` (networks,
// samples, hidden), that of the counts, `dcounts` (the same, or null), and the charge that `forward`
// kept.
template <int bytes>
SPIKELOC_INLINE void backward(const Layer& layer, Surrogate surrogate, const float* charge,
                              const float* dsummed, const float* dcounts, float* dw1) {
    const size_t driven = layer.driven(), last = layer.networks * layer.samples - 1;
    Buffer keep(driven * kTile), table(kBlock * kTableFloats), sum(layer.inputs * kTile);
    Buffer dh(groups_of(driven) * kGroup * kTile);  // zeros after the last step
    for (size_t n = 0; n < layer.networks; ++n) {
        for (size_t tile = 0; tile < layer.tiles(); ++tile) {
            const size_t units = layer.units_in(tile);
            std::fill(sum.begin(), sum.end(), 0.0f);
            for (size_t i = n * layer.samples; i < (n + 1) * layer.samples && driven; ++i) {
                const Ahead next = layer.after(i, layer.inputs * layer.bytes_of_steps());
                const size_t first = i * layer.hidden + tile * kTile;
                float gradient[2 * kTile] = {};
                std::copy_n(dsummed + first, units, gradient);
                if (dcounts) std::copy_n(dcounts + first, units, gradient + kTile);
                else std::fill_n(gradient + kTile, kTile, -0.0f);  // adding it changes no bit
                backpropagate<bytes>(layer, surrogate, charge + layer.charge_at(i, tile), next,
                                     charge + layer.charge_at(std::min(i + 1, last), tile),
                                     gradient, keep.data(), dh.data());
                add_gradient<bytes>(layer, i, dh.data(), table.data(), sum.data());
            }
            put_tile(layer, sum.data(), tile, dw1 + n * layer.matrix());
        }
    }
}

}  // namespace spikeloc
