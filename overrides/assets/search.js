/* Search: the same in a window over any page and on its own page, on the web and on a stick.
 *
 * The engine is Pagefind, one index for each language. What it leaves to us: French elisions and ligatures (the index
 * was made with the same replacements, hooks/capitalise/finding/records.py), words that say nothing, filters, a query
 * of which no page holds every word, and words that it does not know. */
(function () {
  "use strict";
  const { el, address } = capitalise.find;
  const SHOWN = 5, PARTS = 3, LONGEST = 200;
  const AND = "ꝸ";  // stands in the index for the « & » of « M&E » (records.py)

  // What tests/relevance.yml taught. A page counts so much more each time the words stand side by side in it, so often at
  // most, in a query of so many words at most; and among the first results, what was done comes before what is taught or
  // told of it, where they are near. Results so few may have others put after them, or a better spelling offered.
  const BESIDE = 0.3, TIMES = 5, LOOKED_AT = 4, FEW = 3, NOT_MANY = 8;
  const OF_KIND = { module: 0.7, session: 0.5 };

  // ---------------------------------------------------------------------------------------------- words

  /** The words of a language that say nothing, and those that lose their last letter before a vowel: texts, not code. */
  const grammars = {};
  async function grammar(lang) {
    if (!grammars[lang]) {
      const { texts } = await capitalise.need("words", lang);
      const elided = (texts.elided || "").split(" ").filter(Boolean).join("|");
      grammars[lang] = {
        silent: new Set((texts.silent || "").split(" ")),
        elision: elided ? new RegExp("(^|[\\s(«-])(?:" + elided + ")'(?=[^\\s'])", "g") : null,
      };
    }
    return grammars[lang];
  }

  function plain(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  }

  /** The words of a query, as the index knows them; a query in quotes is left whole. */
  function wordsOf(query, { silent, elision }) {
    let text = query.slice(0, LONGEST).toLowerCase().replace(/[’ʼ`´]/g, "'").replace(/œ/g, "oe").replace(/æ/g, "ae");
    text = text.replace(/[\u00a0\u202f]/g, " ").replace(/(\p{L})&(?=\p{L})/gu, "$1" + AND).trim();
    if (/^".+"$/.test(text)) return [text];
    if (elision) text = text.replace(elision, "$1");
    const all = text.split(/[\s"'«».,;:!?()[\]{}<>/\\|*+=_…–—]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
    const kept = all.filter((word) => !silent.has(word));
    return [...new Set(kept.length ? kept : all)].slice(0, 12);
  }

  /** Pagefind takes accents away before it cuts endings: « capitalisées » must be asked as « capitaliser ». And for it
   * "capitalisation" and "capitalization" are two words: some write one, some the other. */
  function otherForm(word, lang) {
    if (word.length < 6) return word;
    if (lang === "fr") return word.replace(/(?:ées|ée|és|é)$/, "er");
    if (lang !== "en") return word;
    return word.replace(/(al|an|ar|at|il)i([sz])(?=(?:e|ed|es|ers?|ing|ations?)$)/, (_, stem, letter) => stem + "i" + (letter === "s" ? "z" : "s"));
  }

  /** A text of the index as it was written: the index has no typographic apostrophe, no ligature, no « & ». */
  function written(text, lang) {
    text = text.replace(/'/g, "’").split(AND).join("&");
    return lang === "fr" ? text.replace(/oe(?=[uil])/g, "œ").replace(/Oe(?=[uil])/g, "Œ") : text;
  }

  /** How far two words are: letters put in, left out, changed, or two neighbours swapped (Damerau and Levenshtein). */
  function distance(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let before = null, last = Array.from({ length: b.length + 1 }, (_, n) => n);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (before && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      before = last;
      last = row;
    }
    return last[b.length];
  }

  /** Known words near the ones that are not known: [[asked, known], …]. */
  function nearWords(words, known) {
    const found = [];
    const folded = known.map(plain);
    const all = new Set(folded);
    for (const word of words) {
      const asked = plain(word);
      if (asked.length < 4 || all.has(asked) || folded.some((one) => one.startsWith(asked))) continue;
      const most = asked.length < 6 ? 1 : 2;
      let best = null, least = most + 1;
      folded.forEach((one, index) => {  // the most frequent words come first, and win over others as near
        const far = distance(asked, one, Math.min(most, least - 1));
        if (far < least) { least = far; best = known[index]; }
      });
      if (best) found.push([word, best]);
    }
    return found;
  }

  // ---------------------------------------------------------------------------------------------- the engine

  const engines = {};
  function engine(lang) {
    if (!engines[lang]) {
      const folder = capitalise.root + "assets/find/" + lang + "/";
      const base = location.protocol === "file:" ? "/index/" : folder.replace(location.origin, "") + "index/";
      const begun = location.protocol === "file:"
        ? capitalise.load("search-files").then(() => capitalise.engineFromFiles(folder + "packed/"))
        : import(folder + "index/pagefind.js").then(async (module) => {
          await module.options({ basePath: base });
          return module;
        });
      engines[lang] = Promise.all([begun, capitalise.need("results", lang)]).then(async ([module, { parts = [] }]) => {
        await Promise.all(parts.slice(1).map((_, index) => module.mergeIndex(base + (index + 2) + "/")));
        return module;
      });
      engines[lang].catch(() => { delete engines[lang]; });
    }
    return engines[lang];
  }

  /** The words that the engine marked in a result, and those of its title. */
  function saidBy(data) {
    const marks = (data.excerpt.match(/<mark>.*?<\/mark>/g) || []).join(" ").replace(/<[^>]+>/g, " ");
    return plain(marks + " " + (data.meta.title || "")).split(/[^\p{L}\p{N}]+/u);
  }

  /** Whether a result holds one of the words: the engine falls back to ever shorter beginnings of a word it lacks. */
  function isGenuine(data, words) {
    const said = saidBy(data);
    return words.map(start).some((root) => said.some((one) => one.startsWith(root)));
  }

  /** The beginning that the forms of a word have in common. */
  function start(word) {
    const root = plain(word).split(/[^\p{L}\p{N}]+/u).sort((a, b) => b.length - a.length)[0];  // « lunes » of « demi-lunes »
    return root.replace(/ing$/, "").slice(0, Math.max(3, Math.ceil(root.length * 0.6)));  // "fencing" finds "fences"
  }

  /** The words that no result shows as they were typed, or but for their ending: perhaps slips. */
  function unseen(words, head) {
    const said = head.flatMap(saidBy);
    return words.filter((word) => {
      const asked = plain(word);
      return !said.some((one) => one.startsWith(asked) || (one.length >= asked.length * 0.6 && asked.startsWith(one)));
    });
  }

  /** A result with its score changed. */
  const scored = (result, score) => ({ id: result.id, score, data: () => result.data() });

  /** Results of two ways to write the same words: each once, with its better score. */
  function merged(one, other) {
    const best = new Map(one.map((result) => [result.id, result]));
    for (const result of other) if (!best.has(result.id) || best.get(result.id).score < result.score) best.set(result.id, result);
    return [...best.values()].sort((a, b) => b.score - a.score);
  }

  /** Results, those raised in which the words stand side by side, in their order, with at most two small words between:
   * « arbre à problèmes » is more than a tree here and problems there. `parts` are the results of each word. */
  function sideBySide(results, parts) {
    const places = parts.map((part) => new Map(part.map((result) => [result.id, result.words])));
    return results.map((result) => {
      let times = 0;
      for (let n = 1; n < places.length; n++) {
        const next = new Set(places[n].get(result.id));
        for (const place of places[n - 1].get(result.id) || []) if ([1, 2, 3].some((step) => next.has(place + step))) times++;
      }
      return scored(result, result.score * (1 + BESIDE * Math.min(times / (places.length - 1), TIMES)));
    }).sort((a, b) => b.score - a.score);
  }

  /** Pages that hold at least so many of the words, those that hold the most first. */
  function someOf(parts, least) {
    const held = new Map();
    for (const result of parts.flat()) {
      const [number, score] = held.get(result.id) || [0, 0];
      held.set(result.id, [number + 1, score + result.score, result]);
    }
    return [...held.values()].filter(([number]) => number >= least).sort((a, b) => b[0] - a[0] || b[1] - a[1])
      .map(([, score, result]) => scored(result, score));
  }

  const known = {};
  /** The beginning of the engine's name of each product → its row in the catalogue. */
  function rows({ width, names }, lang) {
    if (!known[lang]) {
      known[lang] = new Map();
      for (let row = 0; row * width < names.length; row++) known[lang].set(names.substr(row * width, width), row);
    }
    return known[lang];
  }

  /** Results of a query in a language, the best first: products with their row in the catalogue, and other pages.
   * {words, every: whether any holds every word, unseen: words that may be slips, results: [{row, data()}], pages: [{data()}]} */
  async function ask(lang, query) {
    const words = wordsOf(query, await grammar(lang));
    const answer = { words, every: true, unseen: [], results: [], pages: [] };
    if (!words.length) return answer;
    const [pagefind, names] = await Promise.all([engine(lang), capitalise.need("results", lang)]);
    const nameOf = (id) => id.replace(/^[a-z]+_/, "");
    const rowOf = (id) => {
      const name = nameOf(id);
      return name in names.alike ? names.alike[name] : rows(names, lang).get(name.slice(0, names.width));
    };
    const parts = new Set(names.parts);  // their pages of all words (finding/index.py)
    const search = async (text) => ((await pagefind.search(text)) || { results: [] }).results
      .filter((result) => !parts.size || !parts.has(nameOf(result.id)));

    let found = await search(words.join(" "));
    const others = words.map((word) => otherForm(word, lang));
    if (others.some((word, index) => word !== words[index])) found = merged(found, await search(others.join(" ")));
    if (words.length > 1) {
      const near = words.length <= LOOKED_AT;
      const apart = near || found.length < FEW ? await Promise.all(words.map(search)) : [];
      if (near) found = sideBySide(found, apart);
      answer.every = found.length > 0;
      if (found.length < FEW) {  // hardly a page holds them all: those that lack one follow, or any where none does
        const ids = new Set(found.map((result) => result.id));
        const least = found.length ? Math.max(2, words.length - 1) : 1;
        found = [...found, ...someOf(apart, least).filter((result) => !ids.has(result.id))];
      }
    }
    const head = await Promise.all(found.slice(0, SHOWN).map((result) => result.data()));
    if (!head.slice(0, 4).some((data) => isGenuine(data, [...words, ...others]))) return answer;
    answer.unseen = unseen(words, head);
    const first = head.map((data, n) => scored(found[n], found[n].score * (OF_KIND[data.meta.kind] || 1)));
    found = [...first.sort((a, b) => b.score - a.score), ...found.slice(SHOWN)];
    for (const result of found) {
      const row = rowOf(result.id);
      (row === undefined ? answer.pages : answer.results).push({ row, data: () => result.data() });
    }
    return answer;
  }

  // ---------------------------------------------------------------------------------------------- the page

  /** Text with its found words marked, from the engine's excerpt, which is HTML: nothing of it is run. */
  function marked(html, lang) {
    const decoded = (text) => written(text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&"), lang);
    return html.split(/(<mark>.*?<\/mark>)/).filter(Boolean).map((part) => part.startsWith("<mark>")
      ? el("mark", {}, decoded(part.slice(6, -7))) : document.createTextNode(decoded(part)));
  }

  /** A summary with the words of the query marked. */
  function summaryOf(data, words, lang) {
    if (!data.meta.summary) return [...marked(data.excerpt, lang), "…"];
    const roots = words.map(start);
    return data.meta.summary.split(/([\p{L}\p{N}]+)/u).map((part, index) => index % 2 && roots.some((root) => plain(part).startsWith(root))
      ? el("mark", {}, part) : document.createTextNode(part));
  }

  /** The excerpt of a section; the engine begins it with the heading, which already stands above it. */
  function textOf(part, lang) {
    const heading = part.title + ". ";
    return part.excerpt.startsWith(heading) ? marked(part.excerpt.slice(heading.length), lang) : ["…", ...marked(part.excerpt, lang)];
  }

  function resultOf(library, data, lang, words) {
    const foreign = lang === library.lang ? null : lang;
    const href = (url) => capitalise.root + url.replace(/^\//, "").replace(/(^|\/)index\.html(?=#|$)/, library.words.directories ? "$1" : "$1index.html");
    const kind = library.words.kinds[data.meta.kind] || library.say("page");
    const parts = (data.sub_results || []).filter((part) => part.url.includes("#")).slice(0, PARTS);
    const own = !parts.length || (data.sub_results[0] && !data.sub_results[0].url.includes("#"));
    return el("li", { class: "c-result", lang: foreign },
      el("p", { class: "c-result__kind", lang: library.lang }, [kind, data.meta.where].filter(Boolean).join(" · "),
        foreign ? el("b", { class: "c-badge" }, library.words.languages[lang]) : null),
      el("a", { class: "c-result__title", href: href(data.url) }, data.meta.title),
      own ? el("p", { class: "c-result__text" }, ...summaryOf(data, words, lang)) : null,
      parts.length ? el("ul", {}, ...parts.map((part) => el("li", {},
        el("a", { href: href(part.url) }, written(part.title, lang)), el("p", {}, ...textOf(part, lang), "…")))) : null);
  }

  /** Builds the search into `root`. `state` is what the address asked for. Gives `focus()`. */
  async function mount(root, state) {
    const lang = capitalise.lang;
    const library = await capitalise.find.open(lang);
    const say = library.say;
    let turn = 0, answer = null, shown = SHOWN, wait = 0;

    const input = el("input", { type: "search", id: "c-query", maxlength: LONGEST, autocomplete: "off", spellcheck: "true", enterkeyhint: "search",
      placeholder: say("placeholder"), value: state.q || "" });
    const told = el("p", { class: "c-search__told", role: "status" });
    const list = el("ol", { class: "c-results" });
    const pages = el("div", { class: "c-search__pages" });
    const others = el("div", { class: "c-search__others" });
    const more = el("button", { type: "button", class: "c-button c-button--plain", hidden: true, click: () => {
      const last = list.lastElementChild;
      shown += SHOWN * 2;
      show().then(() => last && last.nextElementSibling && last.nextElementSibling.querySelector("a").focus());
    } }, say("more"));
    let facets = null;  // with the catalogue's table, when someone filters: it grows with the library
    const fold = capitalise.find.fold(library, el("div"), () => filters().then(show, () => {}));
    fold.details.hidden = true;
    async function filters() {
      await library.catalogue();
      if (facets) return;
      facets = capitalise.find.facets(library, state.filters, () => { shown = SHOWN; keep(); show(); });
      fold.fill(facets.root);
    }
    const form = el("form", { role: "search", class: "c-search__form", submit: (event) => { event.preventDefault(); run(); } },
      el("label", { for: "c-query", class: "c-hidden" }, say("search")), input,
      el("button", { type: "submit", class: "c-button" }, say("go")));
    const main = el("div", { class: "c-search__main" }, told, list, more, pages, others);
    root.replaceChildren(form, el("div", { class: "c-find" }, fold.details, main));

    const keep = () => address.write(state);

    async function run() {
      clearTimeout(wait);  // who presses Enter does not wait for the end of typing, nor has it searched twice
      const mine = ++turn;
      state.q = input.value.slice(0, LONGEST).trim();
      shown = SHOWN;
      keep();
      others.replaceChildren();
      if (!state.q) { answer = null; return show(); }
      told.textContent = say("searching");
      main.setAttribute("aria-busy", "true");
      try {
        const found = await ask(lang, state.q);
        if (mine !== turn) return;
        answer = found;
        await show();
      } catch (error) {
        if (mine === turn) fail();
      }
    }

    function fail() {
      answer = null;
      main.removeAttribute("aria-busy");
      told.textContent = say("failed");
      list.replaceChildren();
      pages.replaceChildren(ways());
      more.hidden = true;
    }

    function ways() {
      const link = (name) => el("li", {}, el("a", { href: capitalise.root + library.words.ways[name][1] }, library.words.ways[name][0]));
      return el("div", { class: "c-search__ways" }, el("p", {}, say("ways")), el("ul", { class: "c-chips" }, ...Object.keys(library.words.ways).map(link)));
    }

    /** Shows the answer; busy until all that belongs to it has come. */
    async function show() {
      const mine = turn;
      main.setAttribute("aria-busy", "true");
      try {
        await print(mine);
      } finally {
        if (mine === turn) main.removeAttribute("aria-busy");
      }
    }

    async function print(mine) {
      if (!answer) {
        list.replaceChildren();
        pages.replaceChildren(ways());
        more.hidden = true;
        fold.details.hidden = true;
        told.textContent = "";
        return;
      }
      const { results: all, pages: rest, words, every, unseen } = answer;
      const filtered = Object.keys(state.filters).length > 0;
      if (filtered) await filters();
      const kept = filtered ? new Set(library.pass(all.map((one) => one.row), state.filters)) : null;
      const results = kept ? all.filter((one) => kept.has(one.row)) : all;
      const data = await Promise.all(results.slice(0, shown).map((one) => one.data()));
      if (mine !== turn) return;
      list.replaceChildren(...data.map((one) => resultOf(library, one, lang, words)));
      more.hidden = results.length <= shown;
      pages.replaceChildren();
      told.textContent = results.length ? say("found", { n: results.length }) + (every ? "" : " " + say("some-words")) : say("none", { query: state.q });
      fold.details.hidden = !all.length && !filtered;
      elsewhere(results.length, mine);
      // What comes after the answer: other pages, and the counts of the filters where these are in sight.
      if (!results.length) await help(mine);
      if (!filtered && rest.length) {
        const about = await Promise.all(rest.slice(0, 3).map((one) => one.data()));
        if (mine !== turn) return;
        pages.append(el("h2", {}, say("pages")), el("ol", { class: "c-results" }, ...about.map((one) => resultOf(library, one, lang, words))));
      }
      if (fold.details.open && !fold.details.hidden) await filters().catch(() => {});  // the answer stands without them
      if (facets && mine === turn) fold.tell(facets.show(library.counts(all.map((one) => one.row), state.filters)));
      if (mine !== turn || !results.length) return;
      // With few results, a word that none of them shows may be a slip that the engine read as another word's beginning.
      if (all.length < FEW) await slip(mine, words);
      else if (all.length < NOT_MANY && unseen.length) await slip(mine, unseen);
    }

    /** Nothing found: perhaps a slip, or filters that are too narrow; and other ways. */
    async function help(mine) {
      const narrow = Object.keys(state.filters).length && answer.results.length;
      if (!answer.pages.length) pages.prepend(ways());
      await slip(mine, answer.words);
      if (mine === turn && narrow) pages.prepend(el("p", {}, say("none-filters", { n: answer.results.length })));
    }

    /** The query with known words instead of those that nobody wrote. */
    async function slip(mine, words) {
      const slips = nearWords(words, await capitalise.need("spelling", lang).catch(() => []));
      if (mine !== turn || !slips.length) return;
      let better = state.q;
      for (const [asked, right] of slips) better = better.replace(new RegExp(asked.replace(/[^\p{L}\p{N}]/gu, "\\$&"), "i"), right);
      pages.prepend(el("p", { class: "c-search__slip" }, say("did-you-mean") + " ",
        el("button", { type: "button", click: () => { input.value = better; run(); input.focus(); } }, better)));
    }

    /** The other languages: at once where this one has little, else on demand. */
    function elsewhere(number, mine) {
      const rest = Object.keys(library.words.languages).filter((other) => other !== lang);
      others.replaceChildren(...rest.map((other) => {
        const place = el("div");
        const button = el("button", { type: "button", click: () => look() }, say("elsewhere", { language: library.words.languages[other] }));
        async function look() {
          try {
            const found = await ask(other, state.q);
            const data = await Promise.all(found.results.slice(0, 3).map((one) => one.data()));
            if (mine !== turn) return;
            place.replaceChildren(...(data.length
              ? [el("h2", {}, say("in-language", { language: library.words.languages[other] })),
                el("ol", { class: "c-results" }, ...data.map((one) => resultOf(library, one, other, found.words)))]
              : [el("p", {}, say("none-elsewhere", { language: library.words.languages[other] }))]));
          } catch (error) {
            place.replaceChildren(el("p", {}, say("failed")));
          }
        }
        place.append(button);
        if (!number) look();
        return place;
      }));
    }

    input.addEventListener("input", () => {
      clearTimeout(wait);
      if (input.value.trim().length > 2 || !input.value.trim()) wait = setTimeout(run, 200);
    });
    root.addEventListener("keydown", (event) => {  // up and down go through the results
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const links = [...main.querySelectorAll(".c-result__title")];
      const here = links.indexOf(document.activeElement);
      if (!links.length || (here < 0 && document.activeElement !== input)) return;
      event.preventDefault();
      const next = here + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0) input.focus();
      else if (links[next]) links[next].focus();
    });
    await (state.q ? run() : show());
    return { focus() { input.focus(); input.select(); } };
  }

  // ---------------------------------------------------------------------------------------------- the window

  let dialog = null, mounted = null;
  function openWindow() {
    if (!dialog) {
      const body = el("div", { class: "c-search" });
      const words = document.querySelector(".c-find-link");
      const shut = el("button", { type: "button", class: "c-search__close", "aria-label": words.dataset.close, click: () => dialog.close() }, "×");
      dialog = el("dialog", { class: "c-dialog", "aria-label": words.dataset.label }, shut, body);
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
      dialog.addEventListener("close", () => { address.write({}); });
      document.body.append(dialog);
      mounted = mount(body, address.read());
      mounted.catch(() => { body.textContent = words.dataset.failed; });
    }
    dialog.showModal();
    mounted.then((one) => { if (dialog.open) one.focus(); }, () => {});
  }

  capitalise.search = { ask, openWindow };

  const place = document.getElementById("c-search");
  if (place) {
    const state = address.read();
    mount(place, state).then((one) => { if (!state.q) one.focus(); }, () => { place.textContent = place.dataset.failed; });
  }
})();
