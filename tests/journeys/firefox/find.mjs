// Finds what a person would, by role and name, as a screen reader tells them. It runs in the page, so it knows nothing
// but its argument; and it knows only what our page uses of the roles and names that there are.

/**
 * The visible elements of this role whose name fits the pattern, in the order of the page; with `inside`, only those in
 * an element of that role. The role `text` is of our own: the innermost elements with such a text.
 */
export function find({ role, pattern, flags, inside }) {
  const implicit = {
    button: "button, input[type=submit], summary",
    checkbox: "input[type=checkbox]",
    dialog: "dialog[open]",
    heading: "h1, h2, h3, h4, h5, h6",
    img: "img[alt]:not([alt=''])",
    link: "a[href]",
    radio: "input[type=radio]",
    slider: "input[type=range]",
    textbox: "textarea, input:not([type]), input[type=text], input[type=email]",
  };
  const namedByContent = ["button", "heading", "link"];
  const fits = new RegExp(pattern, flags);
  const tidy = (text) => text.replace(/\s+/g, " ").trim();

  const ofRole = (role) => {
    const own = `[role="${role}"]`;
    const all = document.querySelectorAll(implicit[role] ? `:is(${implicit[role]}):not([role]), ${own}` : own);
    return [...all].filter((element) => !element.closest("[aria-hidden=true], [inert]"));
  };

  // What is hidden, or is there for the eye only, is no part of a name.
  const content = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const told = node.nodeType === Node.ELEMENT_NODE && node.ariaHidden !== "true" && node.checkVisibility();
    return told ? [...node.childNodes].map(content).join("") : "";
  };

  const nameOf = (element) => {
    if (role === "text") return tidy(element.textContent);
    const by = element.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
    const labels = by.length > 0 ? by.map((id) => document.getElementById(id)) : [...(element.labels ?? [])];
    return tidy(
      element.ariaLabel ||
        labels.map((label) => label?.textContent ?? "").join(" ") ||
        element.alt ||
        (namedByContent.includes(role) ? content(element) : "") ||
        element.title ||
        element.placeholder ||
        "",
    );
  };

  const visible = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && element.checkVisibility({ visibilityProperty: true });
  };

  const candidates =
    role === "text"
      ? [...document.body.querySelectorAll("*")].filter(
          (element) => ![...element.children].some((child) => fits.test(tidy(child.textContent))),
        )
      : ofRole(role);
  const frames = inside === undefined ? undefined : ofRole(inside);
  return candidates.filter(
    (element) =>
      fits.test(nameOf(element)) && visible(element) && (frames?.some((frame) => frame.contains(element)) ?? true),
  );
}
