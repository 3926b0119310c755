import { Badge } from "~/components/ui/badge";
import type { Right } from "~/server/domain/rights";
import { RIGHT_HELP } from "./right-help";

/** Rights as badges, each with what it allows. */
export function RightBadges({ rights }: { rights: readonly Right[] }) {
  return (
    <ul className="grid gap-x-4 gap-y-1 lg:grid-cols-2">
      {rights.map((right) => (
        <li key={right} className="flex items-baseline gap-x-1.5">
          <Badge className="shrink-0">{right}</Badge>
          <span className="text-muted text-xs">{RIGHT_HELP[right]}</span>
        </li>
      ))}
    </ul>
  );
}
