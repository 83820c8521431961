// The page: reads its data and starts its parts.
import { parse } from "./data.js";
import { byId, make } from "./elements.js";
import { Living } from "./living.js";
import { Many } from "./many.js";
import { Results } from "./results.js";

const contents = parse(byId("data").textContent);

byId("config").textContent = contents.origin.config;
document.title = `spikeloc, ${contents.origin.config}: a living network and all results`;
for (const [key, value] of Object.entries(contents.origin)) {
  byId("origin").append(make("dt", {}, key), make("dd", {}, value));
}
for (const { name, text } of contents.libraries) {
  byId("licences").append(make("details", {}, make("summary", {}, name), make("p", {}, text)));
}

const living = new Living(contents);
new Many(living);
const results = new Results(contents, living);

const dark = window.matchMedia("(prefers-color-scheme: dark)");
const redraw = () => (living.draw(), results.draw());
dark.addEventListener("change", redraw);
byId("theme").onclick = () => {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
  root.dataset.theme = isDark ? "light" : "dark";
  redraw();
};
