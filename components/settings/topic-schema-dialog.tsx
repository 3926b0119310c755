"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useId, useState } from "react";
import { useMay } from "~/components/access/may";
import type { PathFault } from "~/components/forms/fault-marks";
import { ActionError, errorText } from "~/components/queries/load-error";
import { fieldErrors } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Dialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { formatCounted } from "~/components/ui/format";
import { Skeleton } from "~/components/ui/skeleton";
import { SuggestInput } from "~/components/ui/suggest-input";
import { useToast } from "~/components/ui/toast";

const JsonEditor = dynamic(() => import("~/components/forms/json-editor").then((module) => module.JsonEditor), {
  ssr: false,
  loading: () => <Skeleton className="h-40 rounded-none" />,
});

const EXAMPLE = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": { "type": "string" }
  }
}`;

/** Edits or shows the schema of a topic, and tests payloads against the text in the editor before it is saved. */
export function TopicSchemaDialog({
  current,
  onClose,
  onSaved,
}: {
  /** Null for a new schema. */
  current: RouterOutputs["topicSchemas"]["list"]["items"][number] | null;
  onClose: () => void;
  onSaved: () => void;
}) {
  const trpc = useTRPC();
  const toast = useToast();
  const mayChange = useMay()("settings:edit");
  const [topic, setTopic] = useState(current?.topic ?? "");
  const [schema, setSchema] = useState(current?.schema ?? EXAMPLE);
  const save = useMutation(
    trpc.topicSchemas.save.mutationOptions({
      onSuccess: () => {
        toast.success({ title: "Payload schema saved", description: "All processes apply it within seconds." });
        onSaved();
        onClose();
      },
    }),
  );
  const errors = fieldErrors(save.error);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="xl"
      title={current ? `Payload schema of ${current.topic}` : "New payload schema"}
      description="JSON Schema, draft 2020-12, at most 64 KiB, without references to other documents."
      footer={
        <>
          <Button onClick={onClose}>{mayChange ? "Cancel" : "Close"}</Button>
          {mayChange ? (
            <Button variant="primary" loading={save.isPending} onClick={() => save.mutate({ topic, schema })}>
              Save schema
            </Button>
          ) : null}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {current ? null : <TopicInput value={topic} onChange={setTopic} error={errors.get("topic")} />}
        <Editor label="Schema" value={schema} onChange={setSchema} error={errors.get("schema")} />
        {save.error ? <ActionError error={save.error} fields={current ? ["schema"] : ["topic", "schema"]} /> : null}
        {mayChange ? <TestPayload schema={schema} /> : null}
      </div>
    </Dialog>
  );
}

function TopicInput({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (topic: string) => void;
  error: string | undefined;
}) {
  const trpc = useTRPC();
  const facets = useQuery(trpc.schedules.facets.queryOptions(undefined, { retry: false, staleTime: 60_000 }));
  const options = (facets.data?.topics ?? []).map((known) => ({
    value: known.value,
    label: known.value,
    hint: formatCounted(known.count, "schedule"),
  }));
  return (
    <Field label="Topic" required error={error}>
      <SuggestInput value={value} onValueChange={onChange} options={options} className="font-mono" />
    </Field>
  );
}

/** Checks a payload against the schema in the editor, whether it is saved or not. */
function TestPayload({ schema }: { schema: string }) {
  const trpc = useTRPC();
  const [body, setBody] = useState("{}");
  const test = useMutation(trpc.topicSchemas.try.mutationOptions());
  const faults = test.data?.faults;
  return (
    <section className="flex flex-col gap-2 border-t pt-4">
      <Editor
        label="Test a payload"
        value={body}
        faults={faults}
        onChange={(text) => {
          setBody(text);
          test.reset();
        }}
      />
      <div>
        <Button size="sm" loading={test.isPending} onClick={() => test.mutate({ schema, body })}>
          Check payload
        </Button>
      </div>
      {faults?.length === 0 ? (
        <Callout tone="success" live>
          The payload matches the schema.
        </Callout>
      ) : null}
      {faults && faults.length > 0 ? (
        <Callout tone="danger" title="The payload does not match the schema">
          <ul>
            {faults.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <code className="font-mono text-xs">{path}</code>: {message}
              </li>
            ))}
          </ul>
        </Callout>
      ) : null}
      {test.error ? <Callout tone="danger">{testFault(test.error)}</Callout> : null}
    </section>
  );
}

function testFault(error: unknown): string {
  const fields = fieldErrors(error);
  if (fields.has("schema")) return `Schema: ${fields.get("schema")}`;
  return fields.has("body") ? `Payload: ${fields.get("body")}` : errorText(error);
}

function Editor({
  label,
  value,
  onChange,
  error,
  faults,
}: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  error?: string;
  /** Differences from the schema, which are marked in the text. */
  faults?: readonly PathFault[];
}) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <span id={`${id}-label`} className="font-medium text-sm">
        {label}
      </span>
      <div className={`overflow-hidden rounded-md border ${error ? "border-danger" : "border-line-control"}`}>
        <JsonEditor
          value={value}
          onChange={onChange}
          onBlur={() => {}}
          labelledBy={`${id}-label`}
          describedBy={`${id}-text`}
          invalid={error !== undefined || (faults ?? []).length > 0}
          faults={faults}
        />
      </div>
      <p id={`${id}-text`} role="status" className="text-danger-ink text-xs empty:hidden">
        {error}
      </p>
    </div>
  );
}
