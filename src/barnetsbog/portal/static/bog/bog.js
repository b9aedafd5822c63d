/* Comfort only: every page works without this file. */
(function () {
  "use strict";

  /* The pattern of Det Fælles Designsystem: a warning some minutes before, one press to stay, and at the end the page
     is gone while what was typed is kept. Without this file the page says when, and a form that is sent too late is
     kept by the server. */
  function warnBeforeTheEnd(line, dialog) {
    if (!line || !dialog.showModal) { return; }
    var token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
    var clock = document.getElementById("bog-session-time");
    var warning = Number(line.dataset.warning) * 1000;
    var end = Date.now() + parseInt(line.querySelector("time").getAttribute("datetime").slice(2), 10) * 1000;
    var typed = null;
    document.addEventListener("input", function (event) { typed = event.target.form || typed; });
    document.getElementById("bog-session-stay").addEventListener("click", function () {
      send(line.dataset.stay, new FormData()).then(function (answer) {
        if (!answer.ok) { leave(); return null; }
        return answer.text().then(function (left) {
          end = Date.now() + Number(left) * 1000;
          dialog.close();
        });
      }, function () { dialog.close(); });
    });
    function send(address, fields) {
      fields.set("csrfmiddlewaretoken", token);
      return fetch(address, { method: "POST", body: fields, redirect: "manual" });
    }
    function leave() { window.location.replace(line.dataset.over); }
    function keepAndLeave() {
      if (!typed || typed.method !== "post") { leave(); return; }
      var fields = new FormData(typed);
      fields.set("bog-path", new URL(typed.action).pathname + new URL(typed.action).search);
      send(line.dataset.keep, fields).then(function (answer) {
        window.location.replace(line.dataset.over + "?gemt=" + (answer.status === 204 ? "ja" : "nej"));
      }, leave);
    }
    var watching = setInterval(function () {
      var left = end - Date.now();
      clock.textContent = Math.max(0, Math.floor(left / 60000)) + ":" + String(Math.max(0, Math.floor(left / 1000) % 60)).padStart(2, "0");
      if (left < warning && left > 0 && !dialog.open) { dialog.showModal(); }
      if (left < 10000) { clearInterval(watching); keepAndLeave(); }
    }, 1000);
  }

  document.querySelectorAll(".bog-print").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
  warnBeforeTheEnd(document.getElementById("bog-session"), document.getElementById("bog-session-dialog"));
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
