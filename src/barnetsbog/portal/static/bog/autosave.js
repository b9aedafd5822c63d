/* Saves a topic of a form while somebody writes, as »Gem kladde« does. Comfort only: the page works without. */
(function () {
  "use strict";
  var form = document.querySelector("form.bog-autosave");
  if (!form || !window.fetch) { return; }
  var status = form.querySelector(".bog-saved");
  var PAUSE = 10000, LATER = 30000;
  var timer = null, busy = false, changed = false, stopped = false, pressed = null;

  function wait(pause) { window.clearTimeout(timer); timer = window.setTimeout(save, pause); }
  function say(text) { if (status.textContent !== text) { status.textContent = text; } }

  /* What stands on the page, without files, which only a button sends. */
  function written() {
    var body = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (typeof value === "string") { body.append(name, value); } });
    return body;
  }

  function save() {
    timer = null;
    if (busy || stopped || !changed) { return; }
    busy = true; changed = false;
    var sent = written();
    fetch(window.location.href, { method: "POST", body: sent, headers: { "X-Autosave": "1" }, redirect: "manual",
      credentials: "same-origin", keepalive: document.hidden && String(sent).length < 60000 })
      .then(function (answer) {
        if (answer.status === 200 || answer.status === 409 || answer.status === 422) {
          return answer.json().then(function (said) { told(answer.status, said, sent); });
        }
        var out = answer.status === 401 || answer.type === "opaqueredirect";
        changed = true; say(out ? status.dataset.lost : status.dataset.away); wait(LATER);
      })
      .catch(function () { changed = true; say(status.dataset.away); wait(LATER); })
      .then(function () {
        busy = false;
        if (pressed) { form.requestSubmit(pressed); } else if (changed && !timer) { wait(PAUSE); }
      });
  }

  function told(code, said, sent) {
    say(said.told);
    if (code !== 200) { changed = true; stopped = true; return; }
    form.elements.version.value = said.version;
    Object.keys(said.fields).forEach(function (name) {
      var asks = form.elements[name.replace("valg.", "kilde.")];  /* what a source says now is chosen on a new page */
      if (!asks || !name.startsWith("valg.")) { put(name, said.fields[name], sent.getAll(name)); }
    });
  }

  /* How it stands now, where nobody has written on meanwhile. */
  function put(name, values, sent) {
    if (String(written().getAll(name)) !== String(sent)) { return; }
    Array.from(form.elements).forEach(function (field) {
      if (field.name !== name) { return; }
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = values.indexOf(field.value) >= 0 || (!values.length && field.value === "");
      } else { field.value = values[0] || ""; }
    });
  }

  function noticed() { changed = true; wait(PAUSE); }
  form.addEventListener("input", noticed);
  form.addEventListener("change", noticed);
  document.addEventListener("visibilitychange", function () { if (document.hidden) { save(); } });
  form.addEventListener("submit", function (event) {
    window.clearTimeout(timer);
    if (busy && !pressed) { event.preventDefault(); pressed = event.submitter; return; }
    stopped = true; changed = false;
  });
  window.addEventListener("beforeunload", function (event) { if (changed && (stopped || busy)) { event.preventDefault(); } });
})();
