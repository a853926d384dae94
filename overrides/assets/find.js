/* What search, catalogue and map share: the catalogue's table, filters with their counts, cards, the state in the address.
 * The tables are made by hooks/capitalise/finding/tables.py. Texts are put into the page as texts, never as HTML. */
(function () {
  "use strict";
  const FACETS = ["kind", "theme", "practice", "country", "year", "evidence"];
  const FEW = 8;

  /** An element: `el("a", {class: "x", href: "…"}, "text", child)`; a null attribute is left out. */
  function el(name, attributes, ...content) {
    const element = document.createElement(name);
    for (const key in attributes || {}) {
      const value = attributes[key];
      if (value === null || value === undefined || value === false) continue;
      if (typeof value === "function") element.addEventListener(key, value);
      else element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...content.filter((one) => one !== null && one !== undefined));
    return element;
  }

  /** The words of a language; `catalogue()` fetches what is known of all products, for who counts and filters. */
  async function open(lang) {
    const words = await capitalise.need("words", lang);
    const plural = new Intl.PluralRules(lang), number = new Intl.NumberFormat(lang);
    let table = null;

    function say(key, values) {
      let text = words.texts[key] || "";
      if (text && typeof text === "object") text = text[plural.select((values || {}).n)] || text.other;
      return text.replace(/\{(\w+)\}/g, (_, name) => {
        const value = values[name];
        return typeof value === "number" ? number.format(value) : value;
      });
    }

    const label = (facet, value) => (words.facets[facet] || {})[value] || value;
    const has = (row, facet, values) => table.rows[facet][row].some((n) => values.has(table.facets[facet][n]));
    const held = (filters) => FACETS.filter((facet) => (filters[facet] || []).length)
      .map((facet) => [facet, new Set(filters[facet])]);

    /** The rows that pass every filter: one value of each facet is enough. */
    function pass(rows, filters) {
      const wanted = held(filters);
      return rows.filter((row) => wanted.every(([facet, values]) => has(row, facet, values)));
    }

    /** For each value of each facet, how many of the rows would be shown with it, the other facets being as they are. */
    function counts(rows, filters) {
      const wanted = held(filters);
      const found = {};
      for (const facet of FACETS) found[facet] = new Map();
      for (const row of rows) {
        const failed = wanted.filter(([facet, values]) => !has(row, facet, values));
        if (failed.length > 1) continue;
        for (const facet of failed.length ? [failed[0][0]] : FACETS) {
          for (const n of table.rows[facet][row]) {
            const value = table.facets[facet][n];
            found[facet].set(value, (found[facet].get(value) || 0) + 1);
          }
        }
      }
      return found;
    }

    async function card(row) {
      const chunk = await capitalise.need("cards-" + Math.floor(row / table.chunk), lang);
      const [url, kind, title, summary, foreign, cover, detail, countries, themes, date, ...badges] =
        chunk[row % table.chunk];
      return { url, kind, title, summary, foreign, cover, detail, countries, themes, date, badges };
    }

    const library = { lang, words, say, label, number };
    library.catalogue = async () => {
      if (!table) {
        table = await capitalise.need("catalogue", lang);
        Object.assign(library, { table, pass, counts, card, rows: table.rows.kind.map((_, row) => row) });
      }
      return library;
    };
    return library;
  }

  /** A card as the pages print it (overrides/capitalise/macros.html). */
  function cardOf(library, one, level) {
    const foreign = one.foreign || null;
    return el("li", { class: "c-card c-card--" + one.kind },
      el("div", { class: "c-card__cover" },
        el("img", { src: capitalise.root + one.cover, alt: "", loading: "lazy", width: 320, height: 180 })),
      el("div", { class: "c-card__body" },
        el("p", { class: "c-card__kind" }, library.words.kinds[one.kind] || "", one.detail ? el("span", {}, " · " + one.detail) : null),
        el(level || "h2", { class: "c-card__title" }, el("a", { href: capitalise.root + one.url, lang: foreign }, one.title)),
        el("p", { class: "c-card__summary", lang: foreign }, one.summary),
        el("p", { class: "c-card__meta" }, ...one.badges.map((badge) => el("b", { class: "c-badge" }, badge)),
          [one.countries, one.date].filter(Boolean).join(" · "))));
  }

  /** The filters and other choices that an address holds, and back. Unknown ones are left alone. */
  const address = {
    read() {
      const asked = new URLSearchParams(location.search);
      const filters = {};
      for (const facet of FACETS) {
        const values = asked.getAll(facet).map((value) => value.slice(0, 80));
        if (values.length) filters[facet] = values.slice(0, 50);
      }
      const get = (name) => (asked.get(name) || "").slice(0, 200);
      return { filters, q: get("q"), sort: get("sort"), view: get("view"), page: Math.max(1, parseInt(get("page"), 10) || 1) };
    },
    write(state) {
      const asked = new URLSearchParams();
      for (const name of ["q", "sort", "view"]) if (state[name]) asked.set(name, state[name]);
      for (const facet of FACETS) for (const value of (state.filters || {})[facet] || []) asked.append(facet, value);
      if (state.page > 1) asked.set("page", state.page);
      const text = asked.toString();
      try {
        history.replaceState(history.state, "", location.pathname + (text ? "?" + text : "") + location.hash);
      } catch (error) { /* an old browser, on a file: the address stays as it was */ }
    },
  };

  /** The filters of a page. `change(filters)` is told each choice; `show(counts)` brings the numbers up to date. */
  function facets(library, filters, change) {
    const boxes = [], groups = {};
    const clear = el("button", { type: "button", class: "c-facets__clear", click: () => { for (const key in filters) delete filters[key]; changed(); } },
      library.say("clear"));
    const root = el("div", { class: "c-facets" }, clear);

    function changed() {
      for (const box of boxes) box.input.checked = (filters[box.facet] || []).includes(box.value);
      change(filters);
    }

    for (const facet of FACETS) {
      const values = library.table.facets[facet].slice();
      if (values.length < 2 && facet !== "theme") continue;
      const total = library.counts(library.rows, {})[facet];
      if (facet === "year") values.sort().reverse();
      else values.sort((a, b) => (total.get(b) || 0) - (total.get(a) || 0) || library.label(facet, a).localeCompare(library.label(facet, b), library.lang));
      const list = el("ul");
      const more = el("button", { type: "button", class: "c-facets__more" }, library.say("more-values"));
      values.forEach((value, index) => {
        const input = el("input", { type: "checkbox", value, "data-facet": facet, checked: (filters[facet] || []).includes(value) });
        const count = el("small");
        const item = el("li", {}, el("label", {}, input, el("span", {}, library.label(facet, value)), count));
        input.addEventListener("change", () => {
          const chosen = new Set(filters[facet] || []);
          if (input.checked) chosen.add(value); else chosen.delete(value);
          filters[facet] = [...chosen];
          if (!chosen.size) delete filters[facet];
          change(filters);
        });
        boxes.push({ facet, value, input, count, item, index, number: 0 });
        list.append(item);
      });
      const group = el("details", { class: "c-facet", open: ["kind", "theme", "country"].includes(facet) || !!filters[facet] },
        el("summary", {}, library.say("facet." + facet)), list, more);
      more.addEventListener("click", () => {
        const next = list.querySelector(".c-facet__late:not(.c-facet__none) input");
        group.classList.add("c-facet--whole");
        more.remove();
        if (next) next.focus();
      });
      groups[facet] = { list, more };
      root.append(group);
    }

    function show(counts) {
      const chosen = boxes.filter((box) => box.input.checked).length;
      for (const facet in groups) {
        const { list, more } = groups[facet];
        const own = boxes.filter((box) => box.facet === facet);
        for (const box of own) {
          box.number = counts[facet].get(box.value) || 0;
          box.count.textContent = library.number.format(box.number);
          box.item.classList.toggle("c-facet__none", !box.number && !box.input.checked);
        }
        // The fullest first; but nothing moves under the reader's hand.
        if (facet !== "year" && !list.contains(document.activeElement)) {
          own.sort((a, b) => b.input.checked - a.input.checked || b.number - a.number || a.index - b.index);
          list.append(...own.map((box) => box.item));
          own.forEach((box, index) => box.item.classList.toggle("c-facet__late", index >= FEW));
        }
        more.hidden = own.filter((box) => box.number || box.input.checked).length <= FEW;
      }
      clear.hidden = !chosen;
      return chosen;
    }
    return { root, show };
  }

  /** A fold for the filters: open beside the results on a wide screen, closed above them on a phone. `opened` is told
   * when the reader opens it. */
  function fold(library, root, opened) {
    const wide = matchMedia("(min-width: 56em)");
    const details = el("details", { class: "c-find__filters" }, el("summary", {}, library.say("filters"), el("b")), root);
    const fit = () => { details.open = wide.matches; };
    wide.addEventListener ? wide.addEventListener("change", fit) : wide.addListener(fit);
    fit();
    if (opened) details.addEventListener("toggle", () => { if (details.open && !details.hidden) opened(); });
    return {
      details,
      fill(content) { details.lastElementChild.replaceWith(content); },
      tell(number) { details.querySelector("summary b").textContent = number ? " (" + number + ")" : ""; },
    };
  }

  capitalise.find = { FACETS, el, open, cardOf, address, facets, fold };
})();
