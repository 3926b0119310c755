"use client";

import { TriangleAlert } from "lucide-react";
import { TextLink } from "~/components/ui/text-link";
import { Instant } from "~/components/ui/time";
import { outageWords } from "./outage-words";
import { useOutage } from "./reach-provider";

/** Shown on every page during an outage: which parts do not respond, since when, and the consequence. */
export function OutageBanner() {
  const outage = useOutage();
  return (
    // Always rendered, so that screen readers announce changes of its content.
    <div role="alert" aria-label="Outage">
      {outage ? <Banner {...outage} /> : null}
    </div>
  );
}

function Banner({ parts, since }: NonNullable<ReturnType<typeof useOutage>>) {
  const { title, meaning } = outageWords(parts);
  const reachesSystem = !parts.includes("network") && !parts.includes("server");
  return (
    <div className="flex items-start gap-2.5 border-danger/30 border-b bg-danger-soft px-3 py-2 text-ink text-sm sm:px-6">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger-ink" />
      <p className="min-w-0 flex-1">
        <span className="font-semibold text-danger-ink">{title}</span>
        {since === null ? null : (
          <span className="text-danger-ink">
            {" "}
            since <Instant value={since} format="time" precision="second" />
          </span>
        )}
        <span className="max-sm:sr-only">. {meaning}</span>
      </p>
      {reachesSystem ? (
        <TextLink href="/system" className="shrink-0">
          System
        </TextLink>
      ) : null}
    </div>
  );
}
