import type { RouterOutputs } from "~/components/trpc/client";
import { MessageText } from "~/components/ui/message-text";
import { SignalText } from "~/components/ui/signal-text";
import { capabilityLook } from "./capability-words";

type Capability = RouterOutputs["monitoring"]["health"]["capabilities"][number];

/** The capabilities side by side, each with the reason if it is degraded. */
export function Capabilities({
  capabilities,
  isAllPaused,
}: {
  capabilities: readonly Capability[];
  isAllPaused: boolean;
}) {
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
              <MessageText text={one.reason ?? purpose} />
            </p>
          </li>
        );
      })}
    </ul>
  );
}
