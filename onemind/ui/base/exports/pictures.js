const SVG = "http://www.w3.org/2000/svg", MARGIN = 20, LINE = 20, HEAD = 34, SCALE = 2;
const FONT = "Source Sans";

const element = (name, attributes, text) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
};

// Lines no wider than the picture, by the widths of their words as they are drawn.
const wrapped = (text, font, width) => {
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = font;
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (ruler.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
};

// The page's own font goes into the picture: with another one, words would be longer than their
// places. Its address is in the page's style.
const font = async () => {
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      const style = rule instanceof CSSFontFaceRule ? rule.style : null;
      const name = style?.getPropertyValue("font-family").replace(/["']/g, "");
      if (name !== FONT || style.getPropertyValue("font-style") === "italic") continue;
      const [, source] = style.getPropertyValue("src").match(/url\(["']?([^"')]+)/) || [];
      const answer = source && await fetch(new URL(source, sheet.href || document.baseURI));
      if (!answer?.ok) continue;
      const reader = new FileReader();
      reader.readAsDataURL(await answer.blob());
      await new Promise((done) => { reader.onload = done; });
      return `@font-face{font-family:"${FONT}";font-weight:200 900;src:url(${reader.result})}`;
    }
  }
  return "";
};

const ground = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if (!/rgba\(.*, 0\)|transparent/.test(color)) return color;
  }
  return "white";
};

// The legend's entries one after the other, in as many lines as they take.
const listed = (entries, font, width) => {
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = font;
  const lines = [];
  let right = width;
  for (const [sign, color, words] of entries) {
    const long = ruler.measureText(`${sign} ${words}`).width + 18;
    if (right + long > width) { lines.push([]); right = 0; }
    lines.at(-1).push({ sign, color, words, x: right });
    right += long;
  }
  return lines;
};

const written = (plot, data, face) => {
  const drawn = [...plot.querySelectorAll("svg.main-svg")];
  const size = drawn[0].getBoundingClientRect();
  const width = size.width + 2 * MARGIN, family = `${FONT}, system-ui, sans-serif`;
  const ink = getComputedStyle(plot.closest(".stPlotlyChart")).color;
  const head = wrapped(data.title, `bold 18px ${family}`, size.width);
  const foot = data.notes.flatMap((note) => wrapped(note, `13px ${family}`, size.width));
  const legend = listed(data.legend, `13px ${family}`, size.width);
  const top = MARGIN + head.length * 24 + HEAD - 24;
  const below = top + size.height + MARGIN + legend.length * LINE;
  const height = below + foot.length * LINE + MARGIN / 2;
  const whole = element("svg", {
    xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "font-family": family,
  });
  if (face) whole.append(element("style", {}, face));
  whole.append(element("title", {}, data.title));
  whole.append(element("desc", {}, data.notes.join(". ")));
  whole.append(element("rect", { width, height, fill: ground(plot) }));
  head.forEach((line, place) => whole.append(element("text", {
    x: MARGIN, y: MARGIN + 16 + place * 24, fill: ink, "font-size": 18, "font-weight": 600,
  }, line)));
  for (const part of drawn) {
    const copy = part.cloneNode(true), box = part.getBoundingClientRect();
    copy.querySelectorAll(".hoverlayer, .dragcover, .nsewdrag, .drag").forEach((item) => item.remove());
    copy.setAttribute("x", MARGIN + box.left - size.left);
    copy.setAttribute("y", top + box.top - size.top);
    copy.style.background = "none";
    copy.style.overflow = "visible";  // with another font a word may be longer
    whole.append(copy);
  }
  legend.forEach((line, place) => line.forEach(({ sign, color, words, x }) => {
    const entry = element("text", {
      x: MARGIN + x, y: top + size.height + MARGIN + place * LINE, fill: ink, "font-size": 13,
    });
    entry.append(element("tspan", { fill: color }, sign), ` ${words}`);
    whole.append(entry);
  }));
  foot.forEach((line, place) => whole.append(element("text", {
    x: MARGIN, y: below + place * LINE + 8, fill: ink, "font-size": 13,
  }, line)));
  return { text: new XMLSerializer().serializeToString(whole), width, height };
};

// What is played, or moved by its slider, is of another day than the page.
const shown = (plot, data) => {
  const mark = plot.closest(".st-key-played") && document.querySelector("[data-as-of]");
  if (!mark) return data;
  const { day, asOf } = mark.dataset;
  return {
    ...data,
    name: data.name.replace(data.day, day),
    notes: data.notes.map((note) => note.replace(data.asOf, asOf)),
  };
};

const save = (blob, name) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

const painted = ({ text, width, height }) => new Promise((done, failed) => {
  const image = new Image();
  image.onerror = failed;
  image.onload = () => {
    const canvas = document.createElement("canvas");
    canvas.width = width * SCALE;
    canvas.height = height * SCALE;
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(done, "image/png");
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
});

export default function ({ data, parentElement }) {
  const place = parentElement.querySelector("span");
  place.replaceChildren(...["PNG", "SVG"].map((kind) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = kind;
    button.setAttribute("aria-label", `${data.title} as ${kind}`);
    button.onclick = async () => {
      const plot = document.querySelector(`.st-key-${CSS.escape(data.chart)} .js-plotly-plot`);
      if (!plot) return;
      const said = shown(plot, data);
      const picture = written(plot, said, await font().catch(() => ""));
      const blob = kind === "SVG"
        ? new Blob([picture.text], { type: "image/svg+xml" })
        : await painted(picture);
      save(blob, `${said.name}.${kind.toLowerCase()}`);
    };
    return button;
  }));
}
