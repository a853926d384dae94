/* What a page gains with a script: everything works without. No request, no storage but the reader's choice of light. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.className = root.className.replace("no-js", "js");

  // Scripts and tables that a page asks for when it needs them: by <script>, which works on a file too.
  var site = document.currentScript.src.replace(/assets\/capitalise\.js.*$/, "");
  var taken = {}, loaded = {};
  function script(path) {
    if (!loaded[path]) {
      loaded[path] = new Promise(function (done, failed) {
        var element = document.createElement("script");
        element.src = site + path;
        element.onload = done;
        element.onerror = function () { delete loaded[path]; element.remove(); failed(new Error(path)); };
        document.head.appendChild(element);
      });
    }
    return loaded[path];
  }
  var capitalise = window.capitalise = {
    root: site,
    lang: root.lang,
    take: function (name, value) { taken[name] = value; },
    taken: function (name) { return taken[name]; },
    need: function (name, lang) {
      var key = lang + "/" + name;
      return script("assets/find/" + key + ".js").then(function () {
        if (!(key in taken)) throw new Error(key);
        return taken[key];
      });
    },
    load: function (name) { return script("assets/" + name + ".js"); }
  };

  function stored() {
    try { return localStorage.getItem("capitalise.scheme"); } catch (error) { return null; }
  }
  function store(scheme) {
    try { localStorage.setItem("capitalise.scheme", scheme); } catch (error) { /* private mode: forgotten at the end */ }
  }
  var scheme = stored();
  if (scheme === "dark" || scheme === "light") root.setAttribute("data-scheme", scheme);

  function isDark() {
    var chosen = root.getAttribute("data-scheme");
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function each(selector, act) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), act);
  }

  document.addEventListener("DOMContentLoaded", function () {
    each(".c-scheme", function (button) {
      function name() {
        var words = button.getAttribute(isDark() ? "data-light" : "data-dark");
        button.setAttribute("aria-label", words);
        button.title = words;
      }
      button.hidden = false;
      name();
      button.addEventListener("click", function () {
        var next = isDark() ? "light" : "dark";
        root.setAttribute("data-scheme", next);
        store(next);
        name();
      });
    });

    // Search opens over the page; where the address already says something of the page, it has a page of its own.
    each(".c-find-link", function (link) {
      var own = document.querySelector("[data-own-address]");
      function open(event) {
        if (event) event.preventDefault();
        var field = document.getElementById("c-query");
        if (field && !field.closest("dialog")) return field.focus();
        if (own) { location.href = link.href; return; }
        link.setAttribute("aria-busy", "true");
        capitalise.load("find").then(function () { return capitalise.load("search"); }).then(function () {
          link.removeAttribute("aria-busy");
          capitalise.search.openWindow();
        }, function () { location.href = link.href; });
      }
      link.addEventListener("click", function (event) {
        if (!event.ctrlKey && !event.metaKey && !event.shiftKey) open(event);
      });
      addEventListener("keydown", function (event) {
        var busy = /^(?:input|textarea|select)$/i.test(event.target.nodeName) || event.target.isContentEditable;
        if (event.key === "/" && !busy && !event.ctrlKey && !event.altKey && !event.metaKey) open(event);
        else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") open(event);
      });
      if (!own && /[?&]q=[^&]/.test(location.search)) open();
    });

    // The page that compares sheets opens them out of sight: each tells it its parts (compare.js).
    var article = document.querySelector(".c-product--sheet");
    if (article && location.hash === "#compare" && parent !== window) {
      var whole = function (element) {  // its links and pictures lead where they do here
        var copy = element.cloneNode(true);
        Array.prototype.forEach.call(copy.querySelectorAll("source"), function (one) { one.parentNode.removeChild(one); });
        Array.prototype.forEach.call(copy.querySelectorAll("[href], [src]"), function (one) {
          one.removeAttribute("srcset");
          if (one.href && one.getAttribute("href")) one.setAttribute("href", one.href);
          if (one.src) one.setAttribute("src", one.src);
        });
        Array.prototype.forEach.call(copy.querySelectorAll("h2, sup"), function (one) { one.remove(); });
        return copy.innerHTML;
      };
      var parts = {};
      each(".c-product__main section[aria-labelledby]", function (section) {
        var heading = section.querySelector("h2");
        parts[heading.id] = { title: heading.firstChild.textContent, html: whole(section) };
      });
      each(".c-figures[data-part]", function (figures) {
        var part = figures.getAttribute("data-part"), html = '<div class="c-figures">' + whole(figures) + "</div>";
        if (parts[part]) parts[part].html = html + parts[part].html;
        else parts[part] = { title: figures.getAttribute("aria-label"), html: html };
      });
      var text = function (selector) {
        var found = document.querySelector(selector);
        return found ? found.textContent.trim() : "";
      };
      parent.postMessage({
        capitalise: "sheet", url: location.href, title: text("h1"), where: text(".c-fact--countries dd"), sections: parts,
        lang: document.querySelector("h1").lang || root.lang,
        practices: Array.prototype.map.call(document.querySelectorAll(".c-fact--practices a"), function (link) {
          return link.href.replace(/\/(?:index\.html)?$|-?\.html$/, "").split("/").pop();
        })
      }, location.protocol === "file:" ? "*" : location.origin);
    }

    // The switch of language keeps the reader's section: anchors are the same in every language.
    function keepPlace() {
      each(".c-switch a", function (link) {
        link.href = link.href.split(/[?#]/)[0] + location.search + location.hash;
      });
    }
    addEventListener("hashchange", keepPlace);
    keepPlace();

    // Contents and facts: folded on a phone; elsewhere the contents mark where the reader is.
    each(".c-toc details, .c-facts", function (details) {
      if (matchMedia("(max-width: 59.9em)").matches) details.open = false;
    });
    if ("IntersectionObserver" in window) {
      var links = {};
      each(".c-toc a", function (link) { links[link.hash.slice(1)] = link; });
      var seen = new IntersectionObserver(function (entries) {
        entries.forEach(function (entry) {
          if (!entry.isIntersecting || !links[entry.target.id]) return;
          each(".c-toc a[aria-current]", function (link) { link.removeAttribute("aria-current"); });
          links[entry.target.id].setAttribute("aria-current", "true");
        });
      }, { rootMargin: "0px 0px -70% 0px" });
      each(".c-product__main h2[id]", function (heading) { seen.observe(heading); });
    }

    // A term of the glossary shows its definition on tap; on a mouse its title does, and a click goes to the glossary.
    var bubble = null;
    function close() {
      if (bubble) bubble.parentNode.removeChild(bubble);
      bubble = null;
    }
    function define(term) {
      close();
      bubble = document.createElement("div");
      bubble.className = "c-bubble";
      bubble.term = term;
      bubble.setAttribute("role", "status");
      var words = document.createElement("p");
      words.textContent = term.title;
      var more = document.createElement("a");
      more.href = term.href;
      more.textContent = term.textContent + " →";
      bubble.appendChild(words);
      bubble.appendChild(more);
      document.body.appendChild(bubble);
      var box = term.getBoundingClientRect();
      bubble.style.top = (box.bottom + scrollY + 6) + "px";
      bubble.style.left = Math.max(8, Math.min(box.left, innerWidth - bubble.offsetWidth - 8)) + "px";
    }
    document.addEventListener("click", function (event) {
      var term = event.target.closest ? event.target.closest("a.glossary") : null;
      if (bubble && bubble.contains(event.target)) return;
      var again = bubble && bubble.term === term;
      if (!term || again || matchMedia("(hover: hover)").matches) return close();
      event.preventDefault();
      define(term);
    });
    document.addEventListener("focusin", function (event) {  // who goes from link to link with the keyboard
      var term = event.target.closest ? event.target.closest("a.glossary") : null;
      if (term && term.matches(":focus-visible")) define(term);
      else if (bubble && !bubble.contains(event.target)) close();
    });
    addEventListener("keydown", function (event) { if (event.key === "Escape") close(); });

    each("[data-copy]", function (button) {
      if (!navigator.clipboard) return;
      button.hidden = false;
      button.addEventListener("click", function () {
        navigator.clipboard.writeText(button.getAttribute("data-copy")).then(function () {
          button.textContent = button.getAttribute("data-done");
        });
      });
    });
    each("[data-print]", function (button) {
      button.hidden = false;
      button.addEventListener("click", function () { print(); });
    });

    // An offline copy says when it has grown old.
    each("[data-built]", function (line) {
      var days = (Date.now() - Date.parse(line.getAttribute("data-built"))) / 864e5;
      if (days > 366) line.querySelector("strong").hidden = false;
    });

    // What is folded is not lost on paper.
    var opened = [];
    addEventListener("beforeprint", function () {
      each("details:not([open])", function (details) {
        if (details.closest(".c-menu, .c-toc")) return;
        details.open = true;
        opened.push(details);
      });
    });
    addEventListener("afterprint", function () {
      opened.forEach(function (details) { details.open = false; });
      opened = [];
    });
  });
})();
