"use client";

import { Card } from "~/components/ui/card";
import { CopyButton } from "~/components/ui/copy-button";
import type { ExecutionView } from "~/server/domain/views";
import { editedReplayAsCurl, readAsCurl, replayAsCurl } from "./as-curl";

/** Buttons that copy curl commands. The server's address is read from the page when a command is copied. */
export function CurlCard({ execution, ended }: { execution: ExecutionView; ended: boolean }) {
  const { executionId, payload, contentFrom } = execution;
  const target = () => ({ origin: window.location.origin, executionId });
  return (
    <Card title="Copy as curl">
      <p className="mb-3 text-muted text-sm">
        The commands read the API key from <code className="font-mono text-ink">SCHEDULES_API_KEY</code>.
      </p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text="Copy the read command" value={() => readAsCurl(target())} />
        {ended ? (
          <>
            <CopyButton text="Copy the replay command" value={() => replayAsCurl(target())} />
            {contentFrom === "unknown" ? null : (
              <CopyButton
                text="Copy the replay command with a payload"
                value={() => editedReplayAsCurl({ ...target(), payload })}
              />
            )}
          </>
        ) : null}
      </div>
    </Card>
  );
}
