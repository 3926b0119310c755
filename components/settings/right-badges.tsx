import { Badge } from "~/components/ui/badge";
import type { Right } from "~/server/domain/rights";
import { RIGHT_HELP } from "./right-help";

/** Rights as badges. The tooltip of a badge says what its right allows. */
export function RightBadges({ rights }: { rights: readonly Right[] }) {
  return (
    <span className="flex flex-wrap gap-1">
      {rights.map((right) => (
        <span key={right} className="inline-flex" title={RIGHT_HELP[right]}>
          <Badge>{right}</Badge>
        </span>
      ))}
    </span>
  );
}
