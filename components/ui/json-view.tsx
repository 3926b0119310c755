"use client";

import { useMemo, useState } from "react";
import { Button } from "./button";
import { CodeBlock } from "./code-block";
import { formatBytes } from "./format";
import { cutText, keyParts, prettyJson } from "./json-text";

/** An indented payload, truncated until "Show all" is pressed. Text that is not JSON is shown unchanged. */
export function JsonView({
  value,
  label = "Payload",
  className,
}: {
  value: string;
  label?: string;
  className?: string;
}) {
  const [showsAll, setShowsAll] = useState(false);
  const text = useMemo(() => prettyJson(value), [value]);
  const shown = useMemo(() => (showsAll ? { text, isCut: false } : cutText(text)), [text, showsAll]);
  return (
    <div className={className}>
      <CodeBlock code={shown.text} label={label}>
        {keyParts(shown.text).map((part, index) =>
          part.isKey ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts keep their order
            <span key={index} className="text-accent-ink">
              {part.text}
            </span>
          ) : (
            part.text
          ),
        )}
      </CodeBlock>
      {shown.isCut ? (
        <p className="mt-2 flex items-center gap-2 text-muted text-xs">
          Truncated. The indented payload has {formatBytes(new TextEncoder().encode(text).length)}.
          <Button size="sm" onClick={() => setShowsAll(true)}>
            Show all
          </Button>
        </p>
      ) : null}
    </div>
  );
}
