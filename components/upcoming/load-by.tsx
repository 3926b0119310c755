"use client";

import { SegmentedControl } from "~/components/ui/segmented-control";

export interface LoadByProps {
  value: "topic" | "tag";
  onChange: (by: "topic" | "tag") => void;
}

/** Chooses how the expected firings are divided. */
export function LoadBy({ value, onChange }: LoadByProps) {
  return (
    <SegmentedControl
      label="Divide by"
      value={value}
      onValueChange={onChange}
      options={[
        { value: "topic", label: "Topic" },
        { value: "tag", label: "Tag" },
      ]}
    />
  );
}
