// Pictures of one trial over time, on canvases that share their axis of time.
import { midpointDeg } from "./stimulus.js";

const LEFT = 46, RIGHT = 92; // margins in pixels
const ROW = 13; // height of a hidden unit
const AXIS = 18;

/** @typedef {import("./trace.js").Trace} Trace */

/** A colour of the style sheet, as it is now. @param {string} name */
export function colour(name) {
  const probe = /** @type {HTMLElement} */ (document.getElementById("probe") ?? makeProbe());
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

function makeProbe() {
  const probe = document.createElement("i"); // light-dark() is resolved in `color` only
  probe.id = "probe";
  probe.hidden = true;
  return document.body.appendChild(probe);
}

/** Clear a canvas and fit its pixels to the screen. @param {HTMLCanvasElement} canvas @param {number} [height] */
function prepared(canvas, height) {
  if (height) canvas.style.height = `${height}px`;
  const box = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.max(Math.round(box.width * ratio), 1);
  canvas.height = Math.max(Math.round(box.height * ratio), 1);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  return { context, width: box.width, height: box.height };
}

/** Where a time step lies. @param {number} width @param {number} steps */
const timeScale = (width, steps) => (/** @type {number} */ t) =>
  LEFT + (t / steps) * (width - LEFT - RIGHT);

/**
 * @param {CanvasRenderingContext2D} context @param {Trace} trace @param {number} width
 * @param {number} height @param {number} now
 */
function drawTime(context, trace, width, height, now) {
  const x = timeScale(width, trace.steps);
  const step = trace.stimulus.time_step_ms;
  const total = trace.steps * step;
  const every = [5, 10, 20, 50, 100, 200, 500, 1000].find((each) => total / each <= 8) ?? total;
  context.fillStyle = colour("muted");
  context.textAlign = "center";
  for (let ms = 0; ms <= total; ms += every) {
    context.fillRect(x(ms / step), height - AXIS, 1, 4);
    context.fillText(ms ? `${ms}` : "0 ms", x(ms / step), height - 6);
  }
  if (now === trace.steps - 1) return;
  context.fillStyle = colour("accent");
  context.fillRect(x(now + 1) - 0.5, 0, 1.5, height - AXIS);
}

/** Input spikes of both ears with their sums. @param {HTMLCanvasElement} canvas @param {Trace} trace @param {number} now */
export function drawInputs(canvas, trace, now) {
  const { context, width, height } = prepared(canvas);
  const x = timeScale(width, trace.steps);
  const fibres = trace.stimulus.fibres_per_ear;
  const each = (height - AXIS - 8) / 2;
  const cell = x(1) - x(0);
  ["left", "right"].forEach((ear, e) => {
    const top = e * (each + 8);
    const counts = new Array(trace.steps).fill(0);
    context.fillStyle = colour(ear);
    const rows = each / fibres;
    for (let t = 0; t < trace.steps; t++) {
      context.globalAlpha = t <= now ? 0.75 : 0.16;
      for (let j = 0; j < fibres; j++) {
        if (!trace.inputSpikes[(2 * t + e) * fibres + j]) continue;
        counts[t]++;
        context.fillRect(x(t), top + j * rows, Math.max(cell - 0.5, 0.8), Math.max(rows - 0.3, 0.6));
      }
    }
    context.globalAlpha = 1;
    context.strokeStyle = colour("ink");
    context.lineWidth = 1.4;
    context.beginPath();
    counts.forEach((count, t) => {
      const y = top + each - (count / fibres) * each;
      if (t === 0) context.moveTo(x(t), y);
      context.lineTo(x(t + 0.5), y);
    });
    context.stroke();
    context.fillStyle = colour(ear);
    context.textAlign = "left";
    context.font = "600 12px system-ui, sans-serif";
    context.fillText(ear === "left" ? "Left" : "Right", 2, top + each / 2);
    context.font = "11px system-ui, sans-serif";
    context.fillStyle = colour("muted");
    context.fillText(`${trace.earSpikes[e]} spikes`, width - RIGHT + 8, top + each / 2);
    if (trace.deaf.has(ear)) context.fillText("not heard", width - RIGHT + 8, top + each / 2 + 14);
  });
  drawTime(context, trace, width, height, now);
}

/** The hidden unit at a height of its canvas. @param {number} y */
export const unitAt = (y) => Math.floor(y / ROW);

/**
 * Potentials and spikes of the hidden units, and what each adds to the answer's lead.
 * @param {HTMLCanvasElement} canvas @param {Trace} trace @param {number} now
 * @param {{signs: number[], silenced: Set<number>, focus: number}} look
 */
export function drawHidden(canvas, trace, now, { signs, silenced, focus }) {
  const units = signs.length;
  const { context, width, height } = prepared(canvas, units * ROW + AXIS);
  const x = timeScale(width, trace.steps);
  const cell = x(1) - x(0);
  const colours = { "1": colour("excitatory"), "-1": colour("inhibitory"), "0": colour("mixed") };
  const ink = colour("ink"), muted = colour("muted"), shade = colour("shade");
  const most = Math.max(...trace.leads.map(Math.abs), 1e-9);
  for (let unit = 0; unit < units; unit++) {
    const y = unit * ROW;
    const own = colours[/** @type {"0"} */ (String(signs[unit]))];
    const off = silenced.has(unit);
    if (unit === focus) {
      context.fillStyle = shade;
      context.fillRect(0, y, width, ROW);
    }
    context.textAlign = "right";
    context.fillStyle = off ? muted : own;
    context.fillText(`${unit}${{ "1": " +", "-1": " −", "0": " ±" }[/** @type {"0"} */ (String(signs[unit]))]}`, LEFT - 8, y + ROW / 2 + 0.5);
    context.fillStyle = ink;
    for (let t = 0; t < trace.steps && !off; t++) {
      const potential = trace.potentials[t * units + unit];
      if (potential <= 0.02) continue;
      context.globalAlpha = Math.min(potential, 1.5) * (t <= now ? 0.2 : 0.05);
      context.fillRect(x(t), y + 1.5, cell + 0.3, ROW - 3);
    }
    context.fillStyle = own;
    for (let t = 0; t < trace.steps; t++) {
      if (!trace.spikes[t * units + unit]) continue;
      context.globalAlpha = t <= now ? 1 : 0.25;
      context.fillRect(x(t) + cell / 2 - 0.8, y + 1.5, 1.6, ROW - 3);
    }
    context.globalAlpha = 1;
    const middle = width - RIGHT / 2;
    const bar = (trace.leads[unit] / most) * (RIGHT / 2 - 8);
    context.fillRect(Math.min(middle, middle + bar), y + 3, Math.abs(bar), ROW - 6);
    if (off) {
      context.fillStyle = muted;
      context.fillRect(LEFT, y + ROW / 2, width - LEFT - RIGHT, 1);
    }
  }
  context.fillStyle = colour("line");
  context.fillRect(width - RIGHT / 2, 0, 1, units * ROW);
  context.fillStyle = muted;
  context.textAlign = "center";
  context.fillText("− +", width - RIGHT / 2, height - 6);
  drawTime(context, trace, width, height, now);
}

/** The colour of a class, from the left ear's to the right ear's. @param {number} k @param {number} classes */
export function classColour(k, classes) {
  const share = midpointDeg(k, classes) / 90;
  const ear = colour(share < 0 ? "left" : "right");
  return d3.interpolateLab(colour("muted"), ear)(0.15 + 0.85 * Math.abs(share));
}

/** Output sums over time. @param {HTMLCanvasElement} canvas @param {Trace} trace @param {number} now */
export function drawOutputs(canvas, trace, now) {
  const { context, width, height } = prepared(canvas);
  const { steps, running, classes } = trace;
  const x = timeScale(width, steps);
  const low = running.reduce((a, b) => Math.min(a, b), 0);
  const high = running.reduce((a, b) => Math.max(a, b), 0.01);
  const y = (/** @type {number} */ value) =>
    8 + ((high - value) / (high - low || 1)) * (height - AXIS - 16);
  context.fillStyle = colour("line");
  context.fillRect(LEFT, y(0), width - LEFT - RIGHT, 1);
  context.fillStyle = colour("muted");
  context.textAlign = "right";
  context.fillText("0", LEFT - 8, y(0));
  const order = d3.range(classes).sort((a, b) => rank(a) - rank(b));
  /** @param {number} k */
  function rank(k) {
    return k === trace.estimated ? 2 : k === trace.truth ? 1 : 0;
  }
  for (const k of order) {
    context.strokeStyle = classColour(k, classes);
    context.lineWidth = rank(k) ? 3 : 1.2;
    for (const [from, to, alpha] of [[0, now, 1], [now, steps - 1, 0.25]]) {
      context.globalAlpha = alpha;
      context.beginPath();
      for (let t = from; t <= to; t++) context.lineTo(x(t + 0.5), y(running[t * classes + k]));
      context.stroke();
    }
    context.globalAlpha = 1;
  }
  const ends = [[trace.estimated, trace.estimated === trace.truth ? "answer, right" : "answer"]];
  if (trace.truth !== trace.estimated) ends.push([trace.truth, "truth"]);
  context.textAlign = "left";
  const last = (steps - 1) * classes;
  const heights = ends.map(([k]) => y(running[last + Number(k)]));
  if (heights.length > 1 && Math.abs(heights[0] - heights[1]) < 13) heights[1] = heights[0] + 13;
  ends.forEach(([k, text], i) => {
    context.fillStyle = classColour(Number(k), classes);
    context.fillText(String(text), width - RIGHT + 8, heights[i]);
  });
  drawTime(context, trace, width, height, now);
}
