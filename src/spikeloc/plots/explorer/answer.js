// What is said about a trial: the answer, and the part of a unit in it.
import { degrees, make, number } from "./elements.js";

/** @typedef {import("./trace.js").Trace} Trace */

/** What a class stands for. @param {number} k @param {number} classes */
export const classText = (k, classes) =>
  `${degrees(-90 + (k * 180) / classes)} to ${degrees(-90 + ((k + 1) * 180) / classes)}`;

/** The answer and the truth in words. @param {Trace} trace @param {number} estimated @param {number} afterMs 0 at the end */
export function verdict(trace, estimated, afterMs) {
  const { ipdDeg, classes, stimulus, posterior, truth } = trace;
  const ms = number((Math.abs(ipdDeg) / 360) * (1000 / stimulus.frequency_hz), 1);
  const leading = ipdDeg === 0 ? "Both ears are in phase." :
    `The ${ipdDeg > 0 ? "right" : "left"} ear leads by ${degrees(Math.abs(ipdDeg))}, ${ms} ms.`;
  const right = estimated === truth;
  const off = Math.abs(estimated - truth);
  const mark = make(
    "span",
    { className: right ? "right-answer" : "wrong-answer" },
    right ? "right" : off === 1 ? "the class beside" : `${off} classes off`,
  );
  const when = afterMs ? `So far, after ${number(afterMs, 0)} ms, the network answers ` : "The network answers ";
  const lines = [
    make("p", { className: "big" }, leading),
    make("p", {}, when, make("b", {}, classText(estimated, classes)), ": ", mark, "."),
  ];
  if (posterior) {
    const sure = number(100 * posterior.mass[posterior.estimated], 0);
    const text = `The ideal observer of all these spikes answers ${classText(posterior.estimated, classes)}, with ` +
      `probability ${sure} % (black outline above).`;
    lines.push(make("p", { className: "small" }, text));
  }
  return lines;
}

/** A hidden unit in words. @param {Trace} trace @param {number} unit @param {number} sign @param {boolean} silenced */
export function unitText(trace, unit, sign, silenced) {
  const kind = { "1": "excitatory", "-1": "inhibitory", "0": "of both signs" }[String(sign)];
  if (silenced) return `Unit ${unit}, ${kind}: silenced.`;
  const total = trace.leads.reduce((a, b) => a + b, 0);
  return `Unit ${unit}, ${kind}: ${trace.counts[unit]} spikes, ${number(trace.leads[unit], 2)} of the answer’s lead ` +
    `of ${number(total, 2)} over the next class.`;
}
