// One build for all processors of an architecture: the core is compiled for several register
// widths, and one of them is chosen at run time.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "divisive.hpp"
#include "lif.hpp"
#include "tone.hpp"

#if defined(__x86_64__)
#define SPIKELOC_X86(instructions) __attribute__((target(instructions)))
#endif

namespace spikeloc {

struct Core {
    int register_bytes;
    void (*forward)(const Layer&, const float*, float*, int32_t*, float*, bool);
    void (*backward)(const Layer&, Surrogate, const float*, const float*, const float*, float*);
    void (*forward_divisive)(const Layer&, Divisive<const float>, float, float*, int32_t*, float*,
                             bool);
    void (*backward_divisive)(const Layer&, Surrogate, const float*, const float*, const float*,
                              const float*, Divisive<float>);
    void (*draw_spikes)(const Tone&, uint8_t*);
};

#define SPIKELOC_CORE(name, attributes, bytes)                                                     \
    namespace name {                                                                               \
    attributes inline void forward(const Layer& layer, const float* w1, float* summed,             \
                                   int32_t* counts, float* charge, bool noisy) {                   \
        spikeloc::forward<bytes>(layer, w1, summed, counts, charge, noisy);                        \
    }                                                                                              \
    attributes inline void backward(const Layer& layer, Surrogate surrogate, const float* charge,  \
                                    const float* dsummed, const float* dcounts, float* dw1) {      \
        spikeloc::backward<bytes>(layer, surrogate, charge, dsummed, dcounts, dw1);                \
    }                                                                                              \
    attributes inline void forward_divisive(const Layer& layer, Divisive<const float> of,          \
                                            float epsilon, float* summed, int32_t* counts,         \
                                            float* all, bool noisy) {                              \
        spikeloc::forward_divisive<bytes>(layer, of, epsilon, summed, counts, all, noisy);         \
    }                                                                                              \
    attributes inline void backward_divisive(const Layer& layer, Surrogate surrogate,              \
                                             const float* gain, const float* all,                  \
                                              const float* dsummed, const float* dcounts,           \
                                              Divisive<float> gradient) {                           \
        spikeloc::backward_divisive<bytes>(layer, surrogate, gain, all, dsummed, dcounts,           \
                                           gradient);                                               \
    }                                                                                              \
    attributes inline void draw_spikes(const Tone& tone, uint8_t* bits) {                          \
        spikeloc::draw_spikes<bytes>(tone, bits);                                                  \
    }                                                                                              \
    inline constexpr Core core{bytes,             forward,           backward,                     \
                               forward_divisive,  backward_divisive, draw_spikes};                 \
    }

SPIKELOC_CORE(baseline, , 16)  // SSE2 on x86-64, NEON on Arm
#ifdef SPIKELOC_X86
SPIKELOC_CORE(avx2, SPIKELOC_X86("avx2,bmi2"), 32)
SPIKELOC_CORE(avx512, SPIKELOC_X86("avx512f,bmi2"), 64)
#endif

// The core for registers of this many bytes; 0 selects the widest of this processor. Null if this
// processor has no such registers.
inline const Core* find_core(int register_bytes) {
#ifdef SPIKELOC_X86
    for (const Core* core : {&avx512::core, &avx2::core}) {
        const bool runs = core == &avx512::core ? __builtin_cpu_supports("avx512f")
                                                : __builtin_cpu_supports("avx2");
        const bool wanted = register_bytes == 0 || register_bytes == core->register_bytes;
        if (runs && wanted && __builtin_cpu_supports("bmi2")) return core;
    }
#endif
    const bool wanted = register_bytes == 0 || register_bytes == baseline::core.register_bytes;
    return wanted ? &baseline::core : nullptr;
}

}  // namespace spikeloc
