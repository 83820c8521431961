// One trial of a network: what it hears, what its units do, and what it answers.
import { largest } from "./network.js";
import { normal } from "./philox.js";
import { drawSpikes, ipdClass } from "./stimulus.js";

/** @typedef {import("./stimulus.js").Stimulus} Stimulus */
/** @typedef {import("./stimulus.js").Trial} Trial */
/** @typedef {import("./stimulus.js").Streams} Streams */
/**
 * @typedef {object} Sound what the controls say
 * @property {Stimulus} stimulus
 * @property {number} ipdDeg
 * @property {number} phaseCycles
 * @property {number} noiseSd
 * @property {Set<string>} deaf ears that the network does not hear
 * @property {boolean} asTrained
 */
/**
 * @typedef {object} Trace of one trial
 * @property {Stimulus} stimulus
 * @property {number} steps
 * @property {number} classes
 * @property {number} ipdDeg
 * @property {number} truth class
 * @property {number} estimated class
 * @property {Uint8Array} inputSpikes
 * @property {number[]} earSpikes
 * @property {Set<string>} deaf
 * @property {Uint8Array} spikes
 * @property {Float32Array} potentials
 * @property {Uint16Array} counts
 * @property {Float32Array} logits
 * @property {Float32Array} running
 * @property {number[]} leads what each unit adds to the lead of the answer
 * @property {import("./observer.js").Posterior} [posterior]
 */
/**
 * @typedef {object} Simulated
 * @property {import("./network.js").Network} network
 * @property {import("./data.js").Embedded} embedded
 */

/**
 * What the network and the observer get in one trial.
 * @param {Simulated} of @param {Sound} sound @param {Streams & {noise: string}} streams @param {Trial} trial
 */
export function stimulate({ network, embedded: { seed } }, sound, streams, trial) {
  const spikes = drawSpikes(sound.stimulus, seed, streams, trial);
  const { inputs, hidden } = network.weights;
  const heard = sound.deaf.size ? spikes.slice() : spikes;
  const fibres = inputs / 2;
  for (let at = 0; sound.deaf.size && at < heard.length; at++) {
    if (sound.deaf.has(at % inputs < fibres ? "left" : "right")) heard[at] = 0;
  }
  const steps = spikes.length / inputs;
  let noise;
  if (sound.noiseSd) {
    noise = normal(seed, streams.noise, (steps - 2) * hidden, trial.index);
    noise.forEach((value, i) => (noise[i] = sound.noiseSd * value));
  }
  return { spikes, heard, noise };
}

/**
 * A trial with everything that is shown of it.
 * @param {Simulated} of @param {Sound} sound @param {Streams & {noise: string}} streams
 * @param {number} index of the trial @param {Set<number>} silenced @param {import("./observer.js").Observer} observer
 * @returns {Trace}
 */
export function traceOf(of, sound, streams, index, silenced, observer) {
  const { network } = of;
  const { stimulus, ipdDeg, phaseCycles } = sound;
  const trial = { ipdRad: (ipdDeg * Math.PI) / 180, phaseCycles, index };
  const { spikes, heard, noise } = stimulate(of, sound, streams, trial);
  const run = network.run(heard, { noise, silenced, record: true });
  const { hidden, outputs, w2, inputs } = network.weights;
  const estimated = largest(run.logits);
  const rest = run.logits.map((logit, k) => (k === estimated ? -Infinity : logit));
  const second = largest(rest);
  const leads = d3.range(hidden).map(
    (unit) => run.summed[unit] * (w2[unit * outputs + estimated] - w2[unit * outputs + second]),
  );
  const earSpikes = [0, 0];
  spikes.forEach((spike, at) => (earSpikes[at % inputs < inputs / 2 ? 0 : 1] += spike));
  return {
    stimulus, ipdDeg, earSpikes, leads, estimated, steps: run.steps, classes: outputs,
    truth: ipdClass(trial.ipdRad, outputs), inputSpikes: spikes, deaf: sound.deaf,
    spikes: /** @type {Uint8Array} */ (run.spikes), counts: run.counts, logits: run.logits,
    potentials: /** @type {Float32Array} */ (run.potentials),
    running: network.runningLogits(/** @type {Uint8Array} */ (run.spikes)),
    posterior: observer.posterior(spikes),
  };
}
