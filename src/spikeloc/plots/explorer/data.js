// What the page was made with: results by run, and the weights of some networks.
import { Network } from "./network.js";

/** @typedef {import("./stimulus.js").Stimulus} Stimulus */
/** @typedef {import("./stimulus.js").Streams} Streams */
/** @typedef {[number, number, number, number]} Summary n, mean, and its 95 % interval */
/**
 * @typedef {object} Experiment
 * @property {string} name
 * @property {string} title
 * @property {string} kind sweep, grid or conditions
 * @property {string[]} parameters names of what varies
 * @property {string} reference
 */
/**
 * @typedef {object} ResultRun networks of one condition of one experiment under one variant
 * @property {string} experiment
 * @property {string} condition
 * @property {string} label
 * @property {number | null} value
 * @property {(number | string)[]} [place] in a grid
 * @property {string} variant
 * @property {string[]} seeds of each network
 * @property {number[]} networks numbers of the networks of a seed
 * @property {Record<string, (number | null)[]>} values by metric, of each network
 * @property {Record<string, Summary>} summary by metric
 * @property {Record<string, [...Summary, number | null]>} differences by metric, with p
 * @property {Record<string, number[]>} printed by metric
 * @property {Record<string, [number, number | null, number | null]>} observer by metric
 * @property {Record<string, [number, number | null, number | null]>} tuning share of hidden units
 * @property {Record<string, string>} embedded by seed, a key of `networks`
 */
/**
 * @typedef {object} Embedded
 * @property {string} seed
 * @property {string} w1 base64
 * @property {string} w2
 * @property {[number, number, number]} shape inputs, hidden units, outputs
 * @property {number} alpha
 * @property {number} readoutAlpha
 * @property {number} logitScale
 * @property {number} noiseSd
 * @property {string} signs
 * @property {number} testSamples
 * @property {Stimulus} stimulus
 */
/**
 * @typedef {object} Contents
 * @property {Record<string, string>} origin
 * @property {{name: string, label: string, unit: string, decimals: number, meaning: string}[]} metrics
 * @property {Experiment[]} experiments
 * @property {ResultRun[]} runs
 * @property {Record<string, Embedded>} networks
 * @property {Record<string, Streams & {noise: string}>} streams
 * @property {number} chance accuracy of guessing, percent
 * @property {{name: string, text: string}[]} libraries
 */

/** The embedded data. @param {string} text @returns {Contents} */
export const parse = (text) => JSON.parse(text);

/** Numbers from base64 of single precision, the lower bytes first. @param {string} text */
export function floats(text) {
  const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** @param {Embedded} embedded */
export function networkOf(embedded) {
  const [inputs, hidden, outputs] = embedded.shape;
  const { alpha, readoutAlpha, logitScale } = embedded;
  const w1 = floats(embedded.w1), w2 = floats(embedded.w2);
  return new Network({ inputs, hidden, outputs, w1, w2, alpha, readoutAlpha, logitScale });
}

/** The sign of each hidden unit: 1, -1, or 0 if it has both. @param {Network} network */
export function unitSigns({ weights: { hidden, outputs, w2 } }) {
  return Array.from({ length: hidden }, (_, unit) => {
    const row = w2.subarray(unit * outputs, (unit + 1) * outputs);
    if (row.every((weight) => weight >= 0)) return 1;
    return row.every((weight) => weight <= 0) ? -1 : 0;
  });
}

/**
 * The embedded network that comes closest to one of a run: itself, or else one of its condition.
 * @param {Contents} contents @param {ResultRun} run @param {string} [seed] @param {number} [number]
 * @returns {{run: ResultRun, seed: string, exact: boolean} | null}
 */
export function nearestEmbedded(contents, run, seed, number = 1) {
  if (seed !== undefined && number === 1 && seed in run.embedded) return { run, seed, exact: true };
  const alike = contents.runs.filter(
    (each) => each.experiment === run.experiment && each.condition === run.condition,
  );
  const other = [run, ...alike].find((each) => Object.keys(each.embedded).length);
  if (!other) return null;
  const seeds = Object.keys(other.embedded);
  const same = seed !== undefined && seeds.includes(seed) ? seed : seeds[0];
  return { run: other, seed: same, exact: seed === undefined && other === run };
}
