"use client";

import { CirclePause, CirclePlay } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { LacksRight } from "~/components/access/may";
import { Button } from "~/components/ui/button";
import { Card } from "~/components/ui/card";
import { PauseFacts } from "./pause-facts";
import { usePauseAll } from "./use-pause-all";

const DIALOGS = {
  pause: dynamic(() => import("./pause-all-dialog").then((module) => module.PauseAllDialog)),
  resume: dynamic(() => import("./resume-all-dialog").then((module) => module.ResumeAllDialog)),
};

/** Pauses or resumes all firing. `allowed`: the caller has the right `system:operate`. */
export function PauseAllCard({ allowed }: { allowed: boolean }) {
  const pause = usePauseAll();
  const [openDialog, setOpenDialog] = useState<keyof typeof DIALOGS | null>(null);
  const close = () => setOpenDialog(null);
  return (
    <Card title="Pause all firing">
      <div className="flex flex-col items-start gap-3">
        <p className="max-w-3xl break-words text-muted text-sm">
          {pause?.paused ? (
            <>
              <span className="font-medium text-warning-ink">Paused</span> <PauseFacts pause={pause} />. Note:{" "}
              {pause.reason}
            </>
          ) : (
            "Stops all schedules at once, for example while a consumer is down. Events are still accepted. After firing resumes, the catch-up policy of each recurring schedule decides about its missed runs."
          )}
        </p>
        <div className="flex flex-wrap gap-2">
          {pause?.paused ? (
            <>
              <Button icon={<CirclePlay aria-hidden />} disabled={!allowed} onClick={() => setOpenDialog("resume")}>
                Resume all
              </Button>
              <Button disabled={!allowed} onClick={() => setOpenDialog("pause")}>
                Change note or end…
              </Button>
            </>
          ) : (
            <Button
              // Without the right, the button looks like the other disabled actions of the page.
              variant={allowed ? "danger" : "secondary"}
              icon={<CirclePause aria-hidden />}
              disabled={!allowed || pause === undefined}
              onClick={() => setOpenDialog("pause")}
            >
              Pause all…
            </Button>
          )}
        </div>
        <LacksRight right="system:operate" />
      </div>
      {openDialog === "pause" && pause ? <DIALOGS.pause current={pause} onClose={close} /> : null}
      {openDialog === "resume" ? <DIALOGS.resume onClose={close} /> : null}
    </Card>
  );
}
