"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { NeededRight } from "~/components/access/may";
import { ActionError, LoadError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Badge } from "~/components/ui/badge";
import { Button } from "~/components/ui/button";
import { Callout } from "~/components/ui/callout";
import { Card } from "~/components/ui/card";
import { Field } from "~/components/ui/field";
import { formatDuration, formatNumber, toSentenceCase } from "~/components/ui/format";
import { Input } from "~/components/ui/input";
import { NumberField } from "~/components/ui/number-field";
import { SkeletonLines } from "~/components/ui/skeleton";
import { Switch } from "~/components/ui/switch";
import { Relative } from "~/components/ui/time";
import { ZonePicker } from "~/components/ui/zone-picker";
import { settingFaults } from "./setting-faults";
import { SETTING_GROUPS, SETTING_LABELS, settingAnchor } from "./setting-groups";

type Setting = RouterOutputs["settings"]["list"]["items"][number];
/** Null while the input is empty. */
type Value = Setting["value"] | null;
type Draft = Readonly<Record<string, Value>>;

const SOURCE_TEXTS = {
  page: "Overrides the default",
  environment: "Set by the environment",
} as const;

/** All settings with range and source. Changes are saved together and take effect without a restart. */
export function SettingsForm({ mayChange }: { mayChange: boolean }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const list = useQuery(trpc.settings.list.queryOptions());
  const [draft, setDraft] = useState<Draft>({});
  const onSuccess = (data: RouterOutputs["settings"]["save"]) => {
    queryClient.setQueryData(trpc.settings.list.queryKey(), data);
    setDraft({});
  };
  const save = useMutation(trpc.settings.save.mutationOptions({ onSuccess }));
  const reset = useMutation(trpc.settings.reset.mutationOptions({ onSuccess }));

  if (!list.data) {
    return list.error ? (
      <LoadError error={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />
    ) : (
      <SkeletonLines lines={12} />
    );
  }
  const byName = new Map(list.data.items.map((item) => [item.name, item]));
  const changed = Object.keys(draft);
  const faults = settingFaults(save.error);
  const wireNames = list.data.items.map(({ key }) => key.toLowerCase());
  // A page of another release may not have the setting.
  const hasOtherFaults = [...faults.keys()].some((name) => !wireNames.includes(name));
  const hasEmpty = changed.some((name) => draft[name] === null);
  const change = (item: Setting, value: Value) => {
    const { [item.name]: _, ...rest } = draft;
    setDraft(value === item.value ? rest : { ...rest, [item.name]: value });
    save.reset();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!hasEmpty) save.mutate({ values: draft as Record<string, never> });
      }}
      className="flex max-w-5xl flex-col gap-4 pb-20"
    >
      {mayChange ? null : (
        <Callout tone="info">
          You can read the settings, but not change them. <NeededRight right="settings:edit" />
        </Callout>
      )}
      {SETTING_GROUPS.map(({ title, description, names }) => (
        <Card key={title} title={title} description={description} padded={false}>
          <ul className="divide-y">
            {names.map((name) => {
              const item = byName.get(name);
              return item ? (
                <SettingRow
                  key={name}
                  item={item}
                  value={name in draft ? (draft[name] ?? null) : item.value}
                  fault={faults.get(item.key.toLowerCase())}
                  locked={!mayChange || item.source === "environment"}
                  onChange={(value) => change(item, value)}
                  onReset={mayChange ? () => reset.mutate({ names: [name] }) : undefined}
                />
              ) : null;
            })}
          </ul>
        </Card>
      ))}
      {save.error ? <ActionError error={save.error} fields={hasOtherFaults ? [] : ["values", ...wireNames]} /> : null}
      {reset.error ? <ActionError error={reset.error} /> : null}
      {(save.isSuccess || reset.isSuccess) && changed.length === 0 ? (
        <Callout tone="success" live>
          Saved. All processes apply the change within seconds, without a restart.
        </Callout>
      ) : null}
      {changed.length > 0 ? (
        <div className="fixed inset-x-0 bottom-(--strip-height) z-10 flex items-center justify-center gap-3 border-t bg-surface px-4 py-3 shadow-pop">
          <p className="text-sm">
            {changed.length} {changed.length === 1 ? "change" : "changes"} not saved
          </p>
          <Button
            onClick={() => {
              setDraft({});
              save.reset();
            }}
          >
            Discard
          </Button>
          <Button type="submit" variant="primary" loading={save.isPending} disabled={hasEmpty}>
            Save changes
          </Button>
        </div>
      ) : null}
    </form>
  );
}

const ALL_TOPICS = "All topics";

function rangeText({ min, max, unit }: Setting): string | null {
  if (min === null) return null;
  const range = max === null ? `At least ${formatNumber(min)}` : `${formatNumber(min)} to ${formatNumber(max)}`;
  return unit ? `${range} ${unit}` : range;
}

/** Settings whose 0 is not a small amount. */
const ZERO_TEXTS: { readonly [N in Setting["name"]]?: string } = {
  auditRetentionDays: "kept forever",
  selfTestIntervalSeconds: "off",
};

/** A long span in seconds as a duration, such as "1 d". */
const longSpan = ({ unit }: Setting, value: number): string | undefined =>
  unit === "seconds" && value > 60 ? formatDuration(value * 1000) : undefined;

/** The meaning of a number, if the number and its unit do not say it. */
function convertedText(item: Setting, value: number): string | undefined {
  const zeroText = value === 0 ? ZERO_TEXTS[item.name] : undefined;
  return zeroText ? toSentenceCase(zeroText) : longSpan(item, value);
}

/** A value with its unit; long spans in seconds also as a duration, such as "86,400 seconds (1 d)". */
function valueText(item: Setting, value: Setting["value"]): string {
  const { name, type, unit } = item;
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "string") return value === "" && type === "prefixes" ? ALL_TOPICS.toLowerCase() : value;
  const zeroText = value === 0 ? ZERO_TEXTS[name] : undefined;
  if (zeroText) return zeroText;
  const text = unit ? `${formatNumber(value)} ${unit}` : formatNumber(value);
  const span = longSpan(item, value);
  return span ? `${text} (${span})` : text;
}

function SettingRow(props: {
  item: Setting;
  value: Value;
  fault: string | undefined;
  locked: boolean;
  onChange: (value: Value) => void;
  onReset: (() => void) | undefined;
}) {
  const { item, fault, locked } = props;
  const range = rangeText(item);
  const label = SETTING_LABELS[item.name];
  return (
    <li
      id={settingAnchor(item.name)}
      className="grid scroll-mt-24 items-start gap-x-6 gap-y-2 px-4 py-4 sm:grid-cols-[1fr_16rem]"
    >
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium text-ink">{label}</span>
          {item.source === "default" ? null : <Badge>{SOURCE_TEXTS[item.source]}</Badge>}
        </p>
        <p className="mt-1 text-muted">{item.description}</p>
        <p className="mt-1 text-subtle text-xs">
          <code className="break-all font-mono">{item.key}</code>
        </p>
        <p className="mt-1 text-subtle text-xs">
          {range ? `${range} · default` : "Default"}: {valueText(item, item.default)}
          {item.source === "page" && item.updatedAt ? (
            <>
              {" "}
              · saved by {item.updatedBy} <Relative value={item.updatedAt} />
            </>
          ) : null}
          {item.source === "environment" ? (
            <>
              {" "}
              · the variable <code className="break-all font-mono">schedules_{item.key}</code> takes precedence over
              this page
            </>
          ) : null}
        </p>
      </div>
      <div className="flex flex-col items-start gap-2">
        <Field
          label={label}
          description={typeof props.value === "number" ? convertedText(item, props.value) : undefined}
          hideLabel
          error={fault}
          className="w-full"
        >
          <SettingInput {...props} locked={locked} />
        </Field>
        {item.source === "page" && props.onReset ? (
          <Button
            size="sm"
            aria-label={`Reset to default: ${label}`}
            icon={<RotateCcw aria-hidden />}
            onClick={props.onReset}
          >
            Reset to default
          </Button>
        ) : null}
      </div>
    </li>
  );
}

function SettingInput({
  item,
  value,
  locked,
  onChange,
}: {
  item: Setting;
  value: Value;
  locked: boolean;
  onChange: (value: Value) => void;
}) {
  switch (item.type) {
    case "boolean":
      return <Switch checked={value === true} disabled={locked} onCheckedChange={onChange} />;
    case "zone":
      return <ZonePicker value={String(value)} disabled={locked} onValueChange={onChange} />;
    case "prefixes":
      return (
        <Input
          value={String(value ?? "")}
          disabled={locked}
          placeholder={ALL_TOPICS}
          className="font-mono"
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case "integer":
      return (
        <NumberField
          value={typeof value === "number" ? value : null}
          onValueChange={onChange}
          min={item.min ?? undefined}
          max={item.max ?? undefined}
          unit={item.unit ?? undefined}
          disabled={locked}
        />
      );
  }
}
