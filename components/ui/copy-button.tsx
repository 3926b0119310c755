"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { IconButton } from "./icon-button";

/** How long the button shows the result of the copy. */
const RESULT_MS = 1500;

/** Copies `value`. A labelled button with `text`, else an icon button named by `label`. */
export function CopyButton({
  value,
  label = "Copy",
  text,
}: {
  value: string | (() => string);
  label?: string;
  text?: string;
}) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), RESULT_MS);
    return () => clearTimeout(timer);
  }, [state]);

  const copy = () => {
    // Without a secure context, `navigator.clipboard` is undefined. Inside `then`, this counts as a failed copy.
    Promise.resolve()
      .then(() => navigator.clipboard.writeText(typeof value === "function" ? value() : value))
      .then(
        () => setState("copied"),
        () => setState("failed"),
      );
  };
  const icon = state === "copied" ? <Check aria-hidden className="text-success-ink" /> : <Copy aria-hidden />;
  const message = state === "copied" ? "Copied" : state === "failed" ? "Could not copy" : label;
  return (
    <>
      {text ? (
        <Button icon={icon} size="sm" onClick={copy}>
          {state === "idle" ? text : message}
        </Button>
      ) : (
        <IconButton label={message} icon={icon} size="sm" onClick={copy} />
      )}
      <span aria-live="polite" className="sr-only">
        {state === "idle" ? "" : message}
      </span>
    </>
  );
}
