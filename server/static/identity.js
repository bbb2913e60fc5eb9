// Lets a reader move the identity graph of a study about: cytoscape over the rows of the figure's own table, which are
// fetched as the page hands them out. The drawn figure and its table stay; without this script nothing is missing.
const place = document.getElementById("identity-explore");
const { cytoscape } = window;

/** Return a colour of the page's style, so that light and dark are followed. */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Return words short enough to stand on a line; the table has them whole. */
const short = (words) => (words.length > 30 ? `${words.slice(0, 29)}…` : words);

/** Return the nodes and edges of the rows of a table: one edge a decision, labelled with its rule and source. */
function elements(rows) {
  const nodes = new Map();
  for (const row of rows) {
    nodes.set(row.from_iri, row.from);
    nodes.set(row.to_iri, row.to);
  }
  const own = place.dataset.study;
  return [
    ...[...nodes].map(([id, label]) => ({ data: { id, label }, classes: id === own ? "own" : id.includes("/registration/") ? "number" : "" })),
    ...rows.map((row, at) => ({
      data: { id: `edge-${at}`, source: row.from_iri, target: row.to_iri, label: [row.rule, row.source].flat().filter(Boolean).map(short).join("\n") },
      classes: (row.relation_iri ?? "").endsWith("not-same") ? "apart" : (row.outcome_iri ?? "").endsWith("stopped") ? "stopped" : "",
    })),
  ];
}

/** Return how wide or high a box must be for its label. */
const sized = (side) => (node) => {
  const lines = Math.ceil(node.data("label").length / 26);
  return side === "height" ? 18 * lines : Math.min(190, 7.6 * node.data("label").length);
};

/** Return the style of the graph in the colours of the page. */
function style() {
  const ink = colour("--ink"), quiet = colour("--quiet"), accent = colour("--accent");
  const text = { color: ink, "font-family": "system-ui, sans-serif", "font-size": 13, "text-wrap": "wrap" };
  return [
    { selector: "node", style: { ...text, label: "data(label)", shape: "round-rectangle", width: sized("width"), height: sized("height"), padding: 9,
      "background-color": colour("--raised"), "border-color": quiet, "border-width": 1, "text-valign": "center", "text-max-width": 190 } },
    { selector: "node.number", style: { shape: "rectangle" } },
    { selector: "node.own", style: { "border-color": accent, "border-width": 3, "font-weight": 700 } },
    { selector: "edge", style: { ...text, label: "data(label)", color: quiet, "font-size": 11, "line-color": quiet, width: 1.5,
      "curve-style": "bezier", "text-background-color": colour("--ground"), "text-background-opacity": 1, "text-background-padding": 2 } },
    { selector: "edge.apart", style: { "line-style": "dashed" } },
    { selector: "edge.stopped", style: { "line-style": "dotted" } },
  ];
}

/** Fetch the rows and draw them in place of the button. */
async function explore(button) {
  button.disabled = true;
  const answer = await fetch(place.dataset.source, { headers: { Accept: "application/json" } });
  const { tables } = await answer.json();
  const { rows } = tables.find((table) => table.table === place.dataset.table);
  button.remove();
  const canvas = document.createElement("div");
  canvas.className = "identity-canvas";
  // Cytoscape adds a style element of one rule, which the policy on content refuses, unless this name is taken; the rule
  // stands in study.css.
  place.id = "__________cytoscape_stylesheet";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", place.dataset.title);
  place.append(canvas);
  const roots = [place.dataset.study];
  const layout = { name: "breadthfirst", circle: true, roots, spacingFactor: 1.15, avoidOverlap: true, animate: false };
  const graph = cytoscape({ container: canvas, elements: elements(rows), style: style(), layout, maxZoom: 2.5, userZoomingEnabled: false });
  for (const [sign, name, factor] of [["+", place.dataset.larger, 1.3], ["−", place.dataset.smaller, 1 / 1.3]]) {
    const zoom = document.createElement("button");
    zoom.type = "button";
    zoom.textContent = sign;
    zoom.setAttribute("aria-label", name);
    zoom.addEventListener("click", () => graph.zoom({ level: graph.zoom() * factor, renderedPosition: { x: graph.width() / 2, y: graph.height() / 2 } }));
    place.append(zoom);
  }
  canvas.dataset.nodes = graph.nodes().length;
  canvas.dataset.edges = graph.edges().length;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.style(style()));
}

if (place && cytoscape) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = place.dataset.button;
  button.addEventListener("click", () => explore(button));
  place.append(button);
}
