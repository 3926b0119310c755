"use client";

import type { KeyboardEvent, PointerEvent } from "react";

export const MIN_WIDTH_PX = 64;
export const MAX_WIDTH_PX = 800;
/** How much an arrow key changes the width. */
const STEP_PX = 16;

export const clampWidth = (width: number): number => Math.round(Math.min(MAX_WIDTH_PX, Math.max(MIN_WIDTH_PX, width)));

/**
 * The right edge of a header cell: drag it or press the arrow keys to change the column's width; double-click it or
 * press Delete for the automatic width. `onResize` gets the width in px, or null for the automatic width.
 */
export function ResizeHandle({
  header,
  width,
  onResize,
}: {
  header: string;
  width: number | undefined;
  onResize: (width: number | null) => void;
}) {
  const begin = (event: PointerEvent<HTMLElement>) => {
    const cell = event.currentTarget.closest("th");
    if (cell === null || event.button !== 0) return;
    event.preventDefault();
    const handle = event.currentTarget;
    const fromX = event.clientX;
    const fromWidth = cell.getBoundingClientRect().width;
    let dragged: number | null = null;
    // The cell follows the pointer without a render of the rows. The width is stored once, at the end.
    const move = ({ clientX }: globalThis.PointerEvent) => {
      dragged = clampWidth(fromWidth + clientX - fromX);
      Object.assign(cell.style, { minWidth: `${dragged}px`, maxWidth: `${dragged}px`, width: `${dragged}px` });
    };
    const end = () => {
      handle.removeEventListener("pointermove", move);
      if (dragged !== null) onResize(dragged);
    };
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", end, { once: true });
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const by = event.key === "ArrowRight" ? STEP_PX : event.key === "ArrowLeft" ? -STEP_PX : 0;
    if (by === 0 && event.key !== "Delete") return;
    event.preventDefault();
    const current = event.currentTarget.closest("th")?.getBoundingClientRect().width ?? MIN_WIDTH_PX;
    onResize(by === 0 ? null : clampWidth((width ?? current) + by));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: hr cannot be focused and moved, which the separator role allows
    <span
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${header}`}
      // 0 stands for the automatic width.
      aria-valuenow={width ?? 0}
      aria-valuetext={width === undefined ? "automatic" : `${width} pixels`}
      aria-valuemin={0}
      aria-valuemax={MAX_WIDTH_PX}
      title="Drag to resize, double-click to reset"
      className="absolute inset-y-0 right-0 w-2 cursor-col-resize touch-none border-transparent border-r-2 hover:border-line-strong focus-visible:border-accent max-sm:hidden"
      onPointerDown={begin}
      onDoubleClick={() => onResize(null)}
      onKeyDown={press}
    />
  );
}
