// A product's file as the editor's form, and back. What a person did not touch comes back byte for byte:
// a field that is unchanged keeps its lines, a section that is unchanged keeps its text.
(function (root) {
  "use strict";

  // The scalars of frontmatter.py: no date, no octal, `NO` stays Norway, and `1.10` stays the text it may be.
  const NULL = ["null", "~", ""];
  const scalar = (tag, resolve, construct) =>
    new jsyaml.Type("tag:yaml.org,2002:" + tag, { kind: "scalar", resolve, construct });
  const INT = /^[-+]?(?:0|[1-9][0-9]*)$/;
  const FLOAT = /^[-+]?(?:0|[1-9][0-9]*)\.[0-9]+$/;
  const decimal = (text) => {
    const value = String(Number(text));
    return FLOAT.test(text) && (value === text || value + ".0" === text);
  };
  // A decimal number keeps its own writing: 13.0 must not come back as the whole number 13.
  class Decimal {
    constructor(written) {
      this.written = written;
    }
    toJSON() {
      return Number(this.written);
    }
    toString() {
      return this.written;
    }
  }
  const SCHEMA = jsyaml.FAILSAFE_SCHEMA.extend({
    implicit: [
      scalar("null", (text) => text === null || NULL.includes(text), () => null),
      scalar("bool", (text) => text === "true" || text === "false", (text) => text === "true"),
      scalar("int", (text) => INT.test(text) && text.length <= 15, Number),
      scalar("float", decimal, (text) => new Decimal(text)),
    ],
  });
  // An alias in what is contributed is refused by the check as well.
  const listener = (event, state) => {
    if (event === "close" && state.anchor !== null) throw new Error("alias");
  };
  const parse = (text) => {
    const value = jsyaml.load(text, { schema: SCHEMA, listener });
    if (value === null || value === undefined) return {};
    if (typeof value !== "object" || Array.isArray(value)) throw new Error("front matter");
    return value;
  };

  // ------------------------------------------------------------------ a file taken apart

  function open(source) {
    const text = source.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
    const opening = /^---[ \t]*\n/.exec(text);
    if (!opening) throw new Error("front matter");
    const rest = text.slice(opening[0].length);
    const closing = /^(?:---|\.\.\.)[ \t]*$/m.exec(rest);
    if (!closing) throw new Error("front matter");
    const end = closing.index + closing[0].length + 1;
    return {
      opening: opening[0],
      head: rest.slice(0, closing.index),
      closing: rest.slice(closing.index, end),
      body: rest.slice(end),
    };
  }

  const linesOf = (text) => text.match(/[^\n]*\n|[^\n]+$/g) || [];
  const KEY = /^(?:"([^"\\]+)"|'([^']+)'|([A-Za-z_][\w-]*))[ \t]*:(?:\s|$)/;

  // The lines of each field; a comment that stands above a field is of that field.
  function fieldsOf(head) {
    const fields = [];
    let waiting = "";
    for (const line of linesOf(head)) {
      const key = KEY.exec(line);
      if (key) {
        fields.push({ name: key[1] || key[2] || key[3], above: waiting, lines: line });
        waiting = "";
      } else if (!line.trim() || line[0] === "#" || !fields.length) {
        waiting += line;
      } else {
        fields[fields.length - 1].lines += waiting + line;
        waiting = "";
      }
    }
    return { fields, after: waiting };
  }

  const FENCE = /^ {0,3}(`{3,}|~{3,})/;
  const HEADING = /^##[ \t]+(.+?)[ \t]*#*[ \t]*$/;
  const NUMBERING = /^(?:\d+|[ivx]+|[a-z])[.)°]\s*|^\d+\s+[-–—]\s*/i;
  const fold = (text) => text.toLowerCase().normalize("NFKD")
    .replace(/’/g, "'").replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[\u0300-\u036f]/g, "").trim();
  const label = (title) => fold(title.trim().replace(NUMBERING, "")).replace(/[ :]+$/, "").split(/\s+/).join(" ");

  // The body cut at the headings that the model knows, as sections.py does; any other heading stays in the text.
  function sectionsOf(body, labels) {
    const sections = [{ anchor: "", heading: "", text: "" }];
    const used = {};
    let fence = "", comment = false, previous = "", before = "";
    for (const line of linesOf(body)) {
      const last = sections[sections.length - 1];
      const bare = line.replace(/\n$/, "");
      let title = "", under = false;
      if (comment) comment = !line.includes("-->");
      else {
        const mark = FENCE.exec(line);
        if (fence) {
          if (mark && mark[1].startsWith(fence) && !bare.replace(/[ `~]/g, "")) fence = "";
        } else if (mark) fence = mark[1];
        else if (line.includes("<!--")) comment = !line.split("<!--").slice(1).join("<!--").includes("-->");
        else {
          const heading = HEADING.exec(bare);
          under = /^-{3,}[ \t]*$/.test(bare) && !!previous.trim() && !/^[ \t|\-*#>]/.test(previous) && !before.trim();
          title = heading ? heading[1] : under ? previous.trim() : "";
        }
      }
      const anchor = title && labels[label(title)];
      if (anchor && !used[anchor]) {
        used[anchor] = true;
        const above = under ? last.text.slice(-previous.length - 1) : "";
        if (under) last.text = last.text.slice(0, -above.length);
        sections.push({ anchor, heading: above + line, text: "" });
        before = previous = "";
        continue;
      }
      last.text += line;
      before = previous;
      previous = bare;
    }
    return sections;
  }

  const trimmed = (text) => text.replace(/^(?:[ \t]*\n)+/, "").replace(/\s+$/, "");

  // ------------------------------------------------------------------ values and what a form shows of them

  const isMap = (value) =>
    value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Decimal);

  function toForm(value, shape) {
    if (value === null || value === undefined) return value;
    if (shape.word && typeof value === "string") return { answer: value };
    if (shape.many) return Array.isArray(value) ? value.map((item) => toForm(item, { ...shape, many: false })) : value;
    if (shape.fields && isMap(value)) {
      const form = shape.word ? { answer: "given" } : {};
      for (const name of Object.keys(value)) form[name] = toForm(value[name], shape.fields[name] || {});
      return form;
    }
    return shape.text ? String(value) : value;
  }

  // What a form left empty says nothing. An empty item inside a list keeps the place of those that follow.
  function said(value) {
    if (value === null || value === undefined) return undefined;
    if (typeof value === "string") return value.trim() ? value.replace(/\r\n?/g, "\n") : undefined;
    if (Array.isArray(value)) {
      const items = value.map(said);
      while (items.length && items[items.length - 1] === undefined) items.pop();
      return items.length ? items.map((item) => (item === undefined ? {} : item)) : undefined;
    }
    if (isMap(value)) {
      const map = {};
      for (const name of Object.keys(value)) {
        const own = said(value[name]);
        if (own !== undefined) map[name] = own;
      }
      return Object.keys(map).length ? map : undefined;
    }
    return value;
  }

  const ordered = (value) => Array.isArray(value) ? value.map(ordered)
    : isMap(value) ? Object.keys(value).sort().map((name) => [name, ordered(value[name])]) : value;
  const same = (one, other) => JSON.stringify(ordered(said(one))) === JSON.stringify(ordered(said(other)));

  // The value of a form; wherever the form shows what it showed before, the file's own value, with its type.
  function fromForm(now, was, before, shape, translation) {
    if (before !== undefined && before !== null && same(now, was)) return before;
    if (now === undefined) return undefined;
    if (shape.many) {
      const [shown, kept] = Array.isArray(was) && Array.isArray(before) ? [was, before] : [[], []];
      return Array.isArray(now) ? now.map((item, index) => {
        const moved = shown.findIndex((other) => same(item, other)); // an item was added or taken away above it
        const at = moved >= 0 ? moved : index;
        const own = fromForm(item, shown[at], kept[at], { ...shape, many: false }, translation);
        return own === undefined ? {} : own;
      }) : now;
    }
    if (shape.word && isMap(now)) {
      const answer = now.answer || (now.given && !before ? "given" : undefined);
      if (answer !== "given") return answer;
    }
    if (shape.fields && isMap(now)) {
      const map = {};
      for (const name of Object.keys({ ...shape.fields, ...now })) {
        const inner = shape.fields[name];
        if (name === "answer" && shape.word) continue;
        if (translation && inner && !inner.translated && name !== "file") continue;
        const own = fromForm(now[name], isMap(was) ? was[name] : undefined, isMap(before) ? before[name] : undefined,
          inner || {}, translation);
        if (own === undefined || (translation && (typeof own === "number" || own instanceof Decimal))) continue;
        map[name] = own;
      }
      return Object.keys(map).length ? map : undefined;
    }
    if (shape.number && typeof now === "string" && (INT.test(now.trim()) || decimal(now.trim()))) return Number(now);
    return typeof now === "string" ? now.trim().replace(/\s*\n\s*/g, " ") : now;
  }

  // Written as the library's files are: names of terms and dates bare, texts in quotation marks, groups on one line.
  const BARE = /^(?:[a-z][a-z0-9-]*|[A-Z]{2}|\d{4}-\d\d-\d\d)$/;
  const NOT_BARE = /^(?:true|false|null|y|n|yes|no|on|off|Y|N|NO|ON)$/; // to this reader or to another
  const text = (value) => BARE.test(value) && !NOT_BARE.test(value) ? value : JSON.stringify(value)
    .replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, (char) => "\\u" + char.charCodeAt(0).toString(16).padStart(4, "0"));
  const flow = (value) => Array.isArray(value) ? "[" + value.map(flow).join(", ") + "]"
    : isMap(value) ? "{" + Object.keys(value).map((name) => text(name) + ": " + flow(value[name])).join(", ") + "}"
      : typeof value === "string" ? text(value) : String(value);

  function lines(name, value) {
    const line = name + ": " + flow(value) + "\n";
    if (Array.isArray(value) && (value.some(isMap) || line.length > 160)) {
      return name + ":\n" + value.map((item) => "  - " + flow(item) + "\n").join("");
    }
    if (isMap(value) && line.length > 100) {
      return name + ":\n" + Object.keys(value).map((key) => "  " + text(key) + ": " + flow(value[key]) + "\n").join("");
    }
    return line;
  }

  // Whether the lines say what is wanted and nothing else: the last look before a file is written.
  function means(head, wanted) {
    try {
      return JSON.stringify(ordered(parse(head))) === JSON.stringify(ordered(wanted));
    } catch (fault) {
      return false;
    }
  }

  // ------------------------------------------------------------------ reading and writing

  /** Makes a codec. `model`: {root, languages, kinds: {name: {pattern, fields, sections, labels}}}. */
  function codec(model) {
    const patterns = Object.entries(model.kinds).map(([name, kind]) => [name, new RegExp(kind.pattern)]);

    /** The kind and language of a file from its path, or null where it is no product's text. */
    function locate(path) {
      const found = /^(.*)\/index\.([a-z]{2,3})\.md$/.exec(path);
      if (!found || !found[1].startsWith(model.root + "/") || !model.languages.includes(found[2])) return null;
      const folder = found[1].slice(model.root.length + 1);
      const kind = patterns.find(([, pattern]) => pattern.test(folder));
      return kind ? { kind: kind[0], language: found[2] } : null;
    }

    /** The form of a file. One that can't be read gives a form that says so, and that is never written. */
    function read(path, source) {
      const place = locate(path);
      if (!place) return { _unreadable: true, _source: source };
      const kind = model.kinds[place.kind];
      let parts, values;
      try {
        parts = open(source);
        values = parse(parts.head);
      } catch (fault) {
        return { _unreadable: true, _source: source };
      }
      const form = { _source: source, _original: place.language };
      if (values.translation_of) form._original = String((values.translation_of || {}).language || "");
      for (const name of Object.keys(kind.fields)) {
        if (name in values) form[name] = toForm(values[name], kind.fields[name]);
      }
      for (const section of sectionsOf(parts.body, kind.labels[place.language])) {
        const text = trimmed(section.text);
        if (text) form["section-" + (section.anchor || "intro")] = text;
      }
      return form;
    }

    /** The file that a form asks for; null where there is nothing to write. `original`: the original's language. */
    function write(path, form, original, base) {
      const place = locate(path);
      if (!place) throw new Error(path);
      const kind = model.kinds[place.kind];
      const source = base || form._source || "";
      const was = source ? read(path, source) : {};
      const mine = Object.keys(form).filter((name) => name[0] !== "_");
      if (was._unreadable) {
        if (mine.every((name) => said(form[name]) === undefined)) return source;
        throw new Error(model.texts.unreadable.replace("{file}", path));
      }
      if (!source && !mine.some((name) => said(form[name]) !== undefined && name !== "status")) return null;
      const parts = source ? open(source) : { opening: "---\n", head: "", closing: "---\n", body: "\n" };
      const before = source ? parse(parts.head) : {};
      const translation = source ? "translation_of" in before : place.language !== original;
      if (!source && translation && mine.every((name) => said(form[name]) === undefined)) return null;
      const { fields, after } = fieldsOf(parts.head);
      if (!source && translation) {
        fields.push({ name: "translation_of", above: "", lines: `translation_of: {language: ${original}}\n` });
      }

      const order = Object.keys(kind.fields);
      const wanted = { ...before };
      for (const name of order) {
        const shape = kind.fields[name];
        if (translation && !shape.translated && !shape.partly) continue;
        if (same(form[name], was[name])) continue;
        const value = fromForm(said(form[name]), said(was[name]), before[name], shape, translation);
        const at = fields.findIndex((field) => field.name === name);
        if (value === undefined) {
          delete wanted[name];
          if (at >= 0) fields.splice(at, 1);
        } else {
          wanted[name] = value;
          if (at >= 0) fields[at].lines = lines(name, value);
          else {
            let after = fields.length;
            while (after > 0 && order.indexOf(fields[after - 1].name) > order.indexOf(name)) after -= 1;
            fields.splice(after, 0, { name, above: "", lines: lines(name, value) });
          }
        }
      }
      const head = fields.map((field) => field.above + field.lines).join("") + after;
      if (!source && translation) wanted.translation_of = { language: original };
      if (!means(head, wanted)) throw new Error(model.texts.unwritten.replace("{file}", path));
      const text = parts.opening + head + parts.closing + body(parts.body, kind, place.language, form, was);
      const written = source.includes("\r\n") ? text.replace(/\n/g, "\r\n") : text;
      return source[0] === "\ufeff" ? "\ufeff" + written : written;
    }

    function body(source, kind, language, form, was) {
      const sections = sectionsOf(source, kind.labels[language]);
      const order = ["", ...kind.sections.map((section) => section.anchor)];
      let moved = false; // a section came or went: the end of the file may be another's
      for (const anchor of order) {
        const name = "section-" + (anchor || "intro");
        const now = trimmed(said(form[name]) || "");
        if (now === (was[name] || "")) continue;
        const at = sections.findIndex((section) => section.anchor === anchor);
        if (at >= 0 && !now && anchor) {
          sections.splice(at, 1);
          moved = true;
        } else if (at >= 0) {
          const old = sections[at].text;
          const text = trimmed(old);
          const start = text ? old.indexOf(text) : 0;
          const lead = text ? old.slice(0, start) : "\n";
          const trail = text ? old.slice(start + text.length) : "\n\n";
          sections[at].text = now ? lead + now + trail : "\n";
        } else {
          moved = true;
          let after = sections.length;
          while (after > 1 && order.indexOf(sections[after - 1].anchor) > order.indexOf(anchor)) after -= 1;
          const above = sections[after - 1];
          const ending = above.heading + above.text;
          if (ending && ending !== "\n" && !/\n\n$/.test(ending)) {
            above.text = above.text.replace(/\n*$/, "\n\n");
          }
          const title = kind.sections.find((section) => section.anchor === anchor).titles[language];
          sections.splice(after, 0, { anchor, heading: `## ${title}\n`, text: `\n${now}\n\n` });
        }
      }
      const text = sections.map((section) => section.heading + section.text).join("");
      return moved ? text.replace(/\n*$/, "\n") : text;
    }

    return { locate, read, write };
  }

  root.capitaliseCodec = codec;
})(window);
