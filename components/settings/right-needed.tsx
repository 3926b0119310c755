import { Lock } from "lucide-react";
import { NeededRight } from "~/components/access/may";
import { EmptyState } from "~/components/ui/empty-state";
import type { Right } from "~/server/domain/rights";

/** Shown instead of a page to users without its right. `things` is a plural, such as "users". */
export function RightNeeded({ things, right }: { things: string; right: Right }) {
  return (
    <EmptyState icon={<Lock />} title={`You may not manage ${things}`}>
      <NeededRight right={right} /> An admin can change your role under Settings.
    </EmptyState>
  );
}
