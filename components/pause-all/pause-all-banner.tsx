"use client";

import { CirclePause } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useMay } from "~/components/access/may";
import { Button } from "~/components/ui/button";
import { PauseFacts } from "./pause-facts";
import { usePauseAll } from "./use-pause-all";

// Loaded on first use, to keep it out of every page's bundle.
const ResumeAllDialog = dynamic(() => import("./resume-all-dialog").then((module) => module.ResumeAllDialog));

/** Shown on every page while all firing is paused: by whom, since when, until when and why. */
export function PauseAllBanner() {
  const pause = usePauseAll();
  const may = useMay();
  const [isResuming, setResuming] = useState(false);
  return (
    // Always rendered, so that screen readers announce changes of its content.
    <section role="status" aria-label="Pause of all firing">
      {pause?.paused ? (
        <div className="flex flex-wrap items-start gap-x-2.5 gap-y-2 border-warning/40 border-b bg-warning-soft px-3 py-2 text-ink text-sm sm:flex-nowrap sm:items-center sm:px-6">
          <CirclePause aria-hidden className="mt-0.5 size-4 shrink-0 text-warning-ink sm:mt-0" />
          {/* On a phone, as wide as the rest of the line beside the icon, so that the button is below. */}
          <p className="min-w-0 flex-1 break-words max-sm:basis-[calc(100%-1.625rem)]">
            <span className="font-semibold text-warning-ink">All firing is paused</span> <PauseFacts pause={pause} />.{" "}
            <span className="max-sm:line-clamp-2">Note: {pause.reason}</span>
          </p>
          {may("system:operate") ? (
            <Button size="sm" className="shrink-0 max-sm:ml-6.5" onClick={() => setResuming(true)}>
              Resume all
            </Button>
          ) : null}
        </div>
      ) : null}
      {isResuming ? <ResumeAllDialog onClose={() => setResuming(false)} /> : null}
    </section>
  );
}
