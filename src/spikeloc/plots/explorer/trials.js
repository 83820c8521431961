// Statistics of many trials of one network.
import { largest } from "./network.js";

/** @typedef {import("./network.js").Network} Network */
/**
 * @typedef {object} Outcome of one trial
 * @property {number} truth class
 * @property {Float32Array} summed weighted spikes of each hidden unit, none of them silenced
 * @property {number} [observed] class that the ideal observer answers
 */

const Z = 1.959963984540054;

/** Wilson's 95 % interval of a share, in percent. @param {number} right @param {number} n */
export function wilson(right, n) {
  if (n === 0) return [0, 100];
  const share = right / n, z2 = (Z * Z) / n;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (Z * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n))) / (1 + z2);
  return [100 * Math.max(middle - half, 0), 100 * Math.min(middle + half, 1)];
}

/**
 * Difference of two answers to the same trials, in points of accuracy, with its 95 % interval.
 * @param {boolean[]} one whether each answer was right @param {boolean[]} other
 */
export function pairedDifference(one, other) {
  const n = one.length;
  let gained = 0, lost = 0;
  for (let i = 0; i < n; i++) {
    if (other[i] && !one[i]) gained++;
    if (one[i] && !other[i]) lost++;
  }
  const mean = (gained - lost) / n;
  const half = Z * Math.sqrt(Math.max(gained + lost - n * mean * mean, 0)) / n;
  return { mean: 100 * mean, low: 100 * (mean - half), high: 100 * (mean + half) };
}

/** @param {Network} network @param {Outcome[]} outcomes @param {Set<number>} silenced */
export function answers(network, outcomes, silenced) {
  return outcomes.map(({ summed }) => largest(network.logits(summed, silenced)));
}

/** Counts of answers by class: [estimated][true]. @param {number} classes @param {number[]} estimated @param {Outcome[]} outcomes */
export function confusionCounts(classes, estimated, outcomes) {
  const counts = Array.from({ length: classes }, () => new Array(classes).fill(0));
  outcomes.forEach(({ truth }, i) => counts[estimated[i]][truth]++);
  return counts;
}

/**
 * What silencing each unit in turn, besides those that are silenced already, changes. Hidden units
 * do not drive each other, so a unit's part can be left out of the sum.
 * @param {Network} network @param {Outcome[]} outcomes @param {Set<number>} silenced
 */
export function unitEffects(network, outcomes, silenced) {
  const isRight = (/** @type {Set<number>} */ without) =>
    answers(network, outcomes, without).map((answer, i) => answer === outcomes[i].truth);
  const before = isRight(silenced);
  return Array.from({ length: network.weights.hidden }, (_, unit) => {
    const after = silenced.has(unit) ? before : isRight(new Set([...silenced, unit]));
    return { unit, silenced: silenced.has(unit), ...pairedDifference(before, after) };
  });
}
