"use client";

import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useDeferredValue, useRef, useState } from "react";
import { LoadError } from "~/components/queries/load-error";
import { displayName } from "~/components/schedules/display-name";
import { useTRPC } from "~/components/trpc/client";
import { KEEP_PREVIOUS } from "~/components/trpc/query-client";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { Field } from "~/components/ui/field";
import { Input } from "~/components/ui/input";
import { Link } from "~/components/ui/link";
import { SkeletonLines } from "~/components/ui/skeleton";

const MAX_SHOWN = 10;

/** A button that opens a search for a schedule to copy. Shows the newest schedules first. */
export function StartFromDialog() {
  const [open, setOpen] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={<Button>Start from an existing schedule</Button>}
      initialFocus={search}
      title="Start from an existing schedule"
      description="Opens a copy of the chosen schedule in this form. Nothing is saved until you create the copy."
    >
      <Candidates search={search} />
    </Dialog>
  );
}

// Mounted only while the dialog is open, so each opening starts with an empty search.
function Candidates({ search }: { search: React.RefObject<HTMLInputElement | null> }) {
  const trpc = useTRPC();
  const [text, setText] = useState("");
  const wanted = useDeferredValue(text).trim();
  const query = useQuery(
    trpc.schedules.list.queryOptions(
      { q: wanted || undefined, limit: MAX_SHOWN },
      { retry: false, staleTime: 30_000, ...KEEP_PREVIOUS },
    ),
  );
  return (
    <div className="flex min-h-72 flex-col gap-3">
      <Field label="Search schedules" hideLabel>
        <Input
          ref={search}
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="Name, tag or id"
          leading={<Search aria-hidden />}
          autoComplete="off"
        />
      </Field>
      {query.error ? <LoadError error={query.error} onRetry={() => void query.refetch()} /> : null}
      {query.isPending ? <SkeletonLines lines={6} /> : null}
      {query.data?.items.length === 0 ? (
        <p role="status" className="py-6 text-center text-muted text-sm">
          {wanted === "" ? "There are no schedules yet." : "No schedule matches."}
        </p>
      ) : null}
      <ul className="flex flex-col">
        {query.data?.items.map((schedule) => (
          <li key={schedule.scheduleId}>
            <Link
              href={`/schedules/${schedule.scheduleId}/duplicate`}
              className="flex min-h-9 items-baseline gap-3 rounded-md px-2 py-1.5 text-sm hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate font-medium">{displayName(schedule)}</span>
              <span className="max-w-1/2 shrink-0 truncate font-mono text-muted text-xs">{schedule.topic}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
