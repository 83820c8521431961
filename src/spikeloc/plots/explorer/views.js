// The marks of the charts of results that have one place for each condition.
import { bracket, number, signed } from "./elements.js";

/** @typedef {import("./data.js").ResultRun} ResultRun */
/** @typedef {import("./data.js").Experiment} Experiment */
/** @typedef {import("./results.js").Results} Results */

/**
 * Where the conditions lie: sweeps of numbers along x, named conditions along y.
 * @param {ResultRun[]} runs @param {Experiment} experiment @param {string[]} variants
 */
export function positions(runs, experiment, variants) {
  const conditions = [...new Set(runs.map((run) => run.condition))];
  const labels = conditions.map((name) => /** @type {ResultRun} */ (runs.find((run) => run.condition === name)).label);
  const upright = experiment.kind === "sweep";
  const apart = 0.5 / Math.max(variants.length, 1);
  const position = (/** @type {ResultRun} */ run) =>
    conditions.indexOf(run.condition) + (variants.indexOf(run.variant) - (variants.length - 1) / 2) * apart;
  return { labels, position, apart, along: upright ? "x" : "y", across: upright ? "y" : "x" };
}

/** A label that leaves room for the chart. @param {string} label */
export const shortened = (label) => (label.length > 26 ? `${label.slice(0, 24)}…` : label);

/** The axis along which conditions lie. @param {any} view @param {number} width */
function conditionAxis({ labels, along, experiment }, width) {
  const longest = Math.max(...labels.map((/** @type {string} */ each) => shortened(each).length), 1);
  const text = (/** @type {number} */ i) => shortened(labels[i]);
  const axis = {
    domain: along === "x" ? [-0.6, labels.length - 0.4] : [labels.length - 0.4, -0.6],
    ticks: d3.range(labels.length), tickFormat: text, tickSize: 0, grid: false,
    label: along === "x" ? experiment.parameters.join(" and ") : null,
  };
  if (along === "x") return { x: axis, height: 330, marginLeft: 48, marginTop: 24 };
  return { y: axis, height: 80 + 34 * labels.length, marginLeft: Math.min(24 + 6.6 * longest, 0.45 * width) };
}

/** Every network, means with intervals, printed values, the ideal observer and chance. @param {Results} results @param {any} view @param {number} width */
export function meanMarks(results, view, width) {
  const { metric, along, across, position, apart, runs } = view;
  const name = metric.name;
  const channel = (/** @type {any} */ at, /** @type {any} */ value) => ({ [along]: at, [across]: value });
  const rule = along === "x" ? Plot.ruleX : Plot.ruleY; // from one value to another
  const level = along === "x" ? Plot.ruleY : Plot.ruleX; // at one value
  const fill = (/** @type {any} */ row) => results.colour(row.run.variant);
  const networks = results.rows.map((row) => {
    const place = row.run.seeds.length > 1 ? row.run.seeds.indexOf(row.seed) / (row.run.seeds.length - 1) - 0.5 : 0;
    return { ...row, at: position(row.run) + place * apart * 0.55 };
  });
  const means = runs.map((/** @type {ResultRun} */ run) => {
    const [, mean, low, high] = run.summary[name];
    return { run, at: position(run), mean, low: low ?? mean, high: high ?? mean };
  });
  const printed = runs.flatMap((/** @type {ResultRun} */ run) =>
    (run.printed[name] ?? []).map((value) => ({ run, at: Math.round(position(run) + apart / 2), value })));
  const best = runs.flatMap((/** @type {ResultRun} */ run) => run.observer[name] ? [{ run, at: position(run), value: run.observer[name][0] }] : []);
  const { chance } = results.contents;
  const lowest = Math.min(...results.rows.map((row) => row.value));
  const marks = [
    ...(/accuracy$/.test(name) && lowest < 3 * chance ? [level([chance], { stroke: "var(--muted)", strokeDasharray: "5 3" })] : []),
    level(best, {
      [across]: "value", [`${along}1`]: (/** @type {any} */ d) => d.at - apart * 0.45, [`${along}2`]: (/** @type {any} */ d) => d.at + apart * 0.45,
      stroke: fill, strokeDasharray: "1.5 2.5", strokeWidth: 2,
    }),
    Plot.dot(networks, { ...channel("at", "value"), r: 2.6, fill, fillOpacity: 0.45 }),
    rule(means, { [along]: "at", [`${across}1`]: "low", [`${across}2`]: "high", stroke: fill, strokeWidth: 2 }),
    Plot.dot(means, { ...channel("at", "mean"), r: 5, fill, stroke: "var(--paper)", strokeWidth: 1.2 }),
    Plot.dot(printed, { ...channel("at", "value"), symbol: "diamond", r: 5, stroke: "var(--ink)", strokeWidth: 1.4 }),
    Plot.tip(
      [...networks.map((row) => ({ ...row, text: results.networkText(row) })), ...means.map((/** @type {any} */ row) => ({ ...row, value: row.mean, text: results.meanText(row.run) }))],
      Plot.pointer({ ...channel("at", "value"), title: "text", fill: "var(--card)", stroke: "var(--line)" }),
    ),
  ];
  return {
    ...conditionAxis(view, width), marks, color: { type: "identity" },
    [across]: { label: metric.label, grid: true, nice: true },
  };
}

/** @param {Results} results @param {any} view @param {ResultRun[]} runs @param {number} width */
export function differenceMarks(results, view, runs, width) {
  const { metric, along, across, position } = view;
  const unit = metric.unit === "%" ? "points" : metric.unit;
  const rule = along === "x" ? Plot.ruleX : Plot.ruleY;
  const level = along === "x" ? Plot.ruleY : Plot.ruleX;
  const rows = runs.map((run) => {
    const [n, mean, low, high, p] = run.differences[metric.name];
    const text = `${run.label}, ${run.variant}\n${signed(mean, metric.decimals)}${bracket(low, high, metric.decimals)} ${unit}, ` +
      `n = ${n}${p === null ? "" : `, p = ${p < 0.0005 ? "<0.001" : number(p, 3)}`}`;
    return { run, at: position(run), mean, low: low ?? mean, high: high ?? mean, text };
  });
  const stroke = (/** @type {any} */ row) => results.colour(row.run.variant);
  return {
    ...conditionAxis(view, width), color: { type: "identity" },
    [across]: { label: `change (${unit})`, grid: true, nice: true },
    ariaLabel: `Differences from the reference. ${rows.map((row) => row.text.replace("\n", ": ")).join("; ")}`,
    marks: [
      level([0], { stroke: "var(--ink)" }),
      rule(rows, { [along]: "at", [`${across}1`]: "low", [`${across}2`]: "high", stroke, strokeWidth: 2 }),
      Plot.dot(rows, { [along]: "at", [across]: "mean", r: 4.5, fill: stroke }),
      Plot.tip(rows, Plot.pointer({ [along]: "at", [across]: "mean", title: "text", fill: "var(--card)", stroke: "var(--line)" })),
    ],
  };
}
