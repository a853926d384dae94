/* The form that works without a network: a new product or a remark, checked here, saved as one file.
 * What it asks is made by hooks/capitalise/wayback/form.py, which also says what the file holds. What people write is
 * put into the page as text, never as HTML; nothing is sent, and nothing is kept but in the file that they save. */
(function () {
  "use strict";
  var lang = document.documentElement.lang;
  var number = 0;
  var form, state, root;

  // ---------------------------------------------------------------- small things

  function el(name, attributes) {
    var element = document.createElement(name), key, i, one;
    for (key in attributes || {}) {
      one = attributes[key];
      if (one === null || one === undefined || one === false) continue;
      if (typeof one === "function") element.addEventListener(key, one);
      else element.setAttribute(key, one === true ? "" : one);
    }
    for (i = 2; i < arguments.length; i++) {
      one = arguments[i];
      if (one === null || one === undefined || one === "") continue;
      element.appendChild(typeof one === "string" ? document.createTextNode(one) : one);
    }
    return element;
  }
  function empty(element) { while (element.firstChild) element.removeChild(element.firstChild); return element; }
  function has(object, key) { return Object.prototype.hasOwnProperty.call(object, key); }
  function isObject(value) { return !!value && typeof value === "object" && !Array.isArray(value); }
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) {
      return values && has(values, name) ? String(values[name]) : whole;
    });
  }
  function say(key, values) { return fill(form.texts[key] || "", values); }
  function told(name, values) {
    return form.messages[name].map(function (text) { return fill(text, values); }).join(" ").trim();
  }
  function short(text) { return text.length > 60 ? text.slice(0, 57) + "…" : text; }
  function newId() { number += 1; return "w" + number; }
  function slug(text) {
    if (text.normalize) text = text.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    return text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/[^a-z0-9]+/g, "-").slice(0, 50)
      .replace(/^-+|-+$/g, "");
  }
  function changed() { state.dirty = true; clearTimeout(state.soon); state.soon = setTimeout(progress, 300); }

  // ---------------------------------------------------------------- values

  function dayOf(text) {
    var found = /^(\d{1,2})[\/.-](\d{1,2})[\/.-](\d{4})$/.exec(text);
    return found ? found[3] + "-" + ("0" + found[2]).slice(-2) + "-" + ("0" + found[1]).slice(-2) : text;
  }
  function dayFault(text) {
    var found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (!found) return "bad-value.date";
    var day = new Date(Date.UTC(+found[1], found[2] - 1, +found[3]));
    return day.getUTCMonth() === found[2] - 1 && day.getUTCDate() === +found[3] ? "" : "bad-value.no-such-day";
  }
  function numberOf(text) {
    var plain = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
  }
  function orcidFault(text) {
    var digits = text.replace(/^https:\/\/orcid\.org\//, "").replace(/-/g, ""), total = 0, i;
    for (i = 0; i < 15; i++) total = (total + Number(digits.charAt(i))) * 2;
    var check = (12 - total % 11) % 11;
    return digits.charAt(15) === (check === 10 ? "X" : String(check)) ? "" : "bad-value.orcid-digit";
  }

  /** What is wrong with a text that was typed into a field: the name of its message and what this one names. */
  function fault(field, text) {
    var values = { field: field.label, got: short(text) }, value, name = "";
    if (field.max && field.type !== "whole" && field.type !== "number" && text.length > field.max) {
      values.length = text.length; values.max = field.max;
      return told("bad-value.too-long", values);
    }
    if (field.type === "day") name = dayFault(text);
    else if (field.type === "point") {
      value = numberOf(text);
      if (isNaN(value)) name = dayFault(text).replace(/date$/, "year");
      else if (value % 1 || value < 1900 || value > 2100) name = "bad-value.year";
    } else if (field.type === "whole" || field.type === "number") {
      value = numberOf(text);
      if (field.type === "whole" && (isNaN(value) || value % 1)) name = "bad-value.whole-number";
      else if (isNaN(value)) name = "bad-value.number";
      else if (has(field, "min") && value < field.min) { name = "bad-value.too-small"; values.bound = field.min; }
      else if (has(field, "max") && value > field.max) { name = "bad-value.too-large"; values.bound = field.max; }
    } else if (field.pattern && !new RegExp(field.pattern).test(text)) name = "bad-value." + field.message;
    else if (field.message === "orcid") name = orcidFault(text.trim());
    return name ? told(name, values) : "";
  }
  function missing(field) {
    if (field.name === "alt" || field.name === "consent") {
      return told("missing-" + field.name, { file: field.pictured ? field.pictured() : "" });
    }
    if (field["in"] === "sections") return told("missing-section.empty", { section: field.label });
    return told("missing-field.empty", { field: field.label });
  }

  // ---------------------------------------------------------------- one question
  // Each is {field, node, get(pack), set(value, pack), clear…}: a leaf has problem(), a group has parts().

  function framed(field, control, options) {
    var id = control.id || newId(), many = options && options.many;
    var bad = el("p", { "class": "c-field__bad", id: id + "-bad", hidden: true });
    var help = field.help ? el("p", { "class": "c-field__help", id: id + "-help" }, field.help) : null;
    var need = field.required ? el("small", {}, say("say.required")) : null;
    var label = many
      ? el("legend", {}, field.label, need ? " " : null, need)
      : el("label", { "for": id }, field.label, need ? " " : null, need);
    var node = el(many ? "fieldset" : "div", { "class": "c-field c-field--" + field.type }, label, help, control, bad);
    var target = many ? node : control;
    target.setAttribute("aria-describedby", (help ? id + "-help " : "") + id + "-bad");
    if (!many) control.id = id;
    return {
      field: field,
      node: node,
      show: function (text) {
        bad.textContent = text;
        bad.hidden = !text;
        node.className = node.className.replace(/ c-field--bad/g, "") + (text ? " c-field--bad" : "");
        if (!many) control.setAttribute("aria-invalid", text ? "true" : "false");
      },
      focus: function () {
        var first = many ? node.querySelector("input, select, textarea, button") : control;
        node.scrollIntoView();
        if (first) first.focus();
      }
    };
  }
  /** A leaf says what is wrong once its reader goes on, and takes it back as soon as it is mended. */
  function watched(leaf) {
    function look() { leaf.show(problem(leaf, false)); }
    leaf.node.addEventListener("change", function () { changed(); setTimeout(look, 0); });
    leaf.node.addEventListener("input", function () {
      changed();
      if (/c-field--bad/.test(leaf.node.className)) look();
    });
    return leaf;
  }
  function problem(leaf, must) {
    if (leaf.isEmpty()) return must && leaf.field.required ? missing(leaf.field) : "";
    return leaf.problem ? leaf.problem() : "";
  }

  var MAKERS = {};

  MAKERS.text = function (field) {
    var long = field.type === "long" || field.type === "lines";
    var isDay = field.type === "day";
    var input = el(long ? "textarea" : "input", {
      type: long ? null : isDay ? "date" : "text", rows: long ? field.rows || 3 : null, spellcheck: long ? "true" : null,
      inputmode: field.type === "whole" ? "numeric" : field.type === "number" ? "decimal" : null, autocomplete: "off",
      placeholder: isDay ? "2026-11-24" : null
    });
    var leaf = framed(field, input);
    function read() { return isDay || field.type === "point" ? dayOf(input.value.trim()) : input.value.trim(); }
    leaf.isEmpty = function () { return !input.value.trim() && !(input.validity && input.validity.badInput); };
    leaf.problem = function () {
      if (input.validity && input.validity.badInput) return told("bad-value.date", { field: field.label, got: "" });
      return fault(field, read());
    };
    leaf.get = function () {
      var text = read(), value = numberOf(text);
      if (!text) return undefined;
      if (field.type === "lines") {
        return text.split(/\n+/).map(function (line) { return line.trim(); }).filter(Boolean).slice(0, form.limits.items);
      }
      if (field.type === "number" && !isNaN(value)) return Number((Math.round(value / field.step) * field.step).toFixed(6));
      if ((field.type === "whole" || field.type === "amount") && !isNaN(value)) return value;
      if (field.type === "point" && /^\d{4}$/.test(text)) return Number(text);
      return text;
    };
    leaf.set = function (value) {
      if (Array.isArray(value)) input.value = value.filter(function (one) { return typeof one === "string"; }).join("\n");
      else if (typeof value === "string" || typeof value === "number") input.value = String(value);
      count();
    };
    var counter = field.max && field.max < 2000 && /title|summary/.test(field.name)
      ? el("p", { "class": "c-field__count", "aria-hidden": "true" }) : null;
    function count() {
      if (counter) counter.textContent = input.value.trim().length + " / " + field.max;
      if (long) { input.style.height = "auto"; if (input.scrollHeight > input.clientHeight) input.style.height = Math.min(input.scrollHeight + 4, 700) + "px"; }
    }
    if (counter) leaf.node.insertBefore(counter, leaf.node.lastChild);
    input.addEventListener("input", count);
    count();
    return watched(leaf);
  };
  ["long", "lines", "day", "point", "whole", "number", "amount"].forEach(function (type) { MAKERS[type] = MAKERS.text; });

  function optionsOf(field) { return (field.options === "places" ? state.places : form.options[field.options]) || []; }

  MAKERS.choice = function (field) {
    var options = optionsOf(field), leaf, chosen, input;
    if (options.length > 5) {
      input = el("select", {}, el("option", { value: "" }, say("say.choose")));
      options.forEach(function (one, index) { input.appendChild(el("option", { value: String(index) }, one.label)); });
      leaf = framed(field, input);
      leaf.get = function () { return input.value === "" ? undefined : options[+input.value].value; };
      leaf.set = function (value) {
        options.forEach(function (one, index) { if (one.value === value) input.value = String(index); });
      };
    } else {
      var name = newId(), box = el("div", { "class": "c-field__choices" });
      chosen = options.map(function (one) {
        var radio = el("input", { type: "radio", name: name });
        box.appendChild(el("label", {}, radio, el("span", {}, one.label)));
        return radio;
      });
      leaf = framed(field, box, { many: true });
      leaf.get = function () {
        for (var i = 0; i < chosen.length; i++) if (chosen[i].checked) return options[i].value;
        return undefined;
      };
      leaf.set = function (value) { chosen.forEach(function (radio, i) { radio.checked = options[i].value === value; }); };
    }
    leaf.isEmpty = function () { return leaf.get() === undefined; };
    return watched(leaf);
  };

  MAKERS.choices = function (field) {
    var options = optionsOf(field), chosen = [], list = el("ul", { "class": "c-field__chips" }), leaf;
    var select = el("select", {});
    function draw() {
      empty(list); empty(select);
      select.appendChild(el("option", { value: "" }, say(chosen.length ? "say.choose-more" : "say.choose")));
      options.forEach(function (one, index) {
        if (chosen.indexOf(index) < 0) select.appendChild(el("option", { value: String(index) }, one.label));
      });
      chosen.forEach(function (index) {
        var label = options[index].label;
        list.appendChild(el("li", {}, label, " ", el("button", {
          type: "button", "aria-label": say("do.remove-one", { name: label }), title: say("do.remove-one", { name: label }),
          click: function () { chosen.splice(chosen.indexOf(index), 1); draw(); changed(); select.focus(); }
        }, "×")));
      });
    }
    select.addEventListener("change", function () {
      if (select.value !== "") chosen.push(+select.value);
      draw();
    });
    leaf = framed(field, select);
    leaf.node.insertBefore(list, select);
    leaf.isEmpty = function () { return !chosen.length; };
    leaf.get = function () { return chosen.length ? chosen.map(function (i) { return options[i].value; }) : undefined; };
    leaf.set = function (values) {
      chosen = [];
      if (Array.isArray(values)) options.forEach(function (one, i) { if (values.indexOf(one.value) >= 0) chosen.push(i); });
      draw();
    };
    draw();
    return watched(leaf);
  };

  // ---------------------------------------------------------------- photos

  /** The picture alone, at most `side` wide and high: what its file carried beside it (place, camera) stays behind. */
  function drawn(image, quarter, side, quality) {
    var scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
    var width = Math.max(1, Math.round(image.naturalWidth * scale)), height = Math.max(1, Math.round(image.naturalHeight * scale));
    var canvas = document.createElement("canvas"), sideways = quarter % 2;
    canvas.width = sideways ? height : width;
    canvas.height = sideways ? width : height;
    var pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    if ("imageSmoothingQuality" in pen) pen.imageSmoothingQuality = "high";
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate(quarter * Math.PI / 2);
    pen.drawImage(image, -width / 2, -height / 2, width, height);
    return canvas.toDataURL("image/jpeg", quality);
  }
  function asJpeg(image, quarter) {
    var side = form.limits.side, quality = 0.85, made = drawn(image, quarter, side, quality);
    while (made.length * 3 / 4 > form.limits.photo && side > 400) {
      if (quality > 0.7) quality -= 0.1; else side = Math.round(side * 0.8);
      made = drawn(image, quarter, side, quality);
    }
    return made;
  }

  MAKERS.photo = function (field) {
    var data = "", name = "", image = null;
    var input = el("input", { type: "file", accept: "image/*" });
    var shown = el("img", { alt: "", hidden: true });
    var turn = el("button", { type: "button", "class": "c-button c-button--plain", hidden: true, click: function () {
      data = asJpeg(image, 1); load(data); changed();
    } }, say("do.turn"));
    var leaf = framed(field, input), failed = "";
    leaf.node.insertBefore(shown, leaf.node.lastChild);
    leaf.node.insertBefore(turn, leaf.node.lastChild);
    function load(address, done) {
      var one = new Image();
      one.onload = function () {
        image = one;
        if (done) { data = asJpeg(one, 0); failed = ""; return load(data); }
        shown.src = address; shown.hidden = turn.hidden = false;
        leaf.show("");
      };
      one.onerror = function () { data = ""; shown.hidden = turn.hidden = true; failed = say("say.photo-unreadable"); leaf.show(failed); };
      one.src = address;
    }
    input.addEventListener("change", function () {
      var file = input.files && input.files[0];
      if (!file) return;
      name = file.name;
      var reader = new FileReader();
      reader.onload = function () { load(String(reader.result).replace(/^data:;/, "data:image/jpeg;"), true); };
      reader.onerror = function () { failed = say("say.photo-unreadable"); leaf.show(failed); };
      reader.readAsDataURL(file);
    });
    leaf.isEmpty = function () { return !data && !failed; };
    leaf.problem = function () { return failed; };
    leaf.called = function () { return name || field.label; };
    leaf.get = function (pack) {
      if (!data) return undefined;
      pack.number += 1;
      var key = "photo-" + pack.number;
      pack.photos[key] = data.slice(data.indexOf(",") + 1);
      return key;
    };
    leaf.set = function (key, pack) {
      var given = has(pack.photos, key) ? pack.photos[key] : "";
      if (typeof given === "string" && /^[A-Za-z0-9+\/]+=*$/.test(given)) { data = "data:image/jpeg;base64," + given; load(data); }
    };
    return watched(leaf);
  };

  // ---------------------------------------------------------------- groups

  function groupOf(field, frame) {
    var parts = field.fields.map(make);
    var picture = parts.filter(function (one) { return one.field.type === "photo"; })[0];
    parts.forEach(function (one) {
      if (picture && (one.field.name === "alt" || one.field.name === "consent")) {
        one.field = Object.create(one.field, { pictured: { value: picture.called } });
      }
      if (one.field.after) {
        var first = parts.filter(function (other) { return other.field.name === one.field.after; })[0], inner = one.problem;
        one.problem = function () {
          var found = inner(), start = first.get(), end = one.get();
          if (found || start === undefined || end === undefined) return found;
          var early = String(start).length === 10 && String(end).length === 10
            ? end < start : parseInt(end, 10) < parseInt(start, 10);
          return early ? told("bad-value.order", { field: one.field.label, got: end, first: first.field.label }) : "";
        };
      }
      one.inside = field.label;
      frame.appendChild(one.node);
    });
    return {
      field: field, node: frame,
      parts: function () { return parts; },
      isEmpty: function () { return parts.every(function (one) { return one.isEmpty(); }); },
      get: function (pack) {
        var made = {}, some = false;
        parts.forEach(function (one) {
          var value = one.get(pack);
          if (value !== undefined) { made[one.field.name] = value; some = true; }
        });
        return some ? made : undefined;
      },
      set: function (value, pack) {
        if (isObject(value)) parts.forEach(function (one) { if (has(value, one.field.name)) one.set(value[one.field.name], pack); });
      },
      focus: function () { parts[0].focus(); }
    };
  }
  function fieldset(field) {
    return el("fieldset", { "class": "c-field c-field--group" }, el("legend", {}, field.label,
      field.required ? " " : null, field.required ? el("small", {}, say("say.required")) : null),
      field.help ? el("p", { "class": "c-field__help" }, field.help) : null);
  }

  /** A list of groups; of a group by itself, a list of one at most. */
  MAKERS.group = MAKERS.groups = function (field) {
    var frame = fieldset(field), items = [], list = el("div", {}), add;
    var most = field.type === "group" ? 1 : field.picture ? form.limits.photos - 1 : form.limits.items;
    function begin() {
      var box = el("div", { "class": "c-field__group" }), item = groupOf(field, box);
      box.appendChild(el("button", { type: "button", "class": "c-field__remove", click: function () {
        items.splice(items.indexOf(item), 1);
        list.removeChild(box);
        if (!items.length && field.required) begin();
        bound(); changed(); add.focus();
      } }, say("do.remove")));
      items.push(item);
      list.appendChild(box);
      bound();
      return item;
    }
    function bound() { add.hidden = items.length >= most; }
    add = el("button", { type: "button", "class": "c-button c-button--plain", click: function () { begin().focus(); } },
      "+ " + say("do.add", { name: field.label.toLowerCase() }));
    frame.appendChild(list);
    frame.appendChild(add);
    if (field.required) begin();
    return {
      field: field, node: frame, list: true,
      parts: function () { return items; },
      isEmpty: function () { return items.every(function (one) { return one.isEmpty(); }); },
      get: function (pack) {
        var made = items.map(function (one) { return one.get(pack); }).filter(function (one) { return one !== undefined; });
        return !made.length ? undefined : field.type === "group" ? made[0] : made;
      },
      set: function (values, pack) {
        if (field.type === "group") values = [values];
        if (!Array.isArray(values)) return;
        values.slice(0, most).forEach(function (value, index) { (items[index] || begin()).set(value, pack); });
      },
      focus: function () { (items[0] || add).focus(); }
    };
  };

  MAKERS.consent = function (field) {
    var name = newId(), box = el("div", { "class": "c-field__choices" }), radios = {}, details = el("div", { hidden: true });
    ["given", "not-needed"].forEach(function (answer) {
      radios[answer] = el("input", { type: "radio", name: name, change: function () { details.hidden = !radios.given.checked; } });
      box.appendChild(el("label", {}, radios[answer], el("span", {}, say("editor.consent." + answer))));
    });
    var inside = groupOf(field, details), leaf = framed(field, box, { many: true });
    leaf.node.appendChild(details);
    leaf.isEmpty = function () { return !radios.given.checked && !radios["not-needed"].checked; };
    leaf.parts = function () { return radios.given.checked ? inside.parts() : []; };
    leaf.get = function () {
      return radios["not-needed"].checked ? "not-needed" : radios.given.checked ? inside.get() || {} : undefined;
    };
    leaf.set = function (value) {
      radios["not-needed"].checked = value === "not-needed";
      radios.given.checked = isObject(value);
      details.hidden = !radios.given.checked;
      inside.set(value);
    };
    return watched(leaf);
  };

  function make(field) { return MAKERS[field.type](field); }

  /** Every leaf with what is wrong in it: [leaf, message]; an optional group counts once something is in it. */
  function faults(one, must, found) {
    if (one.show) found.push([one, problem(one, must)]);
    if (!one.parts) return found;
    var none = one.isEmpty(), asks = (must && one.field.required) || !none;
    one.parts().forEach(function (part, index) {  // of a list that must hold something, the first item is asked for
      faults(part, one.list ? !part.isEmpty() || (asks && none && index === 0) : asks, found);
    });
    return found;
  }
  function asked(step) {
    return step.parts.reduce(function (found, one) { return faults(one, true, found); }, []);
  }

  // ---------------------------------------------------------------- the page

  function kindOf(name) { return form.kinds.filter(function (kind) { return kind.name === name; })[0]; }

  function welcome() {
    state = { dirty: false, kept: {}, steps: [] };
    var list = el("ul", { "class": "c-write__kinds" });
    form.kinds.forEach(function (kind) {
      if (kind.name === "remark") return;
      list.appendChild(el("li", {}, el("button", { type: "button", click: function () { start(kind.name); } },
        el("b", {}, kind.label), el("span", {}, kind.help))));
    });
    var file = el("input", { type: "file", accept: ".json,application/json", id: newId() });
    var bad = el("p", { "class": "c-field__bad", role: "alert", hidden: true });
    file.addEventListener("change", function () {
      var reader = new FileReader();
      reader.onload = function () {
        var wrong = reopen(String(reader.result));
        if (wrong) { bad.textContent = wrong; bad.hidden = false; file.value = ""; }
      };
      if (file.files[0]) reader.readAsText(file.files[0], "utf-8");
    });
    empty(root);
    root.appendChild(el("h2", {}, say("say.new")));
    root.appendChild(list);
    root.appendChild(el("div", { "class": "c-write__ways" },
      el("section", {}, el("h2", {}, say("say.remark")), el("p", {}, say("say.remark-how"))),
      el("section", {}, el("h2", {}, el("label", { "for": file.id }, say("say.open"))), el("p", {}, say("say.open-how")), file, bad)));
  }

  function start(name, given) {
    var kind = kindOf(name), about = (given && given.about) || state.about || null;
    state = { kind: kind, about: about, dirty: false, kept: given || {}, steps: [], places: [] };
    if (about) state.places = placesOf(about.kind) || placesOf(kindFromId(about.product)) || [];
    var nav = el("ol", {}), main = el("form", { novalidate: true, submit: function (event) { event.preventDefault(); } });
    main.appendChild(el("h2", { "class": "c-write__title", tabindex: "-1" }, kind.label));
    if (name === "remark") main.appendChild(el("p", { "class": "c-write__about" }, say("say.about", { title: about.title || about.product })));
    kind.steps.forEach(function (step, index) {
      if (!step.fields.length) return;
      var parts = step.fields.map(make);
      var more = step.name === "more", id = "step-" + step.name;
      var box = el(more ? "details" : "section", { "class": "c-write__step", id: id },
        el(more ? "summary" : "h3", {}, step.title), step.about ? el("p", { "class": "c-write__help" }, step.about) : null);
      parts.forEach(function (part) { box.appendChild(part.node); });
      main.appendChild(box);
      var mark = el("span", { "aria-hidden": "true" });
      nav.appendChild(el("li", {}, el("a", { href: "#" + id, click: function () { if (more) box.open = true; } }, mark, step.title)));
      state.steps.push({ name: step.name, parts: parts, mark: mark, box: box });
    });
    state.summary = el("div", { "class": "c-write__faults", tabindex: "-1", hidden: true });
    state.done = el("div", { "class": "c-write__done", tabindex: "-1", hidden: true });
    main.appendChild(state.summary);
    main.appendChild(state.done);
    main.appendChild(el("div", { "class": "c-write__bar" },
      el("button", { type: "button", "class": "c-button", id: "c-save", click: finish }, say("do.save")),
      el("button", { type: "button", "class": "c-button c-button--plain", id: "c-draft", click: function () { save(false); } }, say("do.draft")),
      el("button", { type: "button", "class": "c-write__back", click: back }, say("do.back"))));
    empty(root);
    root.appendChild(el("div", { "class": "c-write__work" },
      el("nav", { "class": "c-write__steps", "aria-label": say("say.steps") }, nav), main));
    if (given) restore(given);
    else preset();
    state.dirty = false;
    progress();
    main.firstChild.focus();
    root.scrollIntoView();
  }
  function back() {
    if (state.dirty && !window.confirm(say("say.leave"))) return;
    state.dirty = false;
    if (location.search) location.href = location.href.split(/[?#]/)[0];
    else welcome();
  }
  function placesOf(kind) { return typeof kind === "string" && has(form.places, kind) ? form.places[kind] : null; }
  function kindFromId(id) {
    var parts = String(id || "").split("/");
    return { sheets: "sheet", sessions: "session" }[parts[0]] || (parts.length > 2 ? "module" : "course");
  }
  function every(act) { state.steps.forEach(function (step) { step.parts.forEach(act); }); }
  function today() {
    var now = new Date();
    return now.getFullYear() + "-" + ("0" + (now.getMonth() + 1)).slice(-2) + "-" + ("0" + now.getDate()).slice(-2);
  }
  function preset() {
    every(function (one) {
      if (one.field.name === "lang") one.set(lang);
      if (one.field.name === "date") one.set(today());
    });
  }
  function progress() {
    state.steps.forEach(function (step) {
      var wrong = asked(step).filter(function (pair) { return pair[1]; }).length;
      var some = step.parts.some(function (one) { return !one.isEmpty(); });
      step.mark.className = wrong ? "" : some ? "c-write__ok" : "";
      step.mark.textContent = wrong ? String(wrong) : some ? "✓" : "·";
    });
  }

  // ---------------------------------------------------------------- the file

  function built(finished) {
    var pack = { photos: {}, number: 0 }, remark = state.kind.name === "remark", kept = state.kept;
    var number = /\/capitalise\/([0-9a-f]{12})\//.exec(location.pathname);
    var made = {
      format: form.format, version: form.version, type: remark ? "remark" : "product",
      kind: remark ? undefined : state.kind.name, lang: lang, finished: finished,
      copy: { built: form.copy.built, program: form.copy.program, number: number ? number[1] : "" },
      about: remark ? state.about : undefined, fields: {}, sections: remark ? undefined : {}
    };
    ["fields", "sections"].forEach(function (name) {  // what a newer form asked comes through this one unharmed
      for (var key in isObject(kept[name]) ? kept[name] : {}) {
        if (made[name] && !known(key, name)) made[name][key] = kept[name][key];
      }
    });
    every(function (one) {
      var value = one.get(pack), where = one.field["in"];
      if (value !== undefined) (where ? made[where] : made)[one.field.name] = value;
    });
    made.photos = pack.photos;
    return made;
  }
  function known(key, where) {
    var found = false;
    every(function (one) { if (one.field.name === key && one.field["in"] === where) found = true; });
    return found;
  }
  function nameOf(made) {
    var base = made.type === "remark" ? slug(String(made.about.product).split("/").pop()) + "-" + say("say.remark-name")
      : slug(String(made.fields.title || "")) || state.kind.name;
    return base + (made.finished ? "" : "-" + say("say.draft-name")) + form.suffix;
  }
  function finish() {
    var wrong = [];
    state.steps.forEach(function (step) {
      asked(step).forEach(function (pair) {
        pair[0].show(pair[1]);
        if (pair[1]) wrong.push([pair[0], pair[1], step]);
      });
    });
    empty(state.summary).hidden = !wrong.length;
    if (!wrong.length) return save(true);
    var list = el("ul", {});
    wrong.forEach(function (one) {
      list.appendChild(el("li", {}, el("a", { href: "#", click: function (event) {
        event.preventDefault();
        if ("open" in one[2].box) one[2].box.open = true;
        one[0].focus();
      } }, (one[0].inside ? one[0].inside + " · " : "") + one[1].split(/\.\s/)[0].replace(/\.$/, ""))));
    });
    state.summary.appendChild(el("p", {}, el("b", {}, say("say.faults"))));
    state.summary.appendChild(list);
    state.summary.appendChild(el("p", {}, say("say.faults-draft")));
    state.done.hidden = true;
    progress();
    state.summary.focus();
    state.summary.scrollIntoView();
  }
  function save(finished) {
    var made = built(finished), text = JSON.stringify(made), name = nameOf(made), by = null;
    var blob = new Blob([text], { type: "application/json" });
    if (blob.size > form.limits.bytes) return done(say("say.too-large", { limit: Math.round(form.limits.bytes / 1e6) }));
    var link = el("a", { download: name });
    if (navigator.msSaveOrOpenBlob) navigator.msSaveOrOpenBlob(blob, name);
    else if ("download" in link && window.URL && URL.createObjectURL) {
      link.href = URL.createObjectURL(blob);
      document.body.appendChild(link);
      link.click();
      document.body.removeChild(link);
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
    } else {
      by = el("textarea", { readonly: true, rows: 6 });
      by.value = text;
    }
    state.dirty = false;
    if (finished) state.summary.hidden = true;
    done(say(finished ? "say.saved" : "say.saved-draft", { name: name }), finished ? document.getElementById("c-send") : null, by);
    if (by) by.select();
  }
  function done(text, send, by) {
    empty(state.done).hidden = false;
    state.done.appendChild(el("p", {}, el("b", {}, text)));
    if (by) { state.done.appendChild(el("p", {}, say("say.by-hand"))); state.done.appendChild(by); }
    if (send) {
      send = send.cloneNode(true);
      send.hidden = false;
      state.done.appendChild(send);
    }
    state.done.focus();
    state.done.scrollIntoView();
  }

  /** Opens a file that was saved before; says what is wrong with it, or nothing. */
  function reopen(text) {
    var given;
    try { given = JSON.parse(text.replace(/^\ufeff/, "")); } catch (error) { return say("say.not-ours"); }
    if (!isObject(given) || given.format !== form.format) return say("say.not-ours");
    if (given.version !== form.version) return say("say.newer");
    var name = given.type === "remark" ? "remark" : given.kind;
    if (typeof name !== "string" || !kindOf(name)) return say("say.not-ours");
    if (name === "remark" && (!isObject(given.about) || typeof given.about.product !== "string")) return say("say.not-ours");
    start(name, given);
    return "";
  }
  function restore(given) {
    var pack = { photos: isObject(given.photos) ? given.photos : {} };
    every(function (one) {
      var where = one.field["in"], from = where ? given[where] : given;
      if (isObject(from) && has(from, one.field.name)) one.set(from[one.field.name], pack);
    });
  }

  function subject() {
    var found = {}, parts = location.search.replace(/^\?/, "").split("&");
    parts.forEach(function (part) {
      var cut = part.indexOf("="), value;
      try { value = decodeURIComponent(part.slice(cut + 1).replace(/\+/g, " ")); } catch (error) { value = ""; }
      if (cut > 0) found[part.slice(0, cut)] = value.slice(0, 300);
    });
    if (!/^[a-z0-9\/-]{1,200}$/.test(found.product || "")) return null;
    return { product: found.product, kind: found.kind || "", title: found.title || "", lang: found.lang || "", revision: found.revision || "" };
  }

  window.addEventListener("beforeunload", function (event) {
    if (!state || !state.dirty) return undefined;
    event.preventDefault();
    event.returnValue = "";
    return "";
  });
  document.addEventListener("DOMContentLoaded", function () {
    root = document.getElementById("c-write");
    form = capitalise.taken(lang + "/contribute");
    if (!root || !form) return;
    state = { dirty: false };
    state.about = subject();
    if (state.about) start("remark");
    else welcome();
  });
})();
