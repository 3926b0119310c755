// A module of its own, because dialogs may be loaded after the element that opens them has lost the focus.

const OVERLAYS = "[role=menu], [role=listbox], [role=dialog], [role=alertdialog]";

let lastFocused: HTMLElement | null = null;
if (typeof document !== "undefined") {
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && target.closest(OVERLAYS) === null) lastFocused = target;
  });
}

/**
 * The last focused element outside of menus and dialogs. A dialog that a menu item opened returns the focus to this
 * element, because the item is gone when the dialog closes.
 */
export function lastFocusOnPage(): HTMLElement | null {
  return lastFocused;
}
