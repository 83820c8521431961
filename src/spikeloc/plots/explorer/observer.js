// The ideal observer that does not know the starting phase: docs/model.md, "Ideal observer". On the
// grid of the package. Log odds of a spike are interpolated in a table, ten times finer than the
// grid; phases that a coarse look finds out of the question are not looked at closely.
import { delays, stepPhases } from "./stimulus.js";

const FINER = 10;
const COARSE = 8; // every 8th phase is looked at first
const NEGLIGIBLE = 80; // nats below the largest log likelihood
const FLOOR = -1000;

/** @typedef {import("./stimulus.js").Stimulus} Stimulus */
/**
 * @typedef {object} Posterior
 * @property {Float64Array} density by IPD of the grid, its sum is 1
 * @property {Float64Array} mass by class
 * @property {number} estimated the class with the largest mass
 * @property {number} medianDeg
 */

export class Observer {
  /** @param {Stimulus} stimulus @param {number} classes */
  constructor(stimulus, classes) {
    this.stimulus = stimulus;
    this.classes = classes;
    this.delay = delays(stimulus);
    this.time = stepPhases(stimulus);
    const information = this.information();
    const spacing = Math.min(Math.PI / 720, information > 0 ? 1 / Math.sqrt(information) : 1);
    this.perClass = Math.ceil(Math.PI / classes / spacing);
    this.ipds = classes * this.perClass;
    this.spacing = Math.PI / this.ipds;
    this.points = 2 * this.ipds * FINER; // of the table, around the circle
    const most = (stimulus.rate_max_hz * stimulus.time_step_ms) / 1000;
    const logMost = most > 0 ? Math.log(most) : FLOOR;
    this.odds = new Float64Array(2 * this.points + 1);
    this.logNone = new Float64Array(2 * this.points + 1);
    for (let i = 0; i <= 2 * this.points; i++) {
      const sine = Math.abs(Math.sin((i * Math.PI) / this.points + Math.PI / 4));
      const logU = Math.max(2 * Math.log(sine), FLOOR);
      const logP = Math.max(logMost + stimulus.envelope_power * logU, FLOOR);
      this.logNone[i] = Math.max(Math.log1p(-Math.exp(logP)), FLOOR);
      this.odds[i] = logP - this.logNone[i];
    }
    /** Log likelihood of an ear without any spike, by phase of its grid. */
    this.silent = [0, (this.spacing - Math.PI) / 2].map((offset) => {
      const angles = [];
      for (const time of this.time) for (const delay of this.delay) angles.push(time + delay);
      return this.sums(this.logNone, angles, offset, 0, 2 * this.ipds, 1);
    });
  }

  /** Fisher information of an ear about its phase, at the phase 0. */
  information() {
    const { envelope_power: k, rate_max_hz, time_step_ms } = this.stimulus;
    const most = (rate_max_hz * time_step_ms) / 1000;
    let sum = 0;
    if (k === 0) return 0;
    for (const time of this.time) {
      for (const delay of this.delay) {
        const u = Math.sin((time + delay) / 2 + Math.PI / 4) ** 2;
        const none = 1 - most * u ** k;
        sum += k * k * most * u ** (k - 1) * (none > 0 ? (1 - u) / none : 1 / k);
      }
    }
    return sum;
  }

  /**
   * Sums of a table over angles, at phases `first`, `first + step`, ... below `last` of an ear.
   * @param {Float64Array} table @param {ArrayLike<number>} angles @param {number} offset
   * @param {number} first @param {number} last @param {number} step
   */
  sums(table, angles, offset, first, last, step) {
    const sums = new Float64Array(2 * this.ipds);
    const perRadian = this.points / (2 * Math.PI);
    for (let s = 0; s < angles.length; s++) {
      const place = (((angles[s] + offset) * perRadian) % this.points + this.points) % this.points;
      const below = Math.floor(place), share = place - below;
      for (let i = first; i < last; i += step) {
        const at = below + FINER * i;
        sums[i] += table[at] + share * (table[at + 1] - table[at]);
      }
    }
    return sums;
  }

  /**
   * Likelihood of an ear's spikes by phase, the largest is 1.
   * @param {Uint8Array} spikes (steps, inputs) @param {number} ear 0: left, 1: right
   */
  likelihood(spikes, ear) {
    const fibres = this.delay.length, phases = 2 * this.ipds;
    const angles = [];
    for (let t = 0; t < this.time.length; t++) {
      for (let j = 0; j < fibres; j++) {
        if (spikes[(2 * t + ear) * fibres + j]) angles.push(this.time[t] + this.delay[j]);
      }
    }
    const offset = ear ? (this.spacing - Math.PI) / 2 : 0;
    const silent = this.silent[ear];
    const coarse = this.sums(this.odds, angles, offset, 0, phases, COARSE);
    let most = -Infinity;
    for (let i = 0; i < phases; i += COARSE) most = Math.max(most, coarse[i] + silent[i]);
    const logs = new Float64Array(phases).fill(-Infinity);
    const near = (/** @type {number} */ i) =>
      i < phases ? coarse[i] + silent[i] > most - NEGLIGIBLE : false;
    for (let i = 0; i < phases; i += COARSE) {
      const wrapped = (i + COARSE) % phases;
      if (!near(i) && !near(wrapped - (wrapped % COARSE))) continue;
      const end = Math.min(i + COARSE, phases);
      const fine = this.sums(this.odds, angles, offset, i, end, 1);
      for (let k = i; k < end; k++) logs[k] = fine[k] + silent[k];
    }
    most = logs.reduce((a, b) => Math.max(a, b), -Infinity);
    return logs.map((log) => Math.exp(log - most));
  }

  /**
   * The posterior over the IPD, given the spikes of both ears (steps, inputs).
   * @param {Uint8Array} spikes
   * @returns {Posterior}
   */
  posterior(spikes) {
    const density = new Float64Array(this.ipds);
    if (this.stimulus.envelope_power === 0) return this.decided(density.fill(1)); // says nothing
    const left = this.likelihood(spikes, 0), right = this.likelihood(spikes, 1);
    const phases = left.length;
    for (let p = 0; p < phases; p++) {
      if (left[p] < 1e-35) continue;
      for (let i = 0; i < this.ipds; i++) density[i] += left[p] * right[(p + i) % phases];
    }
    return this.decided(density);
  }

  /** @param {Float64Array} density not normalised @returns {Posterior} */
  decided(density) {
    const total = density.reduce((a, b) => a + b, 0);
    const mass = new Float64Array(this.classes);
    let summed = 0, medianDeg = 90;
    for (let i = this.ipds - 1; i >= 0; i--) density[i] /= total;
    for (let i = 0; i < this.ipds; i++) {
      mass[Math.floor(i / this.perClass)] += density[i];
      if (summed < 0.5 && summed + density[i] >= 0.5) {
        medianDeg = ((i + (0.5 - summed) / density[i]) * this.spacing * 180) / Math.PI - 90;
      }
      summed += density[i];
    }
    let estimated = 0;
    for (let k = 1; k < this.classes; k++) if (mass[k] > mass[estimated] * (1 + 1e-9)) estimated = k;
    return { density, mass, estimated, medianDeg };
  }
}
