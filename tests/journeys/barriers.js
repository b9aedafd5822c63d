// What a page is built of: each kind of element in the place where it stands, by tag, attributes and ancestors, and what
// only the page as a whole can get wrong. Words, numbers and addresses do not count; whether they are there does.
() => {
  const ANY = new Set(["href", "src", "id", "for", "name", "value", "datetime", "action", "colspan", "rowspan", "checked"]);
  const POINTING = ["for", "aria-labelledby", "aria-describedby", "aria-controls"];
  const SAID = new Set(["title", "alt", "placeholder", "aria-label", ...POINTING]);
  const LANDMARKS = "nav, aside, :is(section, form):is([aria-label], [aria-labelledby]), [role=region], [role=search]";

  const said = (element, name) => {
    const text = element.getAttribute(name) || "";
    if (!POINTING.includes(name)) return text.trim() !== "";
    return text.trim().split(/\s+/).every((id) => document.getElementById(id));
  };
  const own = (element) => {
    const attributes = [...element.attributes]
      .filter(({ name }) => SAID.has(name) || !ANY.has(name))
      .map(({ name, value }) => `${name}=${SAID.has(name) ? said(element, name) : value}`);
    const labelled = element.labels ? `labels=${element.labels.length}` : "";
    const text = element.textContent.trim() ? "" : "empty";
    return [element.localName, ...attributes.sort(), labelled, text].join(" ");
  };
  const found = new Set();
  const look = (element, above) => {
    const here = `${above}>${own(element)}`;
    found.add(here);
    for (const child of element.children) look(child, here);
  };
  look(document.documentElement, "");

  const all = (selector) => [...document.querySelectorAll(selector)];
  const levels = all("h1, h2, h3, h4, h5, h6").map((heading) => heading.localName);
  const names = all(LANDMARKS).map((one) => one.getAttribute("aria-label")
    || document.getElementById(one.getAttribute("aria-labelledby"))?.textContent);
  found.add(`headings: ${levels.filter((level, at) => level !== levels[at - 1])}`);
  found.add(`landmarks of one name: ${new Set(names).size < names.length}`);
  return [...found];
}
