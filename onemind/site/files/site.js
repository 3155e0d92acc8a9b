// What a page does beyond reading: charts when they come into view, search, and filters.
// Nothing is fetched: data and charts are scripts, so that the pages work from a folder too.
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  const dark = window.matchMedia("screen and (prefers-color-scheme: dark)");
  const outlines = {};
  const loading = {};
  let shared = null;
  let index = [];

  window.onemind = {
    share: (values) => { shared = values; },
    outline: (name, shapes) => { outlines[name] = shapes; },
    index: (rows) => { index = rows; },
    version: (words) => {
      const place = document.getElementById("version");
      if (place) place.textContent = `, ${words}`;
    },
  };
  // Maps have outlines of their own; without this the world's would be looked for elsewhere.
  const nothing = { type: "Topology", objects: {}, arcs: [] };
  const none = new Proxy({}, { get: () => nothing });
  window.PlotlyGeoAssets = { topojson: none };

  function load(path) {
    loading[path] ??= new Promise((loaded, failed) => {
      const script = document.createElement("script");
      script.src = own.root + path;
      script.onload = loaded;
      script.onerror = failed;
      document.head.append(script);
    });
    return loading[path];
  }

  // --- charts ------------------------------------------------------------------------------------

  function read(figure, isDark) {
    const text = figure.querySelector("script").textContent;
    const colored = isDark
      ? text.replace(/"(#[0-9a-f]{6})"/g, (all, color) => `"${shared.dark[color] ?? color}"`)
      : text;
    const { data, layout } = JSON.parse(colored);
    for (const trace of data) {
      if (typeof trace.geojson === "string") trace.geojson = outlines[trace.geojson];
    }
    const plot = figure.querySelector(".plot");
    // A map is no higher than it is wide.
    const height = figure.dataset.outlines
      ? Math.min(layout.height, Math.max(260, plot.clientWidth * 0.75))
      : layout.height;
    plot.style.height = `${height}px`;
    return [data, { ...layout, height, template: shared.template }];
  }

  async function draw(figure) {
    const plot = figure.querySelector(".plot");
    await load(own.charts);
    if (figure.dataset.outlines) await load(figure.dataset.outlines);
    await Plotly.newPlot(plot, ...read(figure, dark.matches), shared.config);
    figure.classList.add("drawn");
    performance.mark("chart");
    plot.on("plotly_click", ({ points }) => open(points[0].customdata));
  }

  async function open(target) {
    if (!Array.isArray(target) || target[0] !== "department" || !own.index) return;
    await load(own.index);
    const row = index.find(([id]) => id === target[1]);
    if (row) window.location.assign(own.root + row[3]);
  }

  function redraw(isDark) {
    for (const figure of document.querySelectorAll(".chart.drawn")) {
      Plotly.react(figure.querySelector(".plot"), ...read(figure, isDark), shared.config);
    }
  }

  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      draw(target).catch(() => target.classList.add("undrawn"));
    }
  }, { rootMargin: "200px" });
  document.querySelectorAll(".chart").forEach((figure) => seen.observe(figure));
  dark.addEventListener("change", () => redraw(dark.matches));
  window.addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    redraw(false);
  });
  window.addEventListener("afterprint", () => redraw(dark.matches));

  // --- search in the header ----------------------------------------------------------------------

  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const find = document.getElementById("find");
  if (find) {
    const list = document.getElementById("found");
    const count = document.getElementById("found-count");
    const show = async () => {
      const asked = words(find.value);
      await load(own.index);
      const rows = asked.length
        ? index.filter((row) => asked.every((word) => row.join(" ").toLowerCase().includes(word)))
        : [];
      list.replaceChildren(...rows.slice(0, 12).map(([, name, place, path]) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        const where = document.createElement("span");
        link.href = own.root + path;
        where.textContent = place;
        link.append(name, where);
        item.append(link);
        return item;
      }));
      list.hidden = !rows.length;
      count.textContent = asked.length
        ? `${rows.length} ${rows.length === 1 ? "department" : "departments"}`
        : "";
    };
    find.addEventListener("input", show);
    find.addEventListener("focus", show);
    find.form.addEventListener("submit", (event) => {
      event.preventDefault();
      list.querySelector("a")?.click();
    });
    document.addEventListener("click", (event) => {
      if (!find.form.contains(event.target)) list.hidden = true;
    });
    find.form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { list.hidden = true; find.focus(); }
    });
  }

  // --- filters of the list, kept in the address --------------------------------------------------

  const filters = document.querySelector(".filters");
  if (filters) {
    const rows = [...document.querySelectorAll(`#${filters.dataset.rows} tbody tr`)];
    const text = rows.map((row) => row.textContent.toLowerCase());
    const search = filters.querySelector("input");
    const selects = [...filters.querySelectorAll("select")];
    const shown = document.getElementById("shown");
    const apply = () => {
      const asked = words(search.value);
      let count = 0;
      rows.forEach((row, place) => {
        const fits = asked.every((word) => text[place].includes(word))
          && selects.every(({ name, value }) => !value || row.dataset[name] === value);
        row.hidden = !fits;
        count += fits;
      });
      const of = count === rows.length ? "" : ` of ${rows.length.toLocaleString("en-US")}`;
      const noun = rows.length === 1 ? "department" : "departments";
      shown.textContent = `${count.toLocaleString("en-US")}${of} ${noun}.`;
    };
    const fill = () => {
      const asked = new URLSearchParams(window.location.hash.slice(1));
      search.value = asked.get("search") ?? "";
      for (const select of selects) select.value = asked.get(select.name) ?? "";
      apply();
    };
    filters.addEventListener("input", () => {
      const chosen = new URLSearchParams();
      if (search.value) chosen.set("search", search.value);
      for (const { name, value } of selects) if (value) chosen.set(name, value);
      window.history.replaceState(null, "", `#${chosen}`);
      apply();
    });
    filters.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("hashchange", fill);
    fill();
  }

  if (document.getElementById("version")) load(own.version);
})();
