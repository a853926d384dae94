/* Two or three sheets side by side, named by the address. Each sheet's own page is opened out of sight and hands over its
 * parts (capitalise.js): that works on the web and on files alike, and nothing is stored twice. */
(function () {
  "use strict";
  const { el } = capitalise.find;
  const MOST = 3, PATIENCE = 15000;
  const ROWS = ["context", "problem", "approach", "results", "costs", "success-factors", "difficulties", "lessons", "replication"];
  const SLUG = /^[a-z0-9][a-z0-9-]{0,59}$/;
  const place = document.getElementById("c-compare");
  if (!place) return;

  start().catch(() => { place.textContent = place.dataset.failed; });

  async function start() {
    const library = await (await capitalise.find.open(capitalise.lang)).catalogue();
    const say = library.say;
    const asked = new URLSearchParams(location.search).getAll("sheet").filter((slug) => SLUG.test(slug));
    const chosen = [...new Set(asked)].slice(0, MOST);
    const loaded = new Map(), practicesOf = new Map();
    const body = el("div", { class: "c-compare", "aria-live": "polite" });
    const chooser = el("div", { class: "c-compare__chooser" });
    place.replaceChildren(body, chooser);

    function keep() {
      const text = chosen.map((slug) => "sheet=" + slug).join("&");
      try { history.replaceState(null, "", location.pathname + (text ? "?" + text : "")); } catch (error) { /* the address stays */ }
    }

    /** What a sheet's page says of itself; null where it does not answer. */
    function ask(slug) {
      if (!loaded.has(slug)) {
        loaded.set(slug, new Promise((done) => {
          const frame = el("iframe", { src: place.dataset.sheets.replace("SLUG", slug) + "#compare", tabindex: "-1", "aria-hidden": "true", class: "c-compare__frame" });
          const timer = setTimeout(() => end(null), PATIENCE);
          function heard(event) {
            if (event.source !== frame.contentWindow || !event.data || event.data.capitalise !== "sheet") return;
            end(event.data);
          }
          function end(answer) {
            clearTimeout(timer);
            removeEventListener("message", heard);
            frame.remove();
            if (answer) practicesOf.set(slug, answer.practices); else loaded.delete(slug);
            done(answer);
          }
          addEventListener("message", heard);
          frame.addEventListener("load", () => setTimeout(() => end(null), 2000));  // a page that is no sheet says nothing
          document.body.append(frame);
        }));
      }
      return loaded.get(slug);
    }

    /** HTML that one of our pages printed, as nodes; scripts in it do not run, and handlers are taken away. */
    function nodes(html) {
      const parsed = new DOMParser().parseFromString(html, "text/html").body;
      for (const element of parsed.querySelectorAll("*")) {
        if (/^(?:script|iframe|object|embed)$/i.test(element.nodeName)) { element.remove(); continue; }
        for (const { name } of [...element.attributes]) if (/^on|^id$/i.test(name)) element.removeAttribute(name);
      }
      return [...parsed.childNodes];
    }

    async function show() {
      keep();
      if (!chosen.length) { body.replaceChildren(el("p", {}, say("compare.pick"))); return choose(); }
      body.replaceChildren(el("p", { class: "c-count" }, say("compare.loading")));
      const sheets = await Promise.all(chosen.map(async (slug) => ({ slug, told: await ask(slug) })));
      const head = el("div", {}, ...sheets.map(({ slug, told }) => el("header", { class: "c-compare__cell" },
        told ? el("a", { href: told.url.replace("#compare", ""), class: "c-result__title", lang: told.lang }, told.title) : el("p", {}, say("compare.missing") + " (" + slug + ")"),
        told ? el("p", { class: "c-result__kind" }, told.where) : null,
        el("button", { type: "button", class: "c-compare__remove", click: () => { chosen.splice(chosen.indexOf(slug), 1); show(); } }, say("compare.remove")))));
      head.className = "c-compare__row c-compare__head";
      const rows = ROWS.map((anchor) => row(anchor, sheets)).filter(Boolean);
      body.style.setProperty("--columns", sheets.length);
      body.replaceChildren(head, ...rows);
      choose();
    }

    function row(anchor, sheets) {
      const titled = sheets.find(({ told }) => told && told.sections[anchor]);
      if (!titled) return null;
      const cells = el("div", {}, ...sheets.map(({ told }) => {
        const part = told && told.sections[anchor];
        return el("div", { class: "c-compare__cell md-typeset", lang: told ? told.lang : null },
          sheets.length > 1 && told ? el("p", { class: "c-compare__whose" }, told.title) : null,
          ...(part ? nodes(part.html) : [el("p", { class: "c-compare__none" }, told ? say("compare.nothing") : "–")]));
      }));
      cells.className = "c-compare__row";
      return el("section", {}, el("h2", {}, titled.told.sections[anchor].title), cells);
    }

    // ------------------------------------------------------------------------------------------ choosing

    const slugOf = (one) => one.url.replace(/\/(?:index\.html)?$|-?\.html$/, "").split("/").pop();

    function choose() {
      if (chosen.length >= MOST) { chooser.replaceChildren(el("p", { class: "c-count" }, say("compare.most"))); return; }
      const input = el("input", { type: "search", id: "c-compare-query", maxlength: 200, placeholder: say("placeholder") });
      const list = el("ul", { class: "c-compare__choices" });
      const form = el("form", { class: "c-search__form", role: "search", submit: (event) => { event.preventDefault(); look(); } },
        el("label", { for: "c-compare-query", class: "c-hidden" }, say("compare.choose")), input, el("button", { type: "submit", class: "c-button" }, say("go")));
      chooser.replaceChildren(el("h2", {}, say("compare.choose")), form, list);
      let turn = 0;

      async function look() {
        const mine = ++turn;
        let rows;
        try {
          const sheet = library.table.facets.kind.indexOf("sheet");
          const isSheet = (row) => library.table.rows.kind[row][0] === sheet;
          rows = input.value.trim()
            ? (await capitalise.search.ask(capitalise.lang, input.value)).results.map((one) => one.row).filter(isSheet)
            : near(isSheet);
        } catch (error) {
          if (mine === turn) list.replaceChildren(el("li", {}, say("failed")));
          return;
        }
        const cards = (await Promise.all(rows.slice(0, 12).map(library.card))).filter((one) => !chosen.includes(slugOf(one))).slice(0, 8);
        if (mine !== turn) return;
        list.replaceChildren(...(cards.length ? cards.map((one) => el("li", {},
          el("button", { type: "button", lang: one.foreign || null, click: () => { chosen.push(slugOf(one)); show(); } }, "+ " + one.title), " ",
          el("small", {}, one.countries))) : [el("li", {}, say("none", { query: input.value }))]));
      }

      /** Sheets of the same practices as those chosen, then the newest. */
      function near(isSheet) {
        const all = library.rows.filter(isSheet);
        const practices = new Set(chosen.flatMap((slug) => practicesOf.get(slug) || []));
        const shared = (row) => library.table.rows.practice[row].filter((n) => practices.has(library.table.facets.practice[n])).length;
        return practices.size ? all.map((row) => [shared(row), row]).sort((a, b) => b[0] - a[0] || a[1] - b[1]).map(([, row]) => row) : all;
      }

      let wait = 0;
      input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(look, 250); });
      look();
    }

    await show();
  }
})();
