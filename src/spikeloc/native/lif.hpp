// The hidden layer of leaky integrate-and-fire neurons, forward and backward (spec section 3).
//
//     a[t] = alpha v[t] + h[t]    v[t+1] = a[t] (1 - s[t])    s[t+1] = H(v[t] - 1)
//
// Only h[0] to h[T-3] can reach a spike, so there are `driven` = max(T - 2, 0) steps to work on.
// Hidden units do not interact: 32 of them, a tile, are taken through all of time together.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "lookup.hpp"
#include "tile.hpp"

namespace spikeloc {

// What a call works on; all arrays in C order.
struct Layer {
    const uint8_t* bits;   // (rows, steps, bytes): input spikes, fibre j in bit j % 8 of byte j / 8
    const int64_t* index;  // (networks, samples): the row of each sample
    const float* scale;    // (steps,): weight of each step's spikes in the sum over time
    size_t networks, samples, steps, bytes, inputs, hidden;
    float alpha;

    size_t driven() const { return steps > 2 ? steps - 2 : 0; }
    size_t tiles() const { return (hidden + kTile - 1) / kTile; }
    size_t units_in(size_t tile) const {
        return std::min(hidden - tile * kTile, static_cast<size_t>(kTile));
    }
    const uint8_t* bits_of(size_t sample) const {
        return bits + static_cast<size_t>(index[sample]) * steps * bytes;
    }
    // Samples lie anywhere in memory: fetch the next one while this one is worked on.
    void prefetch_after(size_t sample) const {
        if (sample + 1 == networks * samples) return;
        const uint8_t* next = bits_of(sample + 1);
        for (size_t i = 0; i < steps * bytes; i += 64) __builtin_prefetch(next + i);
    }
    // Where a sample's tile begins in the charge (networks, samples, tiles, driven, 32).
    size_t charge_at(size_t sample, size_t tile) const {
        return (sample * tiles() + tile) * driven() * kTile;
    }
};

// Run one sample: h (driven, 32) becomes a in place; the weighted sum over time and the count of
// spikes (32,).
template <int bytes>
SPIKELOC_INLINE void spike(const Layer& layer, float* a, float* summed, float* counts) {
    const auto alpha = Tile<bytes>::all(layer.alpha);
    const auto one = Tile<bytes>::all(1.0f);
    const float* const scale = layer.scale;
    const size_t steps = layer.steps, driven = layer.driven();
    Tile<bytes> v{}, s{}, sum{}, count{};
    for (size_t t = 0; t + 1 < steps; ++t) {
        const auto next = v.above_threshold();
        if (t < driven) {
            const auto charged = alpha * v + Tile<bytes>::load(a + t * kTile);
            charged.store(a + t * kTile);
            v = charged * (one - s);
        }
        s = next;
        sum += Tile<bytes>::all(scale[t + 1]) * s;
        count += s;
    }
    sum.store(summed);
    count.store(counts);
}

// dh (driven, 32) of one sample from its a and the gradient of its sum over time.
//
// `keep` and `slope` (driven + 1, 32) are scratch for 1 - s[t] and the surrogate gradient at v[t].
template <int bytes>
SPIKELOC_INLINE void backpropagate(const Layer& layer, float beta, const float* a,
                                   const float* gradient, float* keep, float* slope, float* dh) {
    const auto alpha = Tile<bytes>::all(layer.alpha);
    const auto one = Tile<bytes>::all(1.0f);
    const float* const scale = layer.scale;
    const size_t driven = layer.driven();
    Tile<bytes> v{}, s{};
    for (size_t t = 0; t <= driven; ++t) {
        v.surrogate(beta).store(slope + t * kTile);
        const auto kept = one - s;
        kept.store(keep + t * kTile);
        s = v.above_threshold();
        if (t < driven) v = Tile<bytes>::load(a + t * kTile) * kept;
    }
    const auto dsum = Tile<bytes>::load(gradient);
    const auto last = Tile<bytes>::all(scale[driven + 1]) * dsum;
    auto dv = last * Tile<bytes>::load(slope + driven * kTile);  // of v[t+1]
    auto ds = Tile<bytes>::all(scale[driven]) * dsum;      // of s[t+1]
    for (size_t t = driven; t-- > 0;) {
        const auto dht = dv * Tile<bytes>::load(keep + t * kTile);
        dht.store(dh + t * kTile);
        const auto reset = dv * Tile<bytes>::load(a + t * kTile);
        dv = alpha * dht + ds * Tile<bytes>::load(slope + t * kTile);
        ds = Tile<bytes>::all(scale[t]) * dsum - reset;
    }
}

// Forward through the whole layer.
//
// w1 (networks, inputs, hidden); out: summed and counts (networks, samples, hidden), and unless it
// is null, charge (networks, samples, tiles, driven, 32): every a, which `backward` needs.
template <int bytes>
SPIKELOC_INLINE void forward(const Layer& layer, const float* w1, float* summed, int32_t* counts,
                             float* charge) {
    Buffer table(layer.bytes * kByteFloats);
    Buffer scratch(layer.driven() * kTile);
    for (size_t n = 0; n < layer.networks; ++n) {
        for (size_t tile = 0; tile < layer.tiles(); ++tile) {
            const float* rows = w1 + n * layer.inputs * layer.hidden + tile * kTile;
            const size_t units = layer.units_in(tile);
            make_table<bytes>(rows, layer.inputs, layer.hidden, units, layer.bytes, table.data());
            for (size_t i = n * layer.samples; i < (n + 1) * layer.samples; ++i) {
                layer.prefetch_after(i);
                float* a = charge ? charge + layer.charge_at(i, tile) : scratch.data();
                std::fill_n(a, layer.driven() * kTile, 0.0f);
                const BitMatrix fired{layer.bits_of(i), layer.driven(), layer.bytes, layer.bytes, 1};
                add_product<bytes>(fired, table.data(), a);
                float sum[kTile], count[kTile];
                spike<bytes>(layer, a, sum, count);
                std::copy_n(sum, units, summed + i * layer.hidden + tile * kTile);
                std::copy_n(count, units, counts + i * layer.hidden + tile * kTile);
            }
        }
    }
}

// Gradient of w1 (networks, inputs, hidden) from that of the sum over time, `dsummed` (networks,
// samples, hidden), and the charge that `forward` kept.
template <int bytes>
SPIKELOC_INLINE void backward(const Layer& layer, float beta, const float* charge,
                              const float* dsummed, float* dw1) {
    const size_t driven = layer.driven();
    const size_t step_bytes = (driven + 7) / 8;
    std::vector<uint64_t> words(step_bytes * layer.bytes);
    Buffer keep((driven + 1) * kTile), slope((driven + 1) * kTile), dh(driven * kTile);
    Buffer table(step_bytes * kByteFloats), sum(8 * layer.bytes * kTile);
    for (size_t n = 0; n < layer.networks; ++n) {
        for (size_t tile = 0; tile < layer.tiles(); ++tile) {
            const size_t units = layer.units_in(tile);
            std::fill(sum.begin(), sum.end(), 0.0f);
            for (size_t i = n * layer.samples; i < (n + 1) * layer.samples && driven; ++i) {
                layer.prefetch_after(i);
                float gradient[kTile] = {};
                std::copy_n(dsummed + i * layer.hidden + tile * kTile, units, gradient);
                backpropagate<bytes>(layer, beta, charge + layer.charge_at(i, tile), gradient,
                                     keep.data(), slope.data(), dh.data());
                make_table<bytes>(dh.data(), driven, kTile, kTile, step_bytes, table.data());
                transpose(layer.bits_of(i), driven, layer.bytes, words.data());
                const auto* bits = reinterpret_cast<const uint8_t*>(words.data());
                const BitMatrix when{bits, 8 * layer.bytes, step_bytes, 1, 8 * layer.bytes};
                add_product<bytes>(when, table.data(), sum.data());
            }
            for (size_t fibre = 0; fibre < layer.inputs; ++fibre) {
                float* to = dw1 + (n * layer.inputs + fibre) * layer.hidden + tile * kTile;
                std::copy_n(sum.data() + fibre * kTile, units, to);
            }
        }
    }
}

}  // namespace spikeloc
