"use client";

import { useQuery } from "@tanstack/react-query";
import { Plus, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { PayloadField } from "~/components/forms/payload-field";
import { LoadError } from "~/components/queries/load-error";
import { useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Fieldset } from "~/components/ui/field";
import { IconButton } from "~/components/ui/icon-button";
import { Input } from "~/components/ui/input";
import { prettyJson } from "~/components/ui/json-text";
import { SkeletonLines } from "~/components/ui/skeleton";
import type { ExecutionView } from "~/server/domain/views";
import { draftOf, type HeaderLine, headerLines, type ReplayDraft } from "./replay-draft";

/** Loads the content of an execution and edits it. `onChange` receives the edited parts and their fault. */
export function ReplayEditor({
  executionId,
  onChange,
}: {
  executionId: string;
  onChange: (draft: ReplayDraft) => void;
}) {
  const trpc = useTRPC();
  const query = useQuery(trpc.executions.get.queryOptions({ executionId }));
  if (query.data) return <Editor original={query.data} onChange={onChange} />;
  if (query.error) return <LoadError error={query.error} onRetry={() => void query.refetch()} />;
  return <SkeletonLines lines={6} />;
}

function Editor({ original, onChange }: { original: ExecutionView; onChange: (draft: ReplayDraft) => void }) {
  const shown = original.contentFrom === "unknown" ? "" : prettyJson(original.payload);
  const [body, setBody] = useState(shown);
  const [lines, setLines] = useState<HeaderLine[]>(() => headerLines(original.headers));
  const hasHeaderList = original.headerList !== null;
  const update = (next: { body?: string; lines?: HeaderLine[] }) => {
    const content = { body, lines, ...next };
    setBody(content.body);
    setLines(content.lines);
    onChange(draftOf({ original, shown, body: content.body, lines: hasHeaderList ? null : content.lines }));
  };
  const draft = draftOf({ original, shown, body, lines: hasHeaderList ? null : lines });
  return (
    <>
      {original.contentFrom === "unknown" ? (
        <Callout tone="info" live={false}>
          The payload of this execution is not known. Unless you change them, the schedule's current payload and headers
          are published.
        </Callout>
      ) : null}
      <PayloadField value={body} onChange={(text) => update({ body: text })} />
      {hasHeaderList ? (
        <p className="text-muted text-sm">
          The headers repeat a name or are not text. They are published as they were and cannot be edited here.
        </p>
      ) : (
        <HeaderLines lines={lines} onChange={(next) => update({ lines: next })} />
      )}
      <div className="flex min-h-7 flex-wrap items-center justify-between gap-2 text-sm">
        <span role="status" className={draft.fault ? "text-danger-ink" : "text-muted"}>
          {draft.fault ?? changesText(draft)}
        </span>
        {Object.keys(draft.edit).length > 0 ? (
          <Button
            size="sm"
            variant="ghost"
            icon={<RotateCcw aria-hidden />}
            onClick={() => update({ body: shown, lines: headerLines(original.headers) })}
          >
            Restore the original
          </Button>
        ) : null}
      </div>
    </>
  );
}

function changesText({ edit }: ReplayDraft): string {
  const changed = [edit.body === undefined ? "" : "payload", edit.headers === undefined ? "" : "headers"];
  const names = changed.filter((name) => name !== "").join(" and ");
  return names === ""
    ? "No changes yet."
    : `Changed: ${names}. The audit trail keeps the original and the edited content.`;
}

function HeaderLines({ lines, onChange }: { lines: HeaderLine[]; onChange: (lines: HeaderLine[]) => void }) {
  const nextId = 1 + Math.max(-1, ...lines.map(({ id }) => id));
  const change = (id: number, part: Partial<HeaderLine>) =>
    onChange(lines.map((line) => (line.id === id ? { ...line, ...part } : line)));
  return (
    <Fieldset legend="Headers" description="Sent with the event. Reserved names, such as event_id, are refused.">
      {lines.map((line, index) => (
        <div key={line.id} className="flex items-start gap-2">
          <Input
            aria-label={`Name of header ${index + 1}`}
            value={line.name}
            onChange={(event) => change(line.id, { name: event.target.value })}
            className="flex-1 font-mono"
            autoComplete="off"
          />
          <Input
            aria-label={`Value of header ${index + 1}`}
            value={line.value}
            onChange={(event) => change(line.id, { value: event.target.value })}
            className="flex-2 font-mono"
            autoComplete="off"
          />
          <IconButton
            label={`Remove header ${index + 1}`}
            icon={<Trash2 aria-hidden />}
            onClick={() => onChange(lines.filter(({ id }) => id !== line.id))}
          />
        </div>
      ))}
      <div>
        <Button
          size="sm"
          icon={<Plus aria-hidden />}
          onClick={() => onChange([...lines, { id: nextId, name: "", value: "" }])}
        >
          Add header
        </Button>
      </div>
    </Fieldset>
  );
}
