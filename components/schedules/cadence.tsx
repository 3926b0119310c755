import { cn } from "~/components/ui/cn";
import { cadenceParts } from "./cadence-parts";
import { zoneInWords } from "./definition-words";

/** A cadence in words, and its zone in its own element: truncation cuts the words, never the zone. */
export function Cadence({
  cadence,
  cronExpression,
  className,
  wordsClassName,
}: {
  /** As the server describes it: "Every hour (UTC)". */
  cadence: string;
  cronExpression: string | null;
  className?: string;
  /** How the words are truncated. */
  wordsClassName?: string;
}) {
  const { words, zone } = cadenceParts(cadence);
  return (
    <span
      className={cn(
        "flex min-w-0 flex-col max-sm:flex-row max-sm:flex-wrap max-sm:items-baseline max-sm:gap-x-2",
        className,
      )}
      title={[cronExpression, cadence].filter(Boolean).join(": ")}
    >
      <span className={wordsClassName}>{words}</span>
      {zone === null ? null : <span className="text-muted text-xs">{zoneInWords(zone)}</span>}
    </span>
  );
}
