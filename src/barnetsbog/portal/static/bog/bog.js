/* Comfort only: every page works without this file. */
(function () {
  "use strict";

  /* By its attribute: `form.method` and `form.action` are a field of the form where one is called that. */
  function posts(form) { return (form.getAttribute("method") || "").toLowerCase() === "post"; }

  /* The pattern of Det Fælles Designsystem: a warning some minutes before, one press to stay, and at the end the page
     is gone while what was typed is kept. Without this file the page says when, and a form that is sent too late is
     kept by the server. */
  function warnBeforeTheEnd(line, dialog) {
    if (!line || !dialog.showModal) { return; }
    var token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
    var clock = document.getElementById("bog-session-time");
    var warning = Number(line.dataset.warning) * 1000, lastMoment = 10000;
    var end = Date.now() + parseInt(line.querySelector("time").getAttribute("datetime").slice(2), 10) * 1000;
    var typed = null, busy = false, leaving = false;
    document.addEventListener("input", function (event) { typed = event.target.form || typed; });
    document.getElementById("bog-session-stay").addEventListener("click", function () {
      post(line.dataset.stay, new FormData()).then(heard, function () { dialog.close(); });
    });
    setInterval(function () {
      var left = end - Date.now(), seconds = Math.max(0, Math.floor(left / 1000));
      clock.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
      if (busy || left >= warning || (dialog.open && left >= lastMoment)) { return; }
      busy = true;
      /* Perhaps something was done in another window: only the server knows. */
      fetch(line.dataset.stay, { redirect: "manual" }).then(heard).then(decide, decide);
    }, 1000);
    function heard(answer) {
      if (!answer.ok) { end = Date.now(); keepAndLeave(); return null; }
      return answer.text().then(function (left) {
        end = Date.now() + Number(left) * 1000;
        if (end - Date.now() >= warning && dialog.open) { dialog.close(); }
      });
    }
    function decide() {
      var left = end - Date.now();
      if (left < lastMoment) { keepAndLeave(); return; }
      busy = false;
      if (left < warning && !dialog.open) { dialog.showModal(); }
    }
    function post(address, fields) {
      fields.set("csrfmiddlewaretoken", token);
      return fetch(address, { method: "POST", body: fields, redirect: "manual" });
    }
    function leave(kept) { window.location.replace(line.dataset.over + (kept ? "?gemt=" + kept : "")); }
    function keepAndLeave() {
      if (leaving) { return; }  /* asked for again, what was typed is not kept again, and the answer would be no */
      leaving = busy = true;
      if (!typed || !posts(typed)) { leave(""); return; }
      var fields = new FormData(typed), to = new URL(typed.getAttribute("action") || "", window.location.href);
      fields.set("bog-path", to.pathname + to.search);
      post(line.dataset.keep, fields).then(function (answer) { leave(answer.status === 204 ? "ja" : "nej"); }, function () { leave("nej"); });
    }
  }

  /* Whoever prints a page has a copy of it: the log says so. */
  function tellOfPrints(line, dialog) {
    if (!line || !navigator.sendBeacon) { return; }
    window.addEventListener("beforeprint", function () {
      var fields = new FormData();
      fields.set("csrfmiddlewaretoken", dialog.querySelector("[name=csrfmiddlewaretoken]").value);
      fields.set("side", window.location.pathname);
      navigator.sendBeacon(line.dataset.printed, fields);
    });
  }

  document.querySelectorAll(".bog-print").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  var session = document.getElementById("bog-session"), sessionDialog = document.getElementById("bog-session-dialog");
  warnBeforeTheEnd(session, sessionDialog);
  tellOfPrints(session, sessionDialog);
  /* Luk hurtigt: nothing is left to see, and the page is not behind the one that comes. Esc three times does the same. */
  var exit = document.querySelector(".bog-exit a");
  if (exit) {
    var pressed = 0;
    var leave = function () {
      document.body.replaceChildren();
      document.title = "";
      window.location.replace(exit.href);
    };
    exit.addEventListener("click", function (event) { event.preventDefault(); leave(); });
    document.addEventListener("keydown", function (event) {
      pressed = event.key === "Escape" ? pressed + 1 : 0;
      if (pressed === 3) { leave(); }
    });
  }
  /* A second press while the first is still on its way is of no use. A page that is gone back to is free. */
  var under = new WeakMap();
  document.addEventListener("submit", function (event) {
    var last = under.get(event.target) || 0;
    if (!posts(event.target)) { return; }
    if (Date.now() - last < 10000) { event.preventDefault(); return; }
    under.set(event.target, Date.now());
    /* Whoever comes back to what was sent again is asked to send it once more: they get the page that it was of. */
    if (event.target.matches(".bog-again")) { history.replaceState(null, "", window.location.href); }
  });
  window.addEventListener("pageshow", function () { under = new WeakMap(); });
  /* Whoever sent something that was refused is led to what is wrong; what to mend comes next by Tab. */
  var wrong = document.querySelector("main [role=alert][tabindex='-1']") || document.querySelector("main [aria-invalid=true]");
  if (wrong) { wrong.focus(); }
  /* One tab stop for the table; the arrow keys move between its links. */
  var table = document.querySelector(".bog-timeline");
  if (!table) { return; }
  var rows = Array.from(table.tBodies[0].rows).filter(function (row) { return !row.classList.contains("tl-bands"); });
  var links = Array.from(table.querySelectorAll("tbody a"));
  var stop = table.querySelector("a[aria-current]") || links[links.length - 1];
  links.forEach(function (link) { link.tabIndex = link === stop ? 0 : -1; });
  function move(from, down, right) {
    var row = rows.indexOf(from.closest("tr")), column = from.closest("td").cellIndex;
    for (;;) {
      row += down; column += right;
      var cell = rows[row] && rows[row].cells[column];
      if (!cell || column < 1) { return; }
      var link = cell.querySelector("a");
      if (link) { from.tabIndex = -1; link.tabIndex = 0; link.focus(); return; }
    }
  }
  var keys = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener("keydown", function (event) {
    if (keys[event.key] && event.target.matches("tbody a")) {
      event.preventDefault();
      move(event.target, keys[event.key][0], keys[event.key][1]);
    }
  });
})();
