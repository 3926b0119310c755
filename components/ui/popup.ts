/** Classes that menus, selects, comboboxes and popovers share. */
export const popupClasses =
  "rounded-lg bg-raised text-ink text-sm shadow-pop outline-none origin-(--transform-origin) transition-[scale,opacity] duration-100 data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0";

export const popupItemClasses =
  "relative flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-sm outline-none data-highlighted:bg-hover data-disabled:pointer-events-none data-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0";
