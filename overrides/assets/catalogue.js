/* The catalogue with filters, orders and views. The page holds every product without it; it reads the table of all
 * products once, and cards only as they are shown. */
(function () {
  "use strict";
  const { el, address, cardOf } = capitalise.find;
  const ON_A_PAGE = 24, ROWS_ON_A_PAGE = 48;
  const place = document.getElementById("c-catalogue");
  if (!place) return;

  start().catch(() => { /* the page stays as it came: complete, without filters */ });

  async function start() {
    const library = await (await capitalise.find.open(capitalise.lang)).catalogue();
    const say = library.say;
    const state = address.read();
    const shape = () => (state.view === "table" || state.view === "cards" ? state.view : place.dataset.shape);
    const order = () => (state.sort === "title" || state.sort === "country" ? state.sort : "newest");
    let turn = 0;

    const facets = capitalise.find.facets(library, state.filters, () => { state.page = 1; show(); });
    const fold = capitalise.find.fold(library, facets.root);
    const told = el("p", { class: "c-count", role: "status" });
    const sort = el("select", { "aria-label": say("sort"), change: () => { state.sort = sort.value === "newest" ? "" : sort.value; state.page = 1; show(); } },
      ...["newest", "title", "country"].map((name) => el("option", { value: name, selected: name === order() }, say("sort." + name))));
    const views = place.querySelector(".c-views");
    views.querySelectorAll("a").forEach((link, index) => {
      const name = index ? "table" : "cards";
      link.dataset.view = name;
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        state.view = name === place.dataset.shape ? "" : name;
        state.page = 1;
        show();
      });
    });
    const body = el("div");
    const pager = el("nav", { class: "c-pager", "aria-label": say("page") });
    place.replaceChildren(el("div", { class: "c-find" }, fold.details,
      el("div", {}, el("div", { class: "c-bar" }, told, sort, views), body, pager)));

    async function rows() {
      const all = order() === "newest" ? library.rows : (await capitalise.need("orders", capitalise.lang))[order()];
      return library.pass(all, state.filters);
    }

    async function show(focus) {
      const mine = ++turn;
      const found = await rows();
      if (mine !== turn) return;
      const size = shape() === "table" ? ROWS_ON_A_PAGE : ON_A_PAGE;
      const pages = Math.max(1, Math.ceil(found.length / size));
      state.page = Math.min(state.page, pages);
      address.write(state);
      fold.tell(facets.show(library.counts(library.rows, state.filters)));
      const cards = await Promise.all(found.slice((state.page - 1) * size, state.page * size).map(library.card));
      if (mine !== turn) return;
      told.textContent = found.length ? say("products", { n: found.length }) : say("no-product");
      views.querySelectorAll("a").forEach((link) => {
        if (link.dataset.view === shape()) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      });
      body.replaceChildren(shape() === "table" ? table(cards) : el("ul", { class: "c-cards" }, ...cards.map((one) => cardOf(library, one))));
      turnPages(pages);
      if (focus) {
        const first = body.querySelector("a");
        place.scrollIntoView();
        if (first) first.focus({ preventScroll: true });
      }
    }

    function table(cards) {
      const heads = ["title", "facet.kind", "facet.country", "facet.theme", "date"].map((name) => say(name));
      return el("div", { class: "c-scroll" }, el("table", { class: "c-table" },
        el("thead", {}, el("tr", {}, ...heads.map((name) => el("th", { scope: "col" }, name)))),
        el("tbody", {}, ...cards.map((one) => el("tr", {},
          el("th", { scope: "row" }, el("a", { href: capitalise.root + one.url, lang: one.foreign || null }, one.title)),
          ...[library.words.kinds[one.kind], one.countries, one.themes, one.date].map((text) => el("td", {}, text)))))));
    }

    function turnPages(pages) {
      const go = (page, words) => el("button", { type: "button", click: () => { state.page = page; show(true); } }, words);
      pager.hidden = pages < 2;
      pager.replaceChildren(...[
        state.page > 1 ? go(state.page - 1, "← " + say("previous")) : null,
        el("span", {}, say("page-of", { page: state.page, pages })),
        state.page < pages ? go(state.page + 1, say("next") + " →") : null,
      ].filter(Boolean));
    }

    await show();
  }
})();
