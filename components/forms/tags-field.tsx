"use client";

import { X } from "lucide-react";
import { useState } from "react";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { useScheduleField } from "./controlled";
import { fieldAnchor } from "./field-focus";

/** Tags as chips. Enter, a comma or leaving the input adds a tag; Backspace in the empty input removes the last tag. */
export function TagsField() {
  const { label, error, value: tags, onChange } = useScheduleField("tags");
  const [draft, setDraft] = useState("");
  const add = (text: string) => {
    const words = text
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean);
    setDraft("");
    if (words.length > 0) onChange([...new Set([...tags, ...words])]);
  };
  return (
    <div id={fieldAnchor("tags")} className="flex flex-col gap-1.5">
      <Field label={label} description="Press Enter or comma to add a tag." error={error}>
        <div className="flex flex-col gap-1.5">
          <Input
            value={draft}
            onChange={(event) =>
              event.target.value.endsWith(",") ? add(event.target.value) : setDraft(event.target.value)
            }
            onBlur={() => add(draft)}
            onKeyDown={(event) => {
              if (event.key === "Enter" && draft.trim() !== "") {
                event.preventDefault();
                add(draft);
              }
              if (event.key === "Backspace" && draft === "") onChange(tags.slice(0, -1));
            }}
            placeholder="billing, nightly"
            autoComplete="off"
          />
          {tags.length > 0 ? (
            <ul aria-label="Tags" className="flex flex-wrap gap-1">
              {tags.map((tag) => (
                <li key={tag} className="inline-flex h-6 items-center rounded-md bg-hover pl-2 text-muted text-xs">
                  {tag}
                  <button
                    type="button"
                    aria-label={`Remove tag ${tag}`}
                    onClick={() => onChange(tags.filter((one) => one !== tag))}
                    className="flex size-6 items-center justify-center rounded-md hover:text-ink"
                  >
                    <X aria-hidden className="size-3" />
                  </button>
                </li>
              ))}
            </ul>
          ) : null}
        </div>
      </Field>
    </div>
  );
}
