import type { BrowserContext } from "@playwright/test";

/** Counts pointer clicks, and key presses that are not typing. */
export interface ClickCounter {
  /** Starts again at zero. */
  reset(): void;
  count(): number;
}

/**
 * Counts presses in the pages that the context opens from now on. A chord counts once. Typing into a field does not
 * count, but Enter, Escape, Tab, arrows and Ctrl+K do.
 */
export async function countClicks(context: BrowserContext): Promise<ClickCounter> {
  let count = 0;
  await context.exposeBinding("countedPress", () => {
    count += 1;
  });
  await context.addInitScript(() => {
    const press = () => void (window as unknown as { countedPress(): Promise<void> }).countedPress();
    const isField = (target: EventTarget | null) =>
      target instanceof HTMLElement &&
      (target.isContentEditable || /^(INPUT|TEXTAREA)$/.test(target.tagName)) &&
      !/^(checkbox|radio|button|submit)$/.test(target.getAttribute("type") ?? "");
    const COUNTED_IN_FIELDS = /^(Enter|Escape|Tab|Arrow\w+)$/;
    window.addEventListener("pointerdown", (event) => event.isTrusted && press(), true);
    window.addEventListener(
      "keydown",
      (event) => {
        if (!event.isTrusted || event.repeat || /^(Control|Shift|Alt|Meta)$/.test(event.key)) return;
        const isChord = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
        if (!isField(event.target) || isChord || COUNTED_IN_FIELDS.test(event.key)) press();
      },
      true,
    );
  });
  return {
    reset() {
      count = 0;
    },
    count: () => count,
  };
}
