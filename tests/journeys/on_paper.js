// What is wrong with a page on paper: to be asked in print, in a window as wide as what is printed of an A4 sheet.
() => {
  const seen = (one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && getComputedStyle(one).visibility !== "hidden";
  };
  const named = (one) => `${one.tagName.toLowerCase()}.${one.className} »${(one.innerText || "").trim().slice(0, 40)}«`;
  const shown = (where, wanted = seen) => [...document.querySelectorAll(where)].filter(wanted).map(named);
  const clips = (one) => {
    const style = getComputedStyle(one);
    return seen(one) && one.clientWidth > 0 && one.clientHeight > 0
      && ((style.overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1)
        || (style.overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1));
  };
  const shut = (one) => seen(one) && ![...one.children].slice(1).every(seen);
  const spelt = (one) => /http|\//.test(getComputedStyle(one, "::after").content);
  const root = document.documentElement;
  return {
    "no use on paper": shown("nav, button, footer, a.button, .skipnav, .bog-exit, .bog-cancel, main form:not(.bog-autosave)"),
    "wider than the sheet": root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} px`] : [],
    "cut off": shown("main *:not(.sr-only)", clips),
    "closed": shown("main details:not([open])", shut),
    "addresses": shown("main a[href]", (one) => seen(one) && spelt(one)),
  };
}
