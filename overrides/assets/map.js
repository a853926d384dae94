/* The map with zoom, groups, cards and filters. The page is a drawing with links and a list without it. */
(function () {
  "use strict";
  const { el, address, cardOf } = capitalise.find;
  const SVG = "http://www.w3.org/2000/svg";
  const APART = 42;  // pixels between two marks that are not one group
  const NEAREST = 40;  // how many times the whole drawing may be enlarged
  const LISTED = 30;
  const place = document.getElementById("c-map");
  const svg = place && place.querySelector("svg");
  if (!svg) return;

  start().catch(() => { /* the drawing and the list stay as they came */ });

  function draw(name, attributes, ...content) {
    const element = document.createElementNS(SVG, name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    element.append(...content);
    return element;
  }

  async function start() {
    const library = await (await capitalise.find.open(capitalise.lang)).catalogue();
    const places = await capitalise.need("places", capitalise.lang);
    const say = library.say;
    const state = address.read();
    const [west, south, east, north] = svg.dataset.frame.split(" ").map(Number);
    const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
    const spots = places.map(([row, latitude, longitude, name]) => ({
      row, name, x: (longitude - west) / (east - west) * width, y: (north - latitude) / (north - south) * height,
    }));
    const mapped = [...new Set(spots.map((spot) => spot.row))].sort((a, b) => a - b);
    let view = { x: 0, y: 0, width, height };
    let shown = spots;

    const facets = capitalise.find.facets(library, state.filters, filter);
    const fold = capitalise.find.fold(library, facets.root);
    const figure = place.querySelector(".c-map");
    const list = place.querySelector(".c-places");
    const marks = svg.querySelector(".c-map__places");
    const told = el("p", { class: "c-count", role: "status" });
    const popup = el("div", { class: "c-map__popup", hidden: true, role: "dialog", "aria-label": say("page") });
    const button = (words, sign, act) => el("button", { type: "button", title: words, "aria-label": words, click: act }, sign);
    const stage = el("div", { class: "c-map__stage" });
    figure.prepend(stage);
    stage.append(svg, popup, el("div", { class: "c-map__tools" },
      button(say("zoom-in"), "+", () => zoom(0.5)), button(say("zoom-out"), "−", () => zoom(2)), button(say("zoom-all"), "⤢", () => fit(shown))));
    const main = el("div", {}, told, figure, list);
    place.append(el("div", { class: "c-find" }, fold.details, main));
    svg.setAttribute("tabindex", "0");
    svg.classList.add("c-map--live");

    // ------------------------------------------------------------------------------------------ the view

    const scale = () => Math.max(view.width / svg.clientWidth, view.height / svg.clientHeight) || 1;  // units in a pixel

    function look(next) {
      const wide = Math.min(width, Math.max(width / NEAREST, next.width));
      const high = wide * height / width;
      view = {
        width: wide, height: high,
        x: Math.min(width - wide, Math.max(0, next.x + (next.width - wide) / 2)),
        y: Math.min(height - high, Math.max(0, next.y + (next.height - high) / 2)),
      };
      svg.setAttribute("viewBox", [view.x, view.y, view.width, view.height].map((one) => one.toFixed(2)).join(" "));
      paint();
    }

    /** Enlarges (below 1) or reduces around a point of the drawing, by default its middle. */
    function zoom(factor, x = view.x + view.width / 2, y = view.y + view.height / 2) {
      const wide = Math.min(width, Math.max(width / NEAREST, view.width * factor)), by = wide / view.width;
      look({ x: x - (x - view.x) * by, y: y - (y - view.y) * by, width: wide, height: view.height * by });
    }

    function fit(some) {
      if (!some.length || some === spots) return look({ x: 0, y: 0, width, height });
      const xs = some.map((spot) => spot.x), ys = some.map((spot) => spot.y);
      const left = Math.min(...xs), right = Math.max(...xs), top = Math.min(...ys), bottom = Math.max(...ys);
      const wide = Math.max((right - left) * 1.3, (bottom - top) * 1.3 * width / height, width / 12);
      const high = wide * height / width;
      look({ x: (left + right - wide) / 2, y: (top + bottom - high) / 2, width: wide, height: high });
    }

    // ------------------------------------------------------------------------------------------ the marks

    /** Places near each other on the screen as one: each joins the first group near it, found by the cells of a grid. */
    function groups() {
      const near = APART * scale(), cells = new Map(), found = [];
      for (const spot of shown) {
        if (spot.x < view.x - near || spot.x > view.x + view.width + near || spot.y < view.y - near || spot.y > view.y + view.height + near) continue;
        const column = Math.floor(spot.x / near), line = Math.floor(spot.y / near);
        let joined = null;
        for (let dx = -1; dx < 2 && !joined; dx++) for (let dy = -1; dy < 2 && !joined; dy++) {
          joined = (cells.get(column + dx + " " + (line + dy)) || []).find((group) => Math.hypot(group[0].x - spot.x, group[0].y - spot.y) < near);
        }
        if (joined) { joined.push(spot); continue; }
        const group = [spot], key = column + " " + line;
        found.push(group);
        if (cells.has(key)) cells.get(key).push(group); else cells.set(key, [group]);
      }
      return found;
    }

    let painting = 0;
    function paint() {
      cancelAnimationFrame(painting);
      painting = requestAnimationFrame(() => {
        const unit = scale();
        const here = document.activeElement && marks.contains(document.activeElement) ? document.activeElement.dataset.key : null;
        marks.replaceChildren(...groups().map((group) => mark(group, unit)));
        if (here) { const again = marks.querySelector('[data-key="' + here + '"]'); if (again) again.focus(); }
      });
    }

    function mark(group, unit) {
      const { x, y } = group[0];
      const many = group.length > 1;
      const words = many ? say("cluster", { n: group.length }) : group[0].name;
      const size = many ? 11 + Math.min(9, Math.log2(group.length) * 2) : 7;
      const node = draw("g", { role: "button", tabindex: "0", "aria-label": words, "data-key": group[0].row + "/" + group[0].name.length,
        transform: `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${unit.toFixed(4)})`, class: many ? "c-map__group" : "c-map__place" },
      draw("circle", { r: size }), draw("title", {}, words));
      if (many) {
        const text = draw("text", { "text-anchor": "middle", y: 4 }, library.number.format(group.length));
        node.append(text);
      }
      const act = (event) => {
        event.stopPropagation();
        const same = group.every((spot) => Math.abs(spot.x - group[0].x) + Math.abs(spot.y - group[0].y) < APART * width / NEAREST / svg.clientWidth);
        if (many && !same) { hide(); fit(group); svg.focus(); } else tell(group, x, y);
      };
      node.addEventListener("click", act);
      node.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(event); } });
      return node;
    }

    // ------------------------------------------------------------------------------------------ cards

    let opener = null;
    async function tell(group, x, y) {
      const rows = [...new Set(group.map((spot) => spot.row))];
      opener = document.activeElement;
      const cards = await Promise.all(rows.slice(0, 12).map(library.card));
      const shut = el("button", { type: "button", class: "c-search__close", "aria-label": say("close-card"), click: () => { hide(); if (opener) opener.focus(); } }, "×");
      popup.setAttribute("aria-label", group.map((spot) => spot.name).slice(0, 3).join(", "));
      popup.replaceChildren(shut, el("p", { class: "c-map__name" }, group[0].name), el("ul", { class: "c-cards" }, ...cards.map((one) => cardOf(library, one, "h3"))));
      popup.hidden = false;
      const left = (x - view.x) / view.width * svg.clientWidth;
      popup.style.left = Math.max(6, Math.min(left - 130, stage.clientWidth - popup.offsetWidth - 6)) + "px";
      popup.querySelector(".c-card__title a").focus();
    }
    function hide() { popup.hidden = true; }
    popup.addEventListener("keydown", (event) => { if (event.key === "Escape") { hide(); if (opener) opener.focus(); } });

    /** The places that pass the filters, as a list: for those who do not see the drawing, and on paper. */
    let many = LISTED;
    async function listed() {
      const some = shown.slice(0, many);
      const cards = await Promise.all(some.map((spot) => library.card(spot.row)));
      const items = cards.map((one, index) => el("li", {}, el("a", { href: capitalise.root + one.url, lang: one.foreign || null }, one.title), " ",
        el("small", {}, [some[index].name, one.countries].filter(Boolean).join(" · "))));
      list.replaceChildren(list.querySelector("h2"), el("ul", {}, ...items), ...(shown.length > many
        ? [el("button", { type: "button", class: "c-button c-button--plain", click: () => { many += LISTED * 2; listed(); } }, say("more"))] : []));
    }

    function filter() {
      const rows = new Set(library.pass(mapped, state.filters));
      shown = rows.size === mapped.length ? spots : spots.filter((spot) => rows.has(spot.row));
      address.write({ filters: state.filters });
      fold.tell(facets.show(library.counts(mapped, state.filters)));
      told.textContent = shown.length ? say("places", { n: shown.length }) : say("no-product");
      many = LISTED;
      hide();
      fit(shown);
      listed();
    }

    // ------------------------------------------------------------------------------------------ hand and keyboard

    const pointers = new Map();
    let moved = 0, apart = 0;
    svg.addEventListener("pointerdown", (event) => {
      pointers.set(event.pointerId, event);
      moved = 0;
      apart = 0;
    });
    addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const dx = event.clientX - before.clientX, dy = event.clientY - before.clientY;
      if (pointers.size === 1) {
        moved += Math.abs(dx) + Math.abs(dy);
        if (moved > 6) look({ ...view, x: view.x - dx * scale(), y: view.y - dy * scale() });
      } else {
        pointers.set(event.pointerId, event);
        const [a, b] = [...pointers.values()];
        const now = Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
        if (apart && now) zoom(apart / now);
        apart = now;
        moved = 99;
      }
      pointers.set(event.pointerId, event);
    });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, (event) => { pointers.delete(event.pointerId); apart = 0; });
    svg.addEventListener("click", (event) => { if (moved > 6) { event.preventDefault(); event.stopPropagation(); } else hide(); }, true);
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && view.width >= width && event.deltaY > 0) return;  // the page goes on
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== svg) return;
      event.preventDefault();
      const box = svg.getBoundingClientRect();
      zoom(event.deltaY < 0 ? 0.75 : 1 / 0.75, view.x + (event.clientX - box.left) * scale(), view.y + (event.clientY - box.top) * scale());
    }, { passive: false });
    svg.addEventListener("keydown", (event) => {
      const step = view.width / 5;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      if (moves[event.key]) look({ ...view, x: view.x + moves[event.key][0], y: view.y + moves[event.key][1] });
      else if (event.key === "+" || event.key === "=") zoom(0.5);
      else if (event.key === "-") zoom(2);
      else if (event.key === "0") fit(shown);
      else if (event.key === "Escape") hide();
      else return;
      event.preventDefault();
    });
    if (window.ResizeObserver) new ResizeObserver(paint).observe(svg);

    filter();
  }
})();
