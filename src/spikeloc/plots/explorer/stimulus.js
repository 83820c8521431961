// From the interaural phase difference (IPD) to spikes: docs/model.md, "Stimulus". The same
// operations in the same order as spikeloc.stimulus.generator, so that the bits are the same.
import { numbers32, uniform } from "./philox.js";

/**
 * @typedef {object} Stimulus what the config's `stimulus` says
 * @property {number} frequency_hz
 * @property {number} duration_ms
 * @property {number} time_step_ms
 * @property {number} fibres_per_ear
 * @property {number} rate_max_hz
 * @property {number} envelope_power
 * @property {string} phase
 * @property {number} [fibre_delay_min_deg]
 * @property {number} [fibre_delay_max_deg]
 */
/** @typedef {{ipd: string, phase: string, spikes: string}} Streams keys of a data set's streams */
/** @typedef {{ipdRad: number, phaseCycles: number, index: number}} Trial */

/** Number of time steps. @param {Stimulus} stimulus */
export const steps = (stimulus) => Math.round(stimulus.duration_ms / stimulus.time_step_ms);

/** The phase delay of each fibre of an ear, in radians. @param {Stimulus} stimulus */
export function delays(stimulus) {
  const count = stimulus.fibres_per_ear;
  const first = ((stimulus.fibre_delay_min_deg ?? 0) * Math.PI) / 180;
  const last = ((stimulus.fibre_delay_max_deg ?? 90) * Math.PI) / 180;
  const step = count > 1 ? (last - first) / (count - 1) : 0;
  return Float64Array.from({ length: count }, (_, j) =>
    j > 0 && j === count - 1 ? last : j * step + first,
  );
}

/** What the time of each step adds to the phase, in radians. @param {Stimulus} stimulus */
export function stepPhases(stimulus) {
  const radiansPerSecond = 2 * Math.PI * stimulus.frequency_hz;
  const step = stimulus.time_step_ms / 1000;
  return Float64Array.from({ length: steps(stimulus) }, (_, t) => radiansPerSecond * (t * step));
}

/** `base ** exponent`, whole powers by repeated squaring. @param {number} base @param {number} exponent */
function power(base, exponent) {
  if (!Number.isInteger(exponent)) return base ** exponent;
  let result = 1;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2) result *= base;
    base *= base;
  }
  return result;
}

/**
 * IPD and starting phase of a sample of a data set.
 * @param {Stimulus} stimulus @param {string} seed @param {Streams} streams @param {number} index
 * @returns {Trial}
 */
export function drawTrial(stimulus, seed, streams, index) {
  const shared = stimulus.phase === "per_dataset";
  return {
    ipdRad: (uniform(seed, streams.ipd, index) - 0.5) * Math.PI,
    phaseCycles: uniform(seed, streams.phase, shared ? 0 : index),
    index,
  };
}

/**
 * Input spikes of a trial, 0 or 1: (steps, inputs), the left ear's fibres first.
 * @param {Stimulus} stimulus @param {string} seed @param {Streams} streams @param {Trial} trial
 */
export function drawSpikes(stimulus, seed, streams, trial) {
  const fibres = stimulus.fibres_per_ear;
  const most = (stimulus.rate_max_hz * stimulus.time_step_ms) / 1000;
  const delay = delays(stimulus);
  const sines = delay.map(Math.sin), cosines = delay.map(Math.cos);
  const left = 2 * Math.PI * trial.phaseCycles;
  const phases = stepPhases(stimulus);
  const draws = numbers32(seed, streams.spikes, phases.length * 2 * fibres, trial.index);
  const spikes = new Uint8Array(draws.length);
  let at = 0;
  for (const phase of phases) {
    const sinTime = Math.sin(phase), cosTime = Math.cos(phase);
    for (const start of [left, left + trial.ipdRad]) {
      const sinStart = Math.sin(start), cosStart = Math.cos(start);
      const sinTone = sinStart * cosTime + cosStart * sinTime;
      const cosTone = cosStart * cosTime - sinStart * sinTime;
      for (let j = 0; j < fibres; j++, at++) {
        const envelope = Math.max((sinTone * cosines[j] + cosTone * sines[j] + 1) * 0.5, 0);
        const probability = power(envelope, stimulus.envelope_power) * most;
        if (draws[at] < Math.floor(probability * 2 ** 32)) spikes[at] = 1;
      }
    }
  }
  return spikes;
}

/** The class of an IPD. @param {number} ipdRad @param {number} classes */
export function ipdClass(ipdRad, classes) {
  const index = Math.floor(((ipdRad + Math.PI / 2) * classes) / Math.PI);
  return Math.min(Math.max(index, 0), classes - 1);
}

/** The middle of a class, in degrees. @param {number} index @param {number} classes */
export const midpointDeg = (index, classes) => ((index + 0.5) * 180) / classes - 90;
