// The trained network: docs/model.md, "Neuron" and "Readout", in single precision. Sums are in the
// order of the native core (native/lookup.hpp, native/lif.hpp): inputs in groups of five, eight
// groups at a time, alternately into two sums. So the spikes are the native core's.

const GROUP = 5; // inputs whose sums are tabulated
const PATTERNS = 2 ** GROUP;
const BLOCK = 8; // groups
const f32 = Math.fround;

/**
 * @typedef {object} Weights
 * @property {number} inputs
 * @property {number} hidden
 * @property {number} outputs
 * @property {Float32Array} w1 (inputs, hidden)
 * @property {Float32Array} w2 (hidden, outputs)
 * @property {number} alpha of the hidden units
 * @property {number} readoutAlpha
 * @property {number} logitScale
 */
/**
 * @typedef {object} Run
 * @property {number} steps
 * @property {Float32Array} summed (hidden,) spikes weighted by what they add to the logits
 * @property {Uint16Array} counts (hidden,) spikes
 * @property {Float32Array} logits (outputs,)
 * @property {Uint8Array} [spikes] (steps, hidden), if recorded
 * @property {Float32Array} [potentials] (steps, hidden), if recorded
 */
/** @typedef {{noise?: Float32Array, silenced?: Set<number>, record?: boolean}} RunOptions */

export class Network {
  /** @param {Weights} weights */
  constructor(weights) {
    this.weights = weights;
    const { inputs, hidden, w1 } = weights;
    const bytes = Math.ceil(inputs / 8);
    /** Groups of a block that are summed at a time. @type {number[]} */
    this.chunks = Array(Math.floor(bytes / 5)).fill(BLOCK);
    let rest = Math.ceil((8 * (bytes % 5)) / GROUP);
    for (; rest >= 4; rest -= 4) this.chunks.push(4);
    for (; rest > 0; rest--) this.chunks.push(1);
    this.groups = this.chunks.reduce((sum, count) => sum + count, 0);
    this.table = new Float32Array(this.groups * PATTERNS * hidden);
    for (let group = 0; group < this.groups; group++) {
      for (let pattern = 1; pattern < PATTERNS; pattern++) {
        const bit = 31 - Math.clz32(pattern); // the row of the highest one is added last
        const to = (group * PATTERNS + pattern) * hidden;
        const from = (group * PATTERNS + (pattern ^ (1 << bit))) * hidden;
        const row = (group * GROUP + bit) * hidden;
        for (let unit = 0; unit < hidden; unit++) {
          this.table[to + unit] = this.table[from + unit] + (row < w1.length ? w1[row + unit] : 0);
        }
      }
    }
  }

  /**
   * What a spike at each step adds to the logits, per unit of W2. @param {number} steps
   */
  stepWeights(steps) {
    const { readoutAlpha: alpha, logitScale } = this.weights;
    return Float32Array.from({ length: steps }, (_, t) =>
      logitScale * ((1 - alpha ** (steps - 1 - t)) / (1 - alpha)),
    );
  }

  /**
   * Add the drive of one time step to `drive` (hidden,); `fresh`: instead of its content.
   * @param {Uint8Array} spikes @param {number} from where the step begins
   * @param {Float32Array} drive @param {boolean} fresh
   */
  addDrive(spikes, from, drive, fresh) {
    const { inputs, hidden } = this.weights;
    const rows = new Int32Array(BLOCK);
    let group = 0;
    for (const count of this.chunks) {
      for (let i = 0; i < count; i++, group++) {
        let pattern = 0;
        for (let bit = 0, input = group * GROUP; bit < GROUP && input < inputs; bit++, input++) {
          pattern |= spikes[from + input] << bit;
        }
        rows[i] = (group * PATTERNS + pattern) * hidden;
      }
      for (let unit = 0; unit < hidden; unit++) {
        let even = this.table[rows[0] + unit];
        let odd = fresh ? 0 : drive[unit];
        for (let i = 1; i + 1 < count; i += 2) {
          odd = f32(odd + this.table[rows[i] + unit]);
          even = f32(even + this.table[rows[i + 1] + unit]);
        }
        if (count % 2 === 0) odd = f32(odd + this.table[rows[count - 1] + unit]);
        drive[unit] = even + odd;
      }
      fresh = false;
    }
  }

  /**
   * Run the network on the input spikes (steps, inputs) of one trial.
   * @param {Uint8Array} inputSpikes
   * @param {RunOptions} [options] `noise`: a current (steps - 2, hidden); `silenced`: hidden units
   *   that neither receive nor send; `record`: keep spikes and potentials.
   * @returns {Run}
   */
  run(inputSpikes, { noise, silenced, record = false } = {}) {
    const { inputs, hidden } = this.weights;
    const steps = inputSpikes.length / inputs;
    const alpha = f32(this.weights.alpha);
    const scale = this.stepWeights(steps);
    const driven = Math.max(steps - 2, 0);
    const potential = new Float32Array(hidden), drive = new Float32Array(hidden);
    const spiking = new Uint8Array(hidden);
    const summed = new Float32Array(hidden), counts = new Uint16Array(hidden);
    const spikes = record ? new Uint8Array(steps * hidden) : undefined;
    const potentials = record ? new Float32Array(steps * hidden) : undefined;
    for (let t = 0; t + 1 < steps; t++) {
      if (t < driven) {
        if (noise) drive.set(noise.subarray(t * hidden, (t + 1) * hidden));
        this.addDrive(inputSpikes, t * inputs, drive, !noise);
      }
      for (let unit = 0; unit < hidden; unit++) {
        const next = potential[unit] > 1 ? 1 : 0;
        if (t < driven && !silenced?.has(unit)) {
          const charged = f32(f32(alpha * potential[unit]) + drive[unit]);
          potential[unit] = spiking[unit] ? 0 : charged;
        }
        spiking[unit] = next;
        if (next) {
          summed[unit] += scale[t + 1];
          counts[unit]++;
        }
      }
      spikes?.set(spiking, (t + 1) * hidden);
      potentials?.set(potential, (t + 1) * hidden);
    }
    return { steps, summed, counts, logits: this.logits(summed), spikes, potentials };
  }

  /**
   * Logits from the units' weighted spikes, perhaps without some of the units.
   * @param {Float32Array} summed @param {Set<number>} [without]
   */
  logits(summed, without) {
    const { hidden, outputs, w2 } = this.weights;
    const logits = new Float32Array(outputs);
    for (let unit = 0; unit < hidden; unit++) {
      if (summed[unit] === 0 || without?.has(unit)) continue;
      for (let k = 0; k < outputs; k++) {
        logits[k] += f32(summed[unit] * w2[unit * outputs + k]);
      }
    }
    return logits;
  }

  /**
   * The readout's potentials summed over time up to each step, times the logit scale:
   * (steps, outputs). The last row is the logits, but for rounding.
   * @param {Uint8Array} spikes (steps, hidden)
   */
  runningLogits(spikes) {
    const { hidden, outputs, w2, readoutAlpha, logitScale } = this.weights;
    const steps = spikes.length / hidden;
    const output = new Float64Array(outputs), sum = new Float64Array(outputs);
    const running = new Float32Array(steps * outputs);
    for (let t = 0; t < steps; t++) {
      for (let k = 0; k < outputs; k++) {
        sum[k] += output[k];
        running[t * outputs + k] = logitScale * sum[k];
        output[k] *= readoutAlpha;
      }
      for (let unit = 0; unit < hidden; unit++) {
        if (!spikes[t * hidden + unit]) continue;
        for (let k = 0; k < outputs; k++) output[k] += w2[unit * outputs + k];
      }
    }
    return running;
  }
}

/** The place of the largest value, the first one in a tie. @param {ArrayLike<number>} values */
export function largest(values) {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[best]) best = k;
  return best;
}

/** Logits as probabilities. @param {ArrayLike<number>} logits */
export function softmax(logits) {
  const most = Math.max(...Array.from(logits));
  const powers = Array.from(logits, (each) => Math.exp(each - most));
  const sum = powers.reduce((total, each) => total + each, 0);
  return powers.map((each) => each / sum);
}
