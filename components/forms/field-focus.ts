import type { ScheduleFormValues } from "./schedule-form-model";

/** The id of the element around a field of the form. */
export function fieldAnchor(field: keyof ScheduleFormValues): string {
  return `field-${field}`;
}

const FOCUSABLE =
  "input:not([type=hidden]):not([aria-hidden=true]), textarea, select, button, [contenteditable=true], [role=switch]";

/** Opens the section of a field and moves the focus to the field's first invalid control, else to its first control. */
export function focusField(field: keyof ScheduleFormValues): void {
  const anchor = document.getElementById(fieldAnchor(field));
  const section = anchor?.closest("details");
  if (section) section.open = true;
  const controls = [...(anchor?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])];
  const target = controls.find((control) => control.getAttribute("aria-invalid") === "true") ?? controls[0];
  target?.focus({ preventScroll: true });
  // Centred, because the sticky bars at the top and the bottom would cover the field.
  target?.scrollIntoView({ block: "center" });
}
