/* What a page gains with a script: everything works without. No request, no storage but the reader's choice of light. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.className = root.className.replace("no-js", "js");

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

    // The switch of language keeps the reader's section: anchors are the same in every language.
    function keepPlace() {
      each(".c-switch a", function (link) {
        link.href = link.href.split("#")[0] + location.hash;
      });
    }
    addEventListener("hashchange", keepPlace);
    keepPlace();

    // The table of contents: folded on a phone, marked where the reader is elsewhere.
    each(".c-toc details", function (details) {
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
