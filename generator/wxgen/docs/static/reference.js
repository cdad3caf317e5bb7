// Furo opens its side bars by labels, which a keyboard does not reach: make them buttons.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const names = { __navigation: "Navigation and search", __toc: "On this page" };
  for (const label of document.querySelectorAll("label.nav-overlay-icon, label.toc-overlay-icon")) {
    const box = document.getElementById(label.htmlFor);
    if (!box) continue;
    const say = () => label.setAttribute("aria-expanded", String(box.checked));
    label.tabIndex = 0;
    label.setAttribute("role", "button");
    label.setAttribute("aria-label", names[label.htmlFor]);
    say();
    box.addEventListener("change", say);
    label.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      box.click();
      if (!box.checked) return;
      const drawer = label.htmlFor === "__navigation" ? ".sidebar-drawer" : ".toc-drawer";
      // After the drawer has become visible.
      setTimeout(() => document.querySelector(`${drawer} :is(input, a)`)?.focus(), 300);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.checked) return;
      box.click();
      label.focus();
    });
  }
  // A slash leads to the search, wherever it is.
  document.addEventListener("keydown", (event) => {
    const at = document.activeElement;
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (at && (at.tagName === "INPUT" || at.tagName === "TEXTAREA")) return;
    const field = document.querySelector('input[name="q"]');
    if (!field) return;
    event.preventDefault();
    const box = document.getElementById("__navigation");
    if (box && !box.checked && field.getBoundingClientRect().right <= 0) box.click();
    setTimeout(() => field.focus(), 300);
  });
});
