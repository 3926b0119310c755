"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ActionError, errorText } from "~/components/queries/load-error";
import { callErrorOf } from "~/components/trpc/app-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Dialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { formatCounted } from "~/components/ui/format";
import { Input } from "~/components/ui/input";
import { JsonView } from "~/components/ui/json-view";
import { Switch } from "~/components/ui/switch";
import { Textarea } from "~/components/ui/textarea";
import { useToast } from "~/components/ui/toast";

const EXAMPLE = `{
  "card": { "number": "4111 1111 1111 1111", "holder": "Ana" },
  "note": "paid"
}`;

/** The lines of a text with their numbers, without empty lines. */
const numberedLines = (text: string) =>
  text
    .split("\n")
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "");
const linesOf = (text: string) => numberedLines(text).map(({ line }) => line);

/** Edits or shows a protection rule. Users who may change it can try it on a payload first. */
export function ProtectionDialog({
  current,
  mayChange,
  onClose,
  onSaved,
}: {
  /** The saved rule; null for a new rule. */
  current: RouterOutputs["protection"]["list"]["items"][number] | null;
  mayChange: boolean;
  onClose: () => void;
  onSaved: () => void;
}) {
  const trpc = useTRPC();
  const toast = useToast();
  const [topic, setTopic] = useState(current?.topic ?? "");
  const [paths, setPaths] = useState(current?.paths.join("\n") ?? "");
  const [patterns, setPatterns] = useState(current?.patterns.join("\n") ?? "");
  const [isEncrypted, setEncrypted] = useState(current?.encrypt ?? false);
  const rule = { paths: linesOf(paths), patterns: linesOf(patterns) };
  const save = useMutation(
    trpc.protection.save.mutationOptions({
      onSuccess: () => {
        toast.success({ title: "Protection rule saved", description: "All processes apply it within seconds." });
        onSaved();
        onClose();
      },
    }),
  );
  const errors = groupedErrors(save.error, { paths, patterns });
  const fields = [...(current ? [] : ["topic"]), "paths", "patterns", "encrypt"];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="xl"
      title={current ? `Protection of ${current.topic}` : "New protection rule"}
      description="Masked values read •••• for everybody. They are published unchanged."
      footer={
        <>
          <Button onClick={onClose}>{mayChange ? "Cancel" : "Close"}</Button>
          {mayChange ? (
            <Button
              variant="primary"
              loading={save.isPending}
              onClick={() => save.mutate({ topic, ...rule, encrypt: isEncrypted })}
            >
              Save rule
            </Button>
          ) : null}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {current ? null : (
          <Field
            label="Topic"
            required
            error={errors.topic}
            description="A topic, or the beginning of topics: payments.*"
          >
            <Input
              value={topic}
              onChange={(event) => setTopic(event.target.value)}
              className="font-mono"
              autoComplete="off"
            />
          </Field>
        )}
        <Field
          label="Paths"
          error={errors.paths}
          description="JSONPath, one per line: $.card.* for all members, $..iban at any depth, $headers.authorization for a header."
        >
          <Textarea
            rows={4}
            className="font-mono text-xs"
            spellCheck={false}
            readOnly={!mayChange}
            value={paths}
            onChange={(event) => setPaths(event.target.value)}
          />
        </Field>
        <Field
          label="Patterns"
          error={errors.patterns}
          description="Regular expressions (RE2), one per line. Each text or number with a match is masked."
        >
          <Textarea
            rows={3}
            className="font-mono text-xs"
            spellCheck={false}
            readOnly={!mayChange}
            value={patterns}
            onChange={(event) => setPatterns(event.target.value)}
          />
        </Field>
        <Field
          layout="control"
          label="Encrypt at rest"
          error={errors.encrypt}
          description="Payloads, and headers in the paths, are encrypted in Redis and ClickHouse. Needs PAYLOAD_ENCRYPTION_KEYS."
        >
          <Switch checked={isEncrypted} onCheckedChange={setEncrypted} disabled={!mayChange} />
        </Field>
        {save.error ? <ActionError error={save.error} fields={fields} /> : null}
        {mayChange ? <TryRule rule={rule} /> : null}
      </div>
    </Dialog>
  );
}

/** Shows what the rule in the dialog masks in a payload, even if the rule is not saved. */
function TryRule({ rule }: { rule: { paths: string[]; patterns: string[] } }) {
  const trpc = useTRPC();
  const [body, setBody] = useState(EXAMPLE);
  const attempt = useMutation(trpc.protection.try.mutationOptions());
  const input = { ...rule, body };
  const isCurrent = JSON.stringify(attempt.variables) === JSON.stringify(input);
  const data = isCurrent ? attempt.data : undefined;
  const error = isCurrent ? attempt.error : null;
  return (
    <section className="flex flex-col gap-2 border-t pt-4">
      <Field label="Try the rule" description="A payload. It is not stored.">
        <Textarea
          rows={5}
          className="font-mono text-xs"
          spellCheck={false}
          value={body}
          onChange={(event) => setBody(event.target.value)}
        />
      </Field>
      <div>
        <Button size="sm" loading={attempt.isPending} onClick={() => attempt.mutate(input)}>
          Show masked payload
        </Button>
      </div>
      {data ? (
        <>
          <p role="status" className="text-sm">
            {data.masked.length === 0
              ? "The rule masks nothing here."
              : `${formatCounted(data.masked.length, "value")} masked.`}
          </p>
          <JsonView value={data.payload} label="Masked payload" />
        </>
      ) : null}
      {error ? <Callout tone="danger">{errorText(error)}</Callout> : null}
    </section>
  );
}

/** The first error of each field. The error of a line begins with the number of the line in `texts`. */
function groupedErrors(
  error: unknown,
  texts: Readonly<Record<string, string>>,
): { topic?: string; paths?: string; patterns?: string; encrypt?: string } {
  const found: Record<string, string> = {};
  for (const { field, message } of callErrorOf(error)?.faults ?? []) {
    const [, name = field, index] = /^(\w+)[[.](\d+)\]?$/.exec(field) ?? [];
    found[name] ??= index === undefined ? message : `Line ${lineNumber(texts[name], Number(index))} ${message}`;
  }
  return found;
}

/** The number of the line at `index` of `linesOf`. */
const lineNumber = (text = "", index: number) => numberedLines(text)[index]?.number ?? index + 1;
