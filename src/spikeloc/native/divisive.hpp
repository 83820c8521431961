// A hidden layer whose drive is divided by that of its interneurons, forward and backward.
// Definition: docs/model.md, "Layers with interneurons".
//
//     q[t] = x[t] W / gamma[t]    gamma[t] = x[t] D + epsilon    h[t] = g q[t] + b
//
// Both matrices (inputs, hidden) are made beforehand: W = W_ex - W_ix W_ei, D = W_ix diag(e^a) W_ei.
// A step without input spikes has q = 0 and no gradient of W and D, since no spike selects it.
#pragma once

#include "lif.hpp"

namespace spikeloc {

// The parameters of all networks, or the gradients of the loss with respect to them.
template <typename Float>
struct Divisive {
    Float* weight;   // W (networks, inputs, hidden)
    Float* divisor;  // D, likewise
    Float* gain;     // g (networks, hidden)
    Float* bias;     // b, likewise
};

// What `backward` needs of each driven step; each array is a charge, see Layer::charge_at.
struct Kept {
    float* charge;    // a
    float* quotient;  // q
    float* inverse;   // 1 / gamma

    // From one array (3, networks, samples, tiles, driven, 32).
    static Kept within(const Layer& layer, float* all) {
        const size_t each = layer.charge_at(layer.networks * layer.samples, 0);
        return {all, all + each, all + 2 * each};
    }
    Kept at(size_t place) const { return {charge + place, quotient + place, inverse + place}; }
};

// 32 values of a row of one value for each unit, padded with zeros.
struct Padded {
    float values[kTile] = {};

    Padded(const Layer& layer, const float* row, size_t tile) {
        std::copy_n(row + tile * kTile, layer.units_in(tile), values);
    }
};

// From x W in `quotient` and x D in `inverse` to q and 1 / gamma in place, and h in `charge`; with
// `onto_it` h is added to the content of `charge`. One division serves both directions.
template <int bytes>
SPIKELOC_INLINE void divide(size_t steps, float epsilon, const float* gain, const float* bias,
                            bool onto_it, Kept kept) {
    const auto small = Tile<bytes>::all(epsilon), one = Tile<bytes>::all(1.0f);
    const auto g = Tile<bytes>::load(gain), b = Tile<bytes>::load(bias);
    for (size_t at = 0; at < steps * kTile; at += kTile) {
        const auto inverse = one / (Tile<bytes>::load(kept.inverse + at) + small);
        const auto quotient = Tile<bytes>::load(kept.quotient + at) * inverse;
        auto h = g * quotient + b;
        if (onto_it) h += Tile<bytes>::load(kept.charge + at);
        inverse.store(kept.inverse + at);
        quotient.store(kept.quotient + at);
        h.store(kept.charge + at);
    }
}

// From dh in `dweighted` to the gradients of x W, in place, and of gamma; those of g and b are added
// to `dgain` and `dbias`.
template <int bytes>
SPIKELOC_INLINE void differentiate_division(size_t steps, const float* gain, Kept kept,
                                            float* dweighted, float* dgamma, float* dgain,
                                            float* dbias) {
    const auto g = Tile<bytes>::load(gain);
    Tile<bytes> of_gain{}, of_bias{};
    for (size_t at = 0; at < steps * kTile; at += kTile) {
        const auto dh = Tile<bytes>::load(dweighted + at);
        const auto quotient = Tile<bytes>::load(kept.quotient + at);
        of_gain += dh * quotient;
        of_bias += dh;
        const auto weighted = g * dh * Tile<bytes>::load(kept.inverse + at);
        weighted.store(dweighted + at);
        (Tile<bytes>{} - weighted * quotient).store(dgamma + at);
    }
    (Tile<bytes>::load(dgain) + of_gain).store(dgain);
    (Tile<bytes>::load(dbias) + of_bias).store(dbias);
}

// Forward through the whole layer. Output as of `forward` in lif.hpp; unless it is null, `all` (3,
// networks, samples, tiles, driven, 32) takes what `backward_divisive` needs. With `noisy`, the
// first third of it must hold a current at first, which is added to the drive.
template <int bytes>
SPIKELOC_INLINE void forward_divisive(const Layer& layer, Divisive<const float> of, float epsilon,
                                      float* summed, int32_t* counts, float* all, bool noisy) {
    const size_t groups = groups_of(8 * layer.bytes_of_fibres());
    Buffer rows(groups * kGroup * kTile);  // padded with zeros
    Tables weights(groups), divisors(groups);
    const size_t one = layer.driven() * kTile;
    Buffer scratch(all ? 0 : 3 * one);
    const Kept alone{scratch.data(), scratch.data() + one, scratch.data() + 2 * one};
    for (size_t n = 0; n < layer.networks; ++n) {
        for (size_t tile = 0; tile < layer.tiles(); ++tile) {
            const size_t units = layer.units_in(tile);
            take_tile(layer, of.weight + n * layer.matrix(), tile, rows.data());
            weights.make<bytes>(rows);
            take_tile(layer, of.divisor + n * layer.matrix(), tile, rows.data());
            divisors.make<bytes>(rows);
            const Padded gain(layer, of.gain + n * layer.hidden, tile);
            const Padded bias(layer, of.bias + n * layer.hidden, tile);
            for (size_t i = n * layer.samples; i < (n + 1) * layer.samples; ++i) {
                const Ahead next = layer.after(i, layer.steps * layer.bytes_of_fibres());
                const Kept kept =
                    all ? Kept::within(layer, all).at(layer.charge_at(i, tile)) : alone;
                drive<bytes>(layer, i, weights, false, kept.quotient);
                drive<bytes>(layer, i, divisors, false, kept.inverse);
                divide<bytes>(layer.driven(), epsilon, gain.values, bias.values, noisy, kept);
                float sum[kTile], count[kTile];
                spike<bytes>(layer, kept.charge, next, sum, count);
                std::copy_n(sum, units, summed + i * layer.hidden + tile * kTile);
                std::copy_n(count, units, counts + i * layer.hidden + tile * kTile);
            }
        }
    }
}

// The gradients of W, D, g and b from that of the sum over time, `dsummed` (networks, samples,
// hidden), that of the counts, `dcounts` (the same, or null), and what `forward_divisive` kept.
template <int bytes>
SPIKELOC_INLINE void backward_divisive(const Layer& layer, Surrogate surrogate, const float* gains,
                                       const float* all, const float* dsummed,
                                       const float* dcounts, Divisive<float> gradient) {
    const size_t driven = layer.driven(), last = layer.networks * layer.samples - 1;
    const Kept every = Kept::within(layer, const_cast<float*>(all));  // is only read
    Buffer keep(driven * kTile), table(kBlock * kTableFloats);
    Buffer dweight(layer.inputs * kTile), ddivisor(layer.inputs * kTile);
    const size_t padded = groups_of(driven) * kGroup * kTile;
    Buffer dweighted(padded), dgamma(padded);  // zeros after the last step
    for (size_t n = 0; n < layer.networks; ++n) {
        for (size_t tile = 0; tile < layer.tiles(); ++tile) {
            const size_t units = layer.units_in(tile), row = n * layer.hidden + tile * kTile;
            std::fill(dweight.begin(), dweight.end(), 0.0f);
            std::fill(ddivisor.begin(), ddivisor.end(), 0.0f);
            const Padded gain(layer, gains + n * layer.hidden, tile);
            float dgain[kTile] = {}, dbias[kTile] = {};
            for (size_t i = n * layer.samples; i < (n + 1) * layer.samples && driven; ++i) {
                const Ahead next = layer.after(i, layer.inputs * layer.bytes_of_steps());
                const size_t first = i * layer.hidden + tile * kTile;
                float pull[2 * kTile] = {};
                std::copy_n(dsummed + first, units, pull);
                if (dcounts) std::copy_n(dcounts + first, units, pull + kTile);
                const Kept kept = every.at(layer.charge_at(i, tile));
                backpropagate<bytes>(layer, surrogate, kept.charge, next,
                                     every.charge + layer.charge_at(std::min(i + 1, last), tile),
                                     pull, keep.data(), dweighted.data());
                differentiate_division<bytes>(driven, gain.values, kept, dweighted.data(),
                                              dgamma.data(), dgain, dbias);
                add_gradient<bytes>(layer, i, dweighted.data(), table.data(), dweight.data());
                add_gradient<bytes>(layer, i, dgamma.data(), table.data(), ddivisor.data());
            }
            put_tile(layer, dweight.data(), tile, gradient.weight + n * layer.matrix());
            put_tile(layer, ddivisor.data(), tile, gradient.divisor + n * layer.matrix());
            std::copy_n(dgain, units, gradient.gain + row);
            std::copy_n(dbias, units, gradient.bias + row);
        }
    }
}

}  // namespace spikeloc
