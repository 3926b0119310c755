"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { type FormEvent, type ReactElement, useState } from "react";
import { useMay, useScope } from "~/components/access/may";
import { ActionError, LoadError } from "~/components/queries/load-error";
import { type RouterOutputs, useTRPC } from "~/components/trpc/client";
import { Button } from "~/components/ui/button";
import { Checkbox } from "~/components/ui/checkbox";
import { cn } from "~/components/ui/cn";
import { Field } from "~/components/ui/field";
import { IconButton } from "~/components/ui/icon-button";
import { Input } from "~/components/ui/input";
import { Link } from "~/components/ui/link";
import { Popover } from "~/components/ui/popover";
import { Spinner } from "~/components/ui/spinner";
import { type ListName, viewQuery } from "~/server/domain/saved-view";

/** The server refuses a longer name. */
const MAX_NAME_LENGTH = 80;

type View = RouterOutputs["views"]["list"]["items"][number];

export function SavedViewsPopover({ list, trigger }: { list: ListName; trigger: ReactElement }) {
  const trpc = useTRPC();
  const [open, setOpen] = useState(false);
  const views = useQuery(trpc.views.list.queryOptions({ list }, { enabled: open }));
  const items = views.data?.items ?? [];
  const reload = () => void views.refetch();
  const group = { list, onOpen: () => setOpen(false), onDeleted: reload };
  return (
    <Popover trigger={trigger} title="Saved views" open={open} onOpenChange={setOpen} align="end" className="w-80">
      {views.error ? (
        <LoadError
          error={views.error}
          title="The saved views could not be loaded"
          onRetry={reload}
          retrying={views.isFetching}
        />
      ) : null}
      {views.isPending ? <Spinner /> : null}
      <div className="flex max-h-72 flex-col gap-2 overflow-y-auto">
        <ViewGroup {...group} title="Yours" views={items.filter(({ shared }) => !shared)} />
        <ViewGroup {...group} title="Shared" views={items.filter(({ shared }) => shared)} />
      </div>
      {views.data && items.length === 0 ? (
        <p className="text-muted text-sm">A saved view keeps the filters, the sort and the time range of this list.</p>
      ) : null}
      <SaveForm list={list} onSaved={reload} />
    </Popover>
  );
}

function ViewGroup({
  title,
  views,
  list,
  onOpen,
  onDeleted,
}: {
  title: string;
  views: readonly View[];
  list: ListName;
  onOpen: () => void;
  onDeleted: () => void;
}) {
  const trpc = useTRPC();
  const mayShare = useMayShare();
  const current = viewQuery(useSearchParams().toString());
  const remove = useMutation(trpc.views.delete.mutationOptions({ onSuccess: onDeleted }));
  if (views.length === 0) return null;
  return (
    <section aria-label={title}>
      <h3 className="text-subtle text-xs">{title}</h3>
      <ul className="-mx-1">
        {views.map((view) => (
          <li key={view.viewId} className="flex items-center gap-1 rounded px-1 hover:bg-hover">
            <Link
              href={view.query === "" ? `/${list}` : `/${list}?${view.query}`}
              aria-current={view.query === current ? "true" : undefined}
              className={cn("min-w-0 flex-1 truncate py-1 text-sm", view.query === current && "font-medium")}
              title={view.shared ? `${view.name}, saved by ${view.updatedBy}` : view.name}
              onClick={onOpen}
            >
              {view.name}
            </Link>
            {!view.shared || mayShare ? (
              <IconButton
                size="sm"
                tooltip={false}
                label={`Delete the view ${view.name}`}
                icon={<Trash2 aria-hidden />}
                loading={remove.isPending && remove.variables.viewId === view.viewId}
                onClick={() => remove.mutate({ viewId: view.viewId })}
              />
            ) : null}
          </li>
        ))}
      </ul>
      {remove.error ? <ActionError error={remove.error} /> : null}
    </section>
  );
}

/** Needs `schedules:edit`. False for callers with a scope, because a shared view may contain any topic. */
function useMayShare(): boolean {
  const may = useMay();
  return useScope() === null && may("schedules:edit");
}

function SaveForm({ list, onSaved }: { list: ListName; onSaved: () => void }) {
  const trpc = useTRPC();
  const mayShare = useMayShare();
  const search = useSearchParams();
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const save = useMutation(
    trpc.views.save.mutationOptions({
      onSuccess: () => {
        setName("");
        onSaved();
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") save.mutate({ list, name, shared, query: search.toString() });
  };
  return (
    <form onSubmit={submit} className="mt-3 flex flex-col gap-2 border-t pt-3">
      <Field label="Save this view as" description="If a view has this name already, it is replaced.">
        <Input value={name} maxLength={MAX_NAME_LENGTH} onValueChange={setName} />
      </Field>
      {mayShare ? (
        <Field layout="control" label="Share with everyone">
          <Checkbox checked={shared} onCheckedChange={setShared} />
        </Field>
      ) : null}
      {save.error ? <ActionError error={save.error} /> : null}
      <Button type="submit" variant="primary" size="sm" loading={save.isPending} disabled={name.trim() === ""}>
        Save view
      </Button>
    </form>
  );
}
