/* Reads the child's page aloud, where the browser has a Danish voice. Without one the button stays away. */
(function () {
  "use strict";
  var speech = window.speechSynthesis, button = document.querySelector(".bog-speak");
  if (!speech || !button) { return; }
  var read = button.textContent;
  function danish() {
    return speech.getVoices().find(function (voice) { return /^da\b/i.test(voice.lang); });
  }
  function show() { button.hidden = document.documentElement.lang !== "da" || !danish(); }
  function texts() {
    var found = document.querySelectorAll("main h1, main h2, main h3, main p, main li, main dt, main dd, main label");
    return Array.from(found).filter(function (one) {
      return one.offsetParent && !one.querySelector("p, li, h2, h3, button") && !one.closest("form .bog-speak");
    }).map(function (one) { return one.innerText; });
  }
  function over() { button.textContent = read; }
  button.addEventListener("click", function () {
    if (speech.speaking) { speech.cancel(); over(); return; }
    button.textContent = button.dataset.stop;
    var words = texts().map(function (text) {
      var said = new window.SpeechSynthesisUtterance(text);
      said.lang = "da-DK";
      said.voice = danish();
      return said;
    });
    words[words.length - 1].addEventListener("end", over);
    words.forEach(function (said) { speech.speak(said); });
  });
  window.addEventListener("pagehide", function () { speech.cancel(); });
  if (speech.addEventListener) { speech.addEventListener("voiceschanged", show); }
  show();
})();
