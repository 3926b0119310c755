import type { RouterOutputs } from "~/components/trpc/client";
import { MessageText } from "~/components/ui/message-text";
import { SignalText } from "~/components/ui/signal-text";
import { capabilityLook, shortReason } from "./capability-words";

type Health = RouterOutputs["monitoring"]["health"];

/** The capabilities side by side, each with its problem if it is degraded. `reasons` has the problems in full. */
export function Capabilities({
  capabilities,
  reasons,
  isAllPaused,
}: Pick<Health, "capabilities" | "reasons"> & { isAllPaused: boolean }) {
  return (
    <ul aria-label="Capabilities" className="grid grid-cols-1 border-t sm:grid-cols-5">
      {capabilities.map((one) => {
        const { title, purpose, state, word } = capabilityLook(one, isAllPaused);
        return (
          <li
            key={one.name}
            className="flex min-w-0 flex-col gap-0.5 border-b px-4 py-3 last:border-b-0 sm:border-r sm:border-b-0 sm:last:border-r-0"
          >
            <div className="flex flex-wrap items-center justify-between gap-x-3">
              <span className="font-medium">{title}</span>
              <SignalText state={state} className="text-xs">
                {word}
              </SignalText>
            </div>
            <p className="line-clamp-4 break-words text-muted text-xs" title={one.reason ?? undefined}>
              <MessageText text={shortReason(one, reasons) ?? purpose} />
            </p>
          </li>
        );
      })}
    </ul>
  );
}
