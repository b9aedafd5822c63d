/* Comfort only: every page works without this file. On a telephone where the book is installed, or where somebody asks
   for a copy, the service worker is set going; elsewhere nothing is left on the machine. */
(function () {
  "use strict";
  var workers = navigator.serviceWorker;
  if (!workers) { return; }
  var time = document.querySelector("#bog-session time");
  var left = time ? parseInt(time.getAttribute("datetime").slice(2), 10) : 0;
  function begin() { return workers.register("/service-worker.js").then(function () { return workers.ready; }); }
  function say(what) {
    return begin().then(function (found) {
      return new Promise(function (done) {
        var way = new MessageChannel();
        way.port1.onmessage = function (event) { done(event.data); };
        found.active.postMessage(what, [way.port2]);
      });
    });
  }
  if (workers.controller || window.matchMedia("(display-mode: standalone)").matches) { say({ left: left }); }
  var box = document.getElementById("bog-copy");
  if (!box) { return; }
  var told = box.querySelector("[role=status]");
  function on(part, what, good) {
    box.querySelector(part).addEventListener("click", function () {
      say(what).then(function (done) { told.textContent = done ? good : told.dataset.failed; },
        function () { told.textContent = told.dataset.failed; });
    });
  }
  box.hidden = false;
  on("[value=gem]", { save: true, left: left }, told.dataset.saved);
  on("[value=slet]", { forget: true }, told.dataset.gone);
})();
