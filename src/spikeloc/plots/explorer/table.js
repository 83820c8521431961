// The chosen metric as a table.
import { bracket, make, number, signed } from "./elements.js";

/** @typedef {import("./data.js").ResultRun} ResultRun */

/** @param {HTMLTableElement} table @param {any} view @param {(run: ResultRun) => void} opened */
export function resultTable(table, view, opened) {
  const { metric, runs, experiment } = view;
  const { name, decimals } = metric;
  const has = (/** @type {"printed" | "observer" | "differences"} */ key) => runs.some((/** @type {ResultRun} */ run) => name in run[key]);
  /** @type {[string, (run: ResultRun) => string | Node][]} */
  const columns = [
    ["condition", (run) => run.label],
    ["variant", (run) => run.variant],
    ["networks", (run) => networks(run, metric)],
    ["seeds", (run) => String(run.summary[name][0])],
    ["mean, 95 % interval", (run) => `${number(run.summary[name][1], decimals)}${bracket(run.summary[name][2], run.summary[name][3], decimals)}`],
  ];
  if (has("differences")) {
    columns.push(["difference from the reference", (run) => {
      const found = run.differences[name];
      if (!found) return run.condition === experiment.reference ? "reference" : "";
      return `${signed(found[1], decimals)}${bracket(found[2], found[3], decimals)}`;
    }]);
    columns.push(["p", (run) => {
      const p = run.differences[name]?.[4];
      return p == null ? "" : p < 0.0005 ? "<0.001" : number(p, 3);
    }]);
  }
  if (has("printed")) columns.push(["printed", (run) => (run.printed[name] ?? []).map((each) => number(each, decimals)).join(", ")]);
  if (has("observer")) {
    columns.push(["ideal observer", (run) => {
      const found = run.observer[name];
      return found ? `${number(found[0], decimals)}${bracket(found[1], found[2], decimals)}` : "";
    }]);
  }
  columns.push(["", (run) => make("button", { type: "button", className: "quiet", onclick: () => opened(run), "aria-label": `Open a network of ${run.label}, ${run.variant}` }, "Open")]);
  const head = make("tr", {}, ...columns.map(([text]) => make("th", { scope: "col" }, text)));
  const body = runs.map((/** @type {ResultRun} */ run) => make("tr", {}, ...columns.map(([, cell]) => make("td", {}, cell(run)))));
  table.replaceChildren(make("caption", { className: "unseen" }, `${experiment.title}: ${metric.label}`), make("thead", {}, head), make("tbody", {}, ...body));
}

/** How many networks there are, and the value of each. @param {ResultRun} run @param {any} metric */
function networks(run, metric) {
  const values = run.values[metric.name] ?? [];
  const list = run.seeds.map((seed, i) => {
    const value = values[i];
    const which = run.networks.some((each) => each > 1) ? `${seed}/${run.networks[i]}` : seed;
    return `${which}: ${value == null ? "diverged" : number(value, metric.decimals)}`;
  });
  return make("details", {}, make("summary", {}, String(list.length)), list.join(", "));
}
