// What axe does not look at (WCAG 2.2: 1.4.12 text spacing, 2.4.7 focus visible, 2.4.11 focus not obscured, 2.5.5 target
// size; and forced colours, where backgrounds and shadows are gone). Gives what is wrong, with the element.
({ forced, least }) => {
  const faults = [];
  const shown = (one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && one.getClientRects().length > 0;
  const say = (what, one) => faults.push(`${what}: ${one.outerHTML.replace(/\s+/g, " ").slice(0, 160)}`);
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);

  const still = document.createElement("style");
  still.textContent = "*, ::before, ::after{transition:none!important;animation:none!important;scroll-behavior:auto!important}";
  document.head.append(still);

  // Lines and signs further apart cut nothing off, and make nothing wider than the window.
  const apart = document.createElement("style");
  apart.textContent = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}";
  document.head.append(apart);
  for (const one of all("body *")) {
    const cuts = ["hidden", "clip"].includes(getComputedStyle(one).overflowX) && !one.closest(".sr-only, [aria-hidden=true]");
    if (cuts && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1)) say("cut off", one);
  }
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth} px wide with signs further apart`);
  apart.remove();

  // Whatever has the focus shows it, and lies under nothing else. A round or a box is drawn by its label.
  const drawn = (one) => (one.matches("[type=radio], [type=checkbox]") && one.labels.length ? one.labels[0] : one);
  const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  for (const one of all("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
    if (one.disabled) continue;
    one.focus();
    const place = drawn(one);
    const styles = [one, place, place === one ? one : null].filter(Boolean).map((each) => getComputedStyle(each));
    if (place !== one) styles.push(getComputedStyle(place, "::before"));
    if (!styles.some((style) => ring(style) || (!forced && style.boxShadow !== "none"))) say("no sign of focus", one);
    const { left, top, width, height } = place.getClientRects()[0];
    const above = document.elementFromPoint(left + width / 2, top + Math.min(height / 2, 14));
    if (!above || !(place.contains(above) || above.contains(place) || one.contains(above))) say(`hidden under ${above ? above.className || above.localName : "the edge"}`, one);
    if (least && one.matches("button, .button, nav:not(.bog-crumb) a, summary, select, textarea") && height < least) say(`${height} px high`, one);
  }
  document.activeElement?.blur();
  still.remove();
  window.scrollTo(0, 0);

  // Where one is, is told by more than a background and a colour of the text.
  const told = (one) => {
    const { fontWeight, borderBottomWidth, borderBottomColor, textDecorationLine, outlineStyle } = getComputedStyle(one);
    return [fontWeight, borderBottomWidth, borderBottomColor, textDecorationLine, outlineStyle].join();
  };
  for (const one of all("[aria-current]:not([aria-current=false])")) {
    const other = [...(one.closest("ul, tr, tbody") || one.parentElement).querySelectorAll(one.localName)]
      .find((each) => !each.hasAttribute("aria-current") && shown(each));
    if (other && told(other) === told(one)) say("not told where one is", one);
  }
  if (forced) {
    for (const one of all("button, .button, input:not([type=hidden]), select, textarea")) {
      const style = getComputedStyle(drawn(one));
      const edge = parseFloat(style.borderTopWidth) > 0 || ring(style) || style.textDecorationLine !== "none" || drawn(one) !== one;
      if (!edge) say("no edge in forced colours", one);
    }
  }
  return faults;
}
