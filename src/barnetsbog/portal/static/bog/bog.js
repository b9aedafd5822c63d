/* Comfort only: every page works without this file. */
(function () {
  "use strict";
  document.querySelectorAll(".bog-print").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });
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
