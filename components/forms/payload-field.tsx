"use client";

import { useDeferredValue, useId, useMemo } from "react";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { cn } from "~/components/ui/cn";
import { formatBytes, utf8Bytes } from "~/components/ui/format";
import { MASK } from "~/server/domain/protection/mask-text";
import { MAX_PAYLOAD_BYTES } from "~/server/domain/schedule-limits";
import type { PathFault } from "./fault-marks";
import { bodyFault } from "./json-body";
import { PayloadText } from "./payload-text";

/** A payload as JSON text, with its size and limit. Shows the fault of the text, or else `error`. */
export function PayloadField({
  value,
  onChange,
  onBlur = () => {},
  error,
  faults,
  hint = "A JSON object. It is published exactly as written.",
  asCard = false,
}: {
  value: string;
  onChange: (text: string) => void;
  onBlur?: () => void;
  error?: string;
  /** Differences from the schema of the topic, which are marked in the text. */
  faults?: readonly PathFault[];
  hint?: string;
  /** Draws the label as the title of a card. */
  asCard?: boolean;
}) {
  const id = useId();
  const text = useDeferredValue(value);
  const bytes = useMemo(() => utf8Bytes(text), [text]);
  const fault = useMemo(() => bodyFault(text, MAX_PAYLOAD_BYTES), [text]);
  const message = fault ?? error;
  const label = <span id={`${id}-label`}>Payload</span>;
  const format = (
    <Button
      size="sm"
      variant="ghost"
      // Its text ends where the editor below ends.
      className="-mr-2.5"
      disabled={fault !== null || value.trim() === ""}
      onClick={() => onChange(JSON.stringify(JSON.parse(value), null, 2))}
    >
      Format
    </Button>
  );
  const editor = (
    <div className="flex flex-col gap-1.5">
      <div className={cn("overflow-hidden rounded-md border border-line-control", message && "border-danger")}>
        <PayloadText
          value={value}
          onChange={onChange}
          onBlur={onBlur}
          labelledBy={`${id}-label`}
          describedBy={`${id}-text`}
          invalid={Boolean(message)}
          faults={faults}
        />
      </div>
      <div id={`${id}-text`} className="flex flex-wrap justify-between gap-x-4 text-xs">
        <span role="status" className={message ? "text-danger-ink" : "text-muted"}>
          {message ?? (value.includes(MASK) ? `${MASK} stands for a masked value and keeps it.` : hint)}
        </span>
        <span className={bytes > MAX_PAYLOAD_BYTES ? "text-danger-ink" : "text-muted"}>
          {formatBytes(bytes)} of {formatBytes(MAX_PAYLOAD_BYTES)}
        </span>
      </div>
    </div>
  );
  if (asCard) {
    return (
      <Card title={label} actions={format}>
        {editor}
      </Card>
    );
  }
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-center justify-between gap-2 font-medium text-sm">
        {label}
        {format}
      </div>
      {editor}
    </div>
  );
}
