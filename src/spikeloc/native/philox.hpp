// Spikes of the auditory nerve, the very bits of stimulus.py (spec section 1).
//
// Random words are numpy's Philox: 4x64 with 10 rounds (Salmon et al. 2011), counted up before each
// block of four. Doubles are added and multiplied in the order of stimulus.py, without contraction.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "tile.hpp"

namespace spikeloc {

// Four words of the stream keyed by (key0, key1), at the counter (block, index, 0, 0).
SPIKELOC_INLINE void philox(uint64_t key0, uint64_t key1, uint64_t block, uint64_t index,
                            uint64_t* out) {
    __extension__ typedef unsigned __int128 Wide;
    uint64_t x0 = block, x1 = index, x2 = 0, x3 = 0;
    SPIKELOC_UNROLL for (int round = 0; round < 10; ++round) {
        const Wide a = Wide{0xD2E7470EE14C6C93} * x0;
        const Wide b = Wide{0xCA5A826395121157} * x2;
        x0 = static_cast<uint64_t>(b >> 64) ^ x1 ^ key0;
        x2 = static_cast<uint64_t>(a >> 64) ^ x3 ^ key1;
        x1 = static_cast<uint64_t>(b);
        x3 = static_cast<uint64_t>(a);
        key0 += 0x9E3779B97F4A7C15;  // the golden ratio
        key1 += 0xBB67AE8584CAA73B;  // sqrt(3) - 1
    }
    out[0] = x0, out[1] = x1, out[2] = x2, out[3] = x3;
}

// What the sines and cosines of one stimulus are, and its data set's random stream.
struct Tone {
    const double *sin_start, *cos_start;  // (samples, 2): the phase of each ear at t = 0
    const double *sin_time, *cos_time;    // (steps,)
    const double *sin_delay, *cos_delay;  // (fibres,) of one ear
    size_t samples, steps, fibres;
    uint64_t power;
    double spikes_per_bin;
    uint64_t seed, purpose, first;  // sample 0 here is sample `first` of the data set

    size_t bytes() const { return (2 * fibres + 7) / 8; }
};

// 2^32 times the spike probability of one ear's fibres in one step; `envelope` is scratch.
SPIKELOC_INLINE void thresholds(const Tone& tone, size_t start, size_t step,
                                double* __restrict envelope, double* __restrict threshold) {
    // copies, because the compiler must assume that a store to an array could alter the tone
    const double *const sin_delay = tone.sin_delay, *const cos_delay = tone.cos_delay;
    const double spikes_per_bin = tone.spikes_per_bin;
    const size_t fibres = tone.fibres;
    const double sin_start = tone.sin_start[start], cos_start = tone.cos_start[start];
    const double sin_time = tone.sin_time[step], cos_time = tone.cos_time[step];
    const double sin_tone = sin_start * cos_time + cos_start * sin_time;
    const double cos_tone = cos_start * cos_time - sin_start * sin_time;
    for (size_t j = 0; j < fibres; ++j) {
        const double sine = sin_tone * cos_delay[j] + cos_tone * sin_delay[j];
        const double half = (sine + 1) * 0.5;
        envelope[j] = half > 0 ? half : 0;  // rounding can leave -1e-16
        threshold[j] = 1;
    }
    for (uint64_t rest = tone.power; rest; rest >>= 1) {  // by squaring, the lowest bit first
        if (rest & 1) {
            for (size_t j = 0; j < fibres; ++j) threshold[j] *= envelope[j];
        }
        if (rest > 1) {
            for (size_t j = 0; j < fibres; ++j) envelope[j] *= envelope[j];
        }
    }
    for (size_t j = 0; j < fibres; ++j) threshold[j] = threshold[j] * spikes_per_bin * 4294967296.0;
}

// 1 where draw < floor(threshold), else 0.
SPIKELOC_INLINE void fire(const uint32_t* __restrict draws, const double* __restrict threshold,
                          size_t count, uint8_t* __restrict fired) {
    for (size_t j = 0; j < count; ++j) {
        // as signed, which converts fast: draw + 1 <= threshold is draw < floor(threshold)
        const double as_signed = static_cast<int32_t>(draws[j] ^ 0x80000000u);
        fired[j] = as_signed + 2147483649.0 <= threshold[j];
    }
}

// Eight bytes that are 0 or 1 as the bits of one.
SPIKELOC_INLINE uint8_t packed(const uint8_t* ones) {
    uint64_t word;
    std::memcpy(&word, ones, sizeof word);
    return static_cast<uint8_t>(word * 0x0102040810204080 >> 56);  // byte j is moved to bit 56 + j
}

// Bit-packed spikes (samples, steps, bytes): a spike where draw < floor(threshold). Each step needs
// `fibres` words, two draws each, the lower half first.
SPIKELOC_INLINE void draw_spikes(const Tone& tone, uint8_t* bits) {
    const size_t inputs = 2 * tone.fibres, bytes = tone.bytes();
    const size_t blocks = (tone.fibres + 3) / 4 + 1;  // its words need not begin with a block
    std::vector<uint64_t> words(4 * blocks);
    std::vector<double> envelope(tone.fibres), threshold(inputs);
    std::vector<uint8_t> fired(8 * bytes);  // stays 0 beyond the last fibre
    for (size_t i = 0; i < tone.samples; ++i) {
        for (size_t step = 0; step < tone.steps; ++step) {
            const uint64_t from = step * tone.fibres;
            const size_t skip = from % 4;
            for (size_t k = 0; 4 * k < skip + tone.fibres; ++k) {
                const uint64_t counter = from / 4 + k + 1;
                philox(tone.seed, tone.purpose, counter, tone.first + i, &words[4 * k]);
            }
            for (size_t ear = 0; ear < 2; ++ear) {
                thresholds(tone, 2 * i + ear, step, envelope.data(), &threshold[ear * tone.fibres]);
            }
            fire(reinterpret_cast<const uint32_t*>(&words[skip]), threshold.data(), inputs,
                 fired.data());
            for (size_t k = 0; k < bytes; ++k) *bits++ = packed(&fired[8 * k]);
        }
    }
}

}  // namespace spikeloc
