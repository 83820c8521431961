// Spikes of the auditory nerve, bit for bit those of stimulus/generator.py.
// Definition: docs/model.md, "Stimulus"; docs/model.md, "Random bits".
//
// Doubles are added and multiplied in the order of stimulus/generator.py, without contraction. A
// block of random words holds eight draws, one for each bit of a byte: lane k of a register makes
// byte k of a step, so that nothing moves between lanes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "philox.hpp"
#include "tile.hpp"

namespace spikeloc {

// The sines and cosines of one stimulus, and the random stream of its data set.
struct Tone {
    const double *sin_start, *cos_start;  // (samples, 2): the phase of each ear at t = 0
    const double *sin_time, *cos_time;    // (steps,)
    const double *sin_delay, *cos_delay;  // (2 fibres,), the left ear first
    size_t samples, steps, fibres;        // fibres of one ear
    uint64_t power;
    const double* coefficients;  // of a polynomial of the envelope, the highest power first
    size_t terms;                // of them; 0: the envelope is raised to the power instead
    double spikes_per_bin;
    uint64_t seed, purpose, first;  // sample 0 here is sample `first` of the data set

    size_t bytes() const { return (2 * fibres + 7) / 8; }
};

// Draw the words of `count` blocks of a sample's stream from block `first` on: word w of block k
// goes to words[w * stride + k]. Up to 31 more blocks are written after them.
template <int bytes>
SPIKELOC_INLINE void draw_words(const Tone& tone, size_t sample, uint64_t first, size_t count,
                                size_t stride, uint64_t* words) {
    const uint64_t key0 = tone.seed, key1 = tone.purpose, index = tone.first + sample;
    if constexpr (bytes == 64) {  // only here are products of halves faster than whole products
        constexpr int kCount = Lanes<bytes>::kCount, kTogether = 4;
        typename Lanes<bytes>::Words lane, x[4][kTogether];
        for (int k = 0; k < kCount; ++k) lane[k] = k;
        for (size_t k = 0; k < count; k += kTogether * kCount) {
            SPIKELOC_UNROLL for (int i = 0; i < kTogether; ++i) {
                x[0][i] = lane + (first + k + i * kCount);
            }
            philox(key0, key1, index, x);
            for (int w = 0; w < 4; ++w) {
                uint64_t* const to = words + w * stride + k;
                SPIKELOC_UNROLL for (int i = 0; i < kTogether; ++i) {
                    Lanes<bytes>::put(to + i * kCount, x[w][i]);
                }
            }
        }
    } else {
        for (size_t k = 0; k < count; ++k) {
            uint64_t x[4][1] = {{first + k}};
            philox(key0, key1, index, x);
            for (int w = 0; w < 4; ++w) words[w * stride + k] = x[w][0];
        }
    }
}

// The constants of every fibre in the order in which registers load them: fibre 8 k + bit, counted
// over both ears, is at [bit * stride + k].
struct Fibres {
    template <typename T>
    using Lined = std::vector<T, LineAllocator<T>>;

    size_t stride;  // a multiple of the lanes
    Lined<double> sin_delay, cos_delay;
    Lined<double> largest;  // threshold; 0 beyond the last fibre
    Lined<uint64_t> right;  // all bits set in the right ear, none in the left

    Fibres(const Tone& tone, size_t lanes)
        : stride((tone.bytes() + lanes - 1) / lanes * lanes),
          sin_delay(8 * stride),
          cos_delay(8 * stride),
          largest(8 * stride),
          right(8 * stride) {
        for (size_t i = 0; i < 2 * tone.fibres; ++i) {
            const size_t at = i % 8 * stride + i / 8;
            sin_delay[at] = tone.sin_delay[i];
            cos_delay[at] = tone.cos_delay[i];
            // multiplying by a power of two changes no rounding unless the threshold is below 1
            largest[at] = tone.spikes_per_bin * 4294967296.0;
            right[at] = i < tone.fibres ? 0 : ~uint64_t{0};
        }
    }
};

// Replace each of eight numbers by a whole power of it, by repeated squaring, from the lowest bit of
// the power on.
template <typename Doubles>
SPIKELOC_INLINE void raise(Doubles (&base)[8], uint64_t power) {
    Doubles result[8];
    SPIKELOC_UNROLL for (int i = 0; i < 8; ++i) result[i] = Doubles{} + 1.0;
    while (power) {
        if (power & 1) SPIKELOC_UNROLL for (int i = 0; i < 8; ++i) result[i] *= base[i];
        power >>= 1;
        if (power) SPIKELOC_UNROLL for (int i = 0; i < 8; ++i) base[i] *= base[i];
    }
    SPIKELOC_UNROLL for (int i = 0; i < 8; ++i) base[i] = result[i];
}

// Replace each of eight envelopes by the polynomial of it, by Horner's rule; not below 0.
template <typename Doubles>
SPIKELOC_INLINE void polynomial(Doubles (&envelope)[8], const double* coefficients, size_t terms) {
    Doubles result[8];
    SPIKELOC_UNROLL for (int i = 0; i < 8; ++i) result[i] = Doubles{} + coefficients[0];
    for (size_t term = 1; term < terms; ++term) {
        SPIKELOC_UNROLL for (int i = 0; i < 8; ++i) {
            result[i] = result[i] * envelope[i] + coefficients[term];
        }
    }
    SPIKELOC_UNROLL for (int i = 0; i < 8; ++i) {
        envelope[i] = result[i] > 0.0 ? result[i] : Doubles{};
    }
}

// Draw the spikes of one step, one byte of them in each word of `spikes`. Block k of the step's
// draws is at [k] of each of the four `words`.
template <int bytes>
SPIKELOC_INLINE void fire(const Tone& tone, const Fibres& fibres, size_t sample, size_t step,
                          const uint64_t* const (&words)[4], uint64_t* spikes) {
    using Lane = Lanes<bytes>;
    using Words = typename Lane::Words;
    using Doubles = typename Lane::Doubles;
    // copies, because the compiler must assume that a store to an array could alter the originals
    const double *const sin_delay = fibres.sin_delay.data(), *const largest = fibres.largest.data();
    const double* const cos_delay = fibres.cos_delay.data();
    const uint64_t* const right = fibres.right.data();
    const size_t stride = fibres.stride;
    const uint64_t power = tone.power;
    const double* const coefficients = tone.coefficients;
    const size_t terms = tone.terms;
    Words sin_ear[2], cos_ear[2];
    for (size_t ear = 0; ear < 2; ++ear) {
        const double sin_start = tone.sin_start[2 * sample + ear];
        const double cos_start = tone.cos_start[2 * sample + ear];
        const double sin_time = tone.sin_time[step], cos_time = tone.cos_time[step];
        sin_ear[ear] = (Words)(Doubles{} + (sin_start * cos_time + cos_start * sin_time));
        cos_ear[ear] = (Words)(Doubles{} + (cos_start * cos_time - sin_start * sin_time));
    }
    for (size_t k = 0; k < stride; k += Lane::kCount) {
        Doubles shape[8];  // of each bit
        SPIKELOC_UNROLL for (int bit = 0; bit < 8; ++bit) {
            const size_t at = bit * stride + k;
            const Words ear = Lane::words_at(right + at);
            const auto sin_tone = (Doubles)((sin_ear[0] & ~ear) | (sin_ear[1] & ear));
            const auto cos_tone = (Doubles)((cos_ear[0] & ~ear) | (cos_ear[1] & ear));
            const Doubles sine = sin_tone * Lane::doubles_at(cos_delay + at) +
                                 cos_tone * Lane::doubles_at(sin_delay + at);
            const Doubles half = (sine + 1.0) * 0.5;
            shape[bit] = half > 0.0 ? half : Doubles{};  // rounding can leave -1e-16
        }
        if (terms) polynomial(shape, coefficients, terms);
        else raise(shape, power);
        Words fired{};
        SPIKELOC_UNROLL for (int bit = 0; bit < 8; ++bit) {
            const Doubles threshold = shape[bit] * Lane::doubles_at(largest + bit * stride + k);
            const Words word = Lane::words_at(words[bit / 2] + k);
            const Words draw = bit % 2 ? word >> 32 : word & 0xFFFFFFFF;
            // these are the bits of 2^52 + draw; draw + 1 <= threshold is draw < floor(threshold)
            const auto next = (Doubles)(draw | 0x4330000000000000) - 4503599627370495.0;
            fired |= (Words)(next <= threshold) & (uint64_t{1} << bit);
        }
        Lane::put(spikes + k, fired);
    }
}

SPIKELOC_INLINE void narrow(const uint64_t* __restrict words, size_t count,
                            uint8_t* __restrict bytes) {
    for (size_t k = 0; k < count; ++k) bytes[k] = static_cast<uint8_t>(words[k]);
}

// Bit-packed spikes (samples, steps, bytes): a spike where draw < floor(threshold). Each step needs
// `fibres` words, two draws each, the lower half first.
template <int bytes>
SPIKELOC_INLINE void draw_spikes(const Tone& tone, uint8_t* bits) {
    const Fibres fibres(tone, Lanes<bytes>::kCount);
    const size_t bytes_a_step = tone.bytes();
    const size_t together = 1 + 2048 / (tone.fibres + 1);  // steps whose words fit the L1 cache
    const size_t stride = together * tone.fibres / 4 + fibres.stride + 34;  // with a margin
    Fibres::Lined<uint64_t> words(4 * stride), spikes(fibres.stride);
    for (size_t i = 0; i < tone.samples; ++i) {
        uint64_t first = 0;  // block in `words`
        for (size_t step = 0; step < tone.steps; ++step) {
            const uint64_t from = step * tone.fibres;
            if (step % together == 0) {
                const uint64_t end = std::min(step + together, tone.steps) * tone.fibres;
                first = from / 4;
                draw_words<bytes>(tone, i, first + 1, (end + 3) / 4 - first, stride, words.data());
            }
            const uint64_t* rows[4];
            for (size_t w = 0; w < 4; ++w) {  // a step's words may begin inside a block
                rows[w] = words.data() + (from + w) % 4 * stride + (from + w) / 4 - first;
            }
            fire<bytes>(tone, fibres, i, step, rows, spikes.data());
            narrow(spikes.data(), bytes_a_step, bits);
            bits += bytes_a_step;
        }
    }
}

}  // namespace spikeloc
