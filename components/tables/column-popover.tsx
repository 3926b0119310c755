"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactElement, useState, useSyncExternalStore } from "react";
import { Button } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/checkbox";
import { IconButton } from "~/components/ui/icon-button";
import { useNarrow } from "~/components/ui/media";
import { Popover } from "~/components/ui/popover";
import { moved } from "./column-choice";
import type { ColumnSettings } from "./use-columns";

export function ColumnPopover({
  settings: { choice, headerOf, isInCards, change },
  trigger,
}: {
  settings: ColumnSettings;
  trigger: ReactElement;
}) {
  const [announced, setAnnounced] = useState("");
  // Narrow windows show rows as cards.
  const asCards = useNarrow();
  const withoutRoom = useColumnsWithoutRoom();
  const hiddenAtWidth = choice
    .filter(({ id, isHidden }) => !isHidden && (asCards ? !isInCards(id) : withoutRoom.includes(id)))
    .map(({ id }) => headerOf(id));
  const move = (id: string, by: -1 | 1, button: HTMLElement) => {
    const next = moved(choice, id, by);
    change(next);
    setAnnounced(`${headerOf(id)}: column ${next.findIndex((one) => one.id === id) + 1} of ${next.length}`);
    // A moved element loses the focus.
    requestAnimationFrame(() => button.focus());
  };
  return (
    <Popover trigger={trigger} title="Columns" align="end" className="w-64">
      <ul className="-mx-1 flex flex-col">
        {choice.map(({ id, isHidden }, index) => {
          const header = headerOf(id);
          return (
            <li key={id} className="flex items-center gap-2 rounded px-1 hover:bg-hover">
              {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is inside, and has the same name */}
              <label className="flex min-w-0 flex-1 cursor-pointer items-center gap-2 py-1 text-sm">
                <Checkbox
                  aria-label={header}
                  checked={!isHidden}
                  onCheckedChange={(shown) =>
                    change(choice.map((one) => (one.id === id ? { ...one, isHidden: !shown } : one)))
                  }
                />
                <span className="truncate">{header}</span>
              </label>
              <MoveButton label={`Move ${header} up`} isEnd={index === 0} onMove={(button) => move(id, -1, button)}>
                <ArrowUp aria-hidden />
              </MoveButton>
              <MoveButton
                label={`Move ${header} down`}
                isEnd={index === choice.length - 1}
                onMove={(button) => move(id, 1, button)}
              >
                <ArrowDown aria-hidden />
              </MoveButton>
            </li>
          );
        })}
      </ul>
      {hiddenAtWidth.length > 0 ? (
        <p className="mt-2 text-muted text-xs">Hidden at this width: {hiddenAtWidth.join(", ")}</p>
      ) : null}
      <p aria-live="polite" className="sr-only">
        {announced}
      </p>
      <div className="mt-2 flex justify-end border-t pt-2">
        <Button size="sm" variant="ghost" onClick={() => change(null)}>
          Reset
        </Button>
      </div>
    </Popover>
  );
}

function onResize(listener: () => void): () => void {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
}

/** The columns of the page's table that its style sheet hides at the present width. */
function useColumnsWithoutRoom(): readonly string[] {
  const ids = useSyncExternalStore(
    onResize,
    () =>
      [...document.querySelectorAll<HTMLElement>("th[data-column]")]
        .filter((header) => header.getClientRects().length === 0)
        .map((header) => header.dataset.column)
        .join(" "),
    () => "",
  );
  return ids.split(" ");
}

/** Stays focusable at an end of the list, so that repeated moves by keyboard do not lose the focus. */
function MoveButton({
  label,
  isEnd,
  onMove,
  children,
}: {
  label: string;
  isEnd: boolean;
  onMove: (button: HTMLElement) => void;
  children: ReactElement;
}) {
  return (
    <IconButton
      label={label}
      icon={children}
      size="sm"
      tooltip={false}
      aria-disabled={isEnd}
      className="aria-disabled:opacity-40"
      onClick={(event) => {
        if (!isEnd) onMove(event.currentTarget);
      }}
    />
  );
}
