/* Lets Pagefind, as it is, answer on a page that was opened as a file.
 *
 * Such a page may fetch nothing and start no worker from a file, but it may run scripts. So each file of the index has a
 * script that calls `capitaliseFiles(name, {path: base64})` (hooks/capitalise/finding/index.py, `pack`). Pagefind's own
 * two programs come the same way and run from memory, with `fetch` and `Worker` replaced within their scope alone.
 *
 * capitalise.engineFromFiles(folder) → Promise of Pagefind's module. */
(function () {
  "use strict";
  const BASE = "/index/";  // stands for the folder of the index; nobody asks for it
  const FRAGMENT = /^(?:\d+\/)?fragment\/([a-z]+_)([0-9a-f]+)\.pf_fragment$/;
  const shops = {};  // folder → what it has handed over
  let worlds = 0;

  let receiver = null;  // scripts run one after the other: the one that runs belongs to the folder that asked last
  window.capitaliseFiles = function (name, files, digits) { if (receiver) receiver(name, files, digits); };

  function shop(folder) {
    const files = new Map(), asked = new Map();
    let digits = 1;

    function script(name) {
      if (!asked.has(name)) {
        asked.set(name, queued(() => new Promise((done, failed) => {
          const element = document.createElement("script");
          receiver = (_, held, known) => {
            if (known) digits = known;
            for (const path in held) files.set(path, held[path]);
          };
          element.src = folder + name + ".js";
          element.onload = () => { element.remove(); done(); };
          element.onerror = () => { element.remove(); asked.delete(name); failed(new TypeError("no " + name)); };
          document.head.appendChild(element);
        })));
      }
      return asked.get(name);
    }

    function holder(path) {
      const found = FRAGMENT.exec(path);
      return found ? "fragment/" + found[1] + found[2].slice(0, digits) : path;
    }

    async function bytes(path) {
      if (!files.has(path)) await script(holder(path));
      if (!files.has(path)) throw new TypeError("not in the index: " + path);
      return Uint8Array.from(atob(files.get(path)), (char) => char.charCodeAt(0));
    }
    return { bytes, script };
  }

  // One script at a time, whatever the folder: so `receiver` is always the right one.
  let last = Promise.resolve();
  function queued(task) {
    const next = last.then(task);
    last = next.catch(() => {});
    return next;
  }

  function pathOf(request) {
    const url = String((request && request.url) || request).split("?")[0];
    const at = url.indexOf(BASE);
    if (at < 0) throw new TypeError("not of the index: " + url);
    return url.slice(at + BASE.length);
  }

  function blob(program) {
    return URL.createObjectURL(new Blob([program], { type: "text/javascript" }));
  }

  // Runs in the worker before Pagefind's program: its `fetch` asks the page.
  const IN_WORKER = "(" + function () {
    const waiting = new Map();
    let number = 0;
    self.fetch = (request) => new Promise((done, failed) => {
      waiting.set(++number, { done, failed });
      self.postMessage({ capitalise: number, url: String((request && request.url) || request) });
    });
    self.addEventListener("message", (event) => {
      if (!event.data || !event.data.capitalise) return;
      event.stopImmediatePropagation();
      const { done, failed } = waiting.get(event.data.capitalise);
      waiting.delete(event.data.capitalise);
      if (event.data.bytes) done(new Response(event.data.bytes));
      else failed(new TypeError(event.data.error));
    });
  } + ")();\n";

  function workerOf(program, bytes) {
    return function () {
      const worker = new Worker(blob(IN_WORKER + program));
      worker.addEventListener("message", async (event) => {
        if (!event.data || !event.data.capitalise) return;
        event.stopImmediatePropagation();
        const answer = { capitalise: event.data.capitalise };
        try {
          answer.bytes = (await bytes(pathOf(event.data.url))).buffer;
        } catch (error) {
          answer.error = String(error);
        }
        worker.postMessage(answer, answer.bytes ? [answer.bytes] : []);
      });
      return worker;
    };
  }

  async function start(folder) {
    const { bytes, script } = shop(folder);
    const text = async (path) => new TextDecoder().decode(await bytes(path));
    await script("start");
    const world = {
      fetch: async (request) => new Response(await bytes(pathOf(request))),
      Worker: workerOf(await text("pagefind-worker.js"), bytes),
    };
    const key = "capitaliseWorld" + ++worlds;
    window[key] = world;  // a module made of a blob sees no other scope
    const module = await import(blob("const { fetch, Worker } = globalThis." + key + ";\n" + await text("pagefind.js")));
    await module.options({ basePath: BASE });
    return module;
  }

  capitalise.engineFromFiles = function (folder) {
    if (!shops[folder]) {
      shops[folder] = start(folder);
      shops[folder].catch(() => { delete shops[folder]; });  // another try may find the stick plugged in again
    }
    return shops[folder];
  };
})();
