"use client";

import { SegmentedControl } from "~/components/ui/segmented-control";

export interface LoadGroupingProps {
  value: "topic" | "tag";
  onChange: (by: "topic" | "tag") => void;
}

/** Chooses whether the expected firings are shown by topic or by tag. */
export function LoadGrouping({ value, onChange }: LoadGroupingProps) {
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
