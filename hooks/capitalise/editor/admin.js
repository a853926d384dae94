// The editor: Decap CMS with our form, our files and our preview. Decap sees forms as JSON; this script stands
// between it and the repository, and turns files into forms and forms into files (codec.js).
(function () {
  "use strict";
  window.CMS_MANUAL_INIT = true;

  const here = document.currentScript;
  const languages = here.dataset.languages.split(" ");
  const wanted = [new URLSearchParams(location.search).get("lang"), ...(navigator.languages || [navigator.language])];
  const codes = wanted.map((one) => (one || "").slice(0, 2).toLowerCase());
  const lang = codes.find((one) => languages.includes(one)) || languages[0];
  document.documentElement.lang = lang;

  const json = (address) => fetch(address).then((answer) => {
    if (!answer.ok) throw new Error(answer.status + " " + address);
    return answer.json();
  });
  const script = (address) => new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = done;
    element.onerror = () => failed(new Error(address));
    document.body.append(element);
  });
  const say = (text) => {
    document.getElementById("said").textContent = text;
  };
  say(""); // that the page needs a script

  json("editor." + lang + ".json").then((editor) => {
    document.title = editor.texts.title;
    say(editor.message || editor.texts.loading);
    if (editor.message) return undefined;
    return script("js-yaml.min.js").then(() => script("codec.js")).then(() => script("decap-cms.js")).then(() => {
      say("");
      start(editor);
    });
  }).catch((fault) => say(String(fault.message || fault)));

  function start(editor) {
    const model = { ...editor.model, texts: editor.texts };
    const codec = capitaliseCodec(model);
    for (const name of ["proxy", "github"]) {
      const backend = CMS.getBackend(name);
      const init = backend.init;
      backend.init = (...options) => between(init(...options), codec, model);
    }
    const merged = (one, other) => Object.keys(other).reduce((all, name) => ({
      ...all, [name]: typeof other[name] === "object" ? merged(all[name] || {}, other[name]) : other[name],
    }), one);
    CMS.registerLocale(lang, merged(CMS.getLocale(lang) || {}, {
      editor: editor.phrases,
      // Decap's plus sign is one of the Far East's, which many computers have no letter for.
      collection: { collectionTop: { newButton: "+ %{collectionLabel}" } },
    }));
    widgets(editor);
    preview(editor);
    CMS.init({ config: { ...editor.config, load_config_file: false } });
  }

  // ------------------------------------------------------------------ between Decap and the repository

  function between(store, codec, model) {
    const last = new Map(); // path → what this page wrote there last: Decap's own form still holds what it first read
    const asForm = (path, source) => {
      last.delete(path);
      return JSON.stringify(codec.read(path, source));
    };
    // Decap asks for every Markdown file down to a depth: of a course's modules it would take the course for one.
    const products = (entries, depth) => entries
      .filter((entry) => codec.locate(entry.file.path) && entry.file.path.split("/").length === depth)
      .map((entry) => ({ ...entry, data: asForm(entry.file.path, entry.data) }));
    const entry = (path) => store.getEntry(path).then((found) => {
      if (!found || !found.data) throw Object.assign(new Error(path), { status: 404 });
      return { ...found, data: asForm(path, found.data) };
    });
    const inAll = (path) => model.languages.map((one) => path.replace(/\.md$/, "." + one + ".md"));
    // A language that is not there yet is an empty form: Decap can't save a product that lacks one. What could not
    // be fetched is no empty form, or it would be written over.
    const empty = (fault) => {
      if (fault.status !== 404) throw fault;
      return "{}";
    };
    const ours = {
      // All at once: page by page, a product's languages could stand on two pages.
      entriesByFolder: (folder, extension, depth) => ours.allEntriesByFolder(folder, extension, depth),
      allEntriesByFolder: (folder, extension, depth) =>
        store[store.allEntriesByFolder ? "allEntriesByFolder" : "entriesByFolder"](folder, extension, depth)
          .then((entries) => products(entries, folder.split("/").length + depth)),
      // Decap asks whether `index.md` is taken: a product has a file for each language and none without one.
      getEntry: (path) => {
        const place = codec.locate(path);
        if (place) {
          return entry(path).catch((fault) => {
            const data = empty(fault);
            const others = inAll(path.replace("." + place.language + ".md", ".md")).filter((one) => one !== path);
            return Promise.all(others.map((one) => store.getEntry(one).catch(() => null))).then((found) => {
              if (!found.some(Boolean)) throw fault;
              return { data, file: { path, id: null } };
            });
          });
        }
        return Promise.all(inAll(path).map((one) => entry(one).catch(() => null))).then((found) => {
          const first = found.find(Boolean);
          if (!first) throw new Error(path);
          return first;
        });
      },
      unpublishedEntryDataFile: (collection, slug, path, id) =>
        store.unpublishedEntryDataFile(collection, slug, path, id)
          .then((source) => asForm(path, source), empty),
      persistEntry: (draft, options) => {
        const original = model.originals[options.collectionName];
        const files = [];
        for (const file of draft.dataFiles) {
          const path = file.newPath || file.path;
          const form = JSON.parse(file.raw);
          const before = last.has(path) ? last.get(path) : form._source || "";
          const text = codec.write(path, form, original, before);
          if (text !== null) files.push({ ...file, raw: text, before });
        }
        return Promise.resolve(store.persistEntry({ ...draft, dataFiles: files }, options)).then((answer) => {
          for (const file of files) last.set(file.newPath || file.path, file.raw);
          return answer;
        });
      },
    };
    return new Proxy(store, {
      get(target, name) {
        if (name in ours) return ours[name];
        const own = target[name];
        return typeof own === "function" ? own.bind(target) : own;
      },
    });
  }

  // ------------------------------------------------------------------ ways to fill in a field

  function widgets(editor) {
    const input = (make) => createClass({
      render() {
        const props = this.props;
        return make({
          id: props.forID,
          className: props.classNameWrapper,
          value: props.value === undefined || props.value === null ? "" : String(props.value),
          onChange: (event) => props.onChange(event.target.value),
          onFocus: props.setActiveStyle,
          onBlur: props.setInactiveStyle,
        }, props);
      },
    });
    const Day = input((given) => h("input", { ...given, type: "date" }));
    // What decides the folder is chosen once, for a product that has none yet.
    const Once = createClass({
      fresh() {
        return !this.props.entry || this.props.entry.get("newRecord");
      },
      isValid() {
        return !this.fresh() || this.props.value ? true : { error: { message: editor.texts.choose } };
      },
      render() {
        const props = this.props;
        if (!this.fresh()) return h("p", { id: props.forID, className: props.classNameWrapper }, editor.texts.once);
        const options = props.field.get("options").toJS();
        return h("select", {
          id: props.forID, className: props.classNameWrapper, value: props.value || "",
          onChange: (event) => props.onChange(event.target.value),
        }, h("option", { value: "" }, ""), options.map((one) => h("option", { key: one, value: one }, one)));
      },
    });
    const text = CMS.getWidget("text");
    const markdown = CMS.getWidget("markdown");
    CMS.registerWidget("capitalise-day", Day, CMS.getWidget("string").preview);
    CMS.registerWidget("capitalise-once", Once, () => null);
    // A plain text area keeps every byte, has the browser's own spelling, and is light on an old computer.
    CMS.registerWidget("capitalise-text", text.control, markdown.preview);
  }

  // ------------------------------------------------------------------ preview

  function preview(editor) {
    CMS.registerPreviewStyle(editor.style, { raw: true });
    for (const collection of editor.config.collections) {
      const kind = editor.model.kinds[collection.name.split("-")[0]];
      const titles = { intro: "" };
      const original = editor.model.originals[collection.name];
      for (const section of kind.sections) titles[section.anchor] = section.titles[original];
      CMS.registerPreviewTemplate(collection.name, createClass({
        render() {
          const data = this.props.entry.get("data");
          const parts = collection.fields.filter((field) => field.name.startsWith("section-") && data.get(field.name));
          return h("article", {},
            h("h1", {}, data.get("title") || ""),
            h("p", { className: "summary" }, data.get("summary") || ""),
            parts.map((field) => h("section", { key: field.name },
              h("h2", {}, titles[field.name.slice("section-".length)]), this.props.widgetFor(field.name))));
        },
      }));
    }
  }
})();
