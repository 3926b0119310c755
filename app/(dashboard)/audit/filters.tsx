"use client";

import type { ReactNode } from "react";
import { RESULT_LABELS, VERB_LABELS } from "~/components/audit/labels";
import { ClearFilters } from "~/components/filters/active-filters";
import { FacetSelect } from "~/components/filters/facet-select";
import { FilterBar } from "~/components/filters/filter-bar";
import { SearchInput, TextFilter } from "~/components/filters/search-input";
import { TimeRangePicker } from "~/components/filters/time-range-picker";
import { Field } from "~/components/ui/field";
import { Switch } from "~/components/ui/switch";
import { AUDIT_RESULTS } from "~/server/domain/audit/results";
import { AUDIT_VERBS } from "~/server/domain/audit/verbs";
import { type AuditParams, NO_FILTERS } from "./search-params";

/** Sets URL parameters: `set` replaces the history entry, `navigate` adds an entry. */
export type SetParams = (values: { [Name in keyof AuditParams]?: AuditParams[Name] | null }) => void;

const VERBS = AUDIT_VERBS.map((value) => ({ value, label: VERB_LABELS[value] }));

const RESULTS = AUDIT_RESULTS.map((value) => ({ value, label: RESULT_LABELS[value] }));

const FIRST_PAGE = { cursor: null, entry: null };

/** The filters, and the switch that includes each schedule of bulk jobs. Every change returns to the first page. */
export function AuditFilters({
  params,
  set,
  navigate,
  end,
}: {
  params: AuditParams;
  set: SetParams;
  navigate: SetParams;
  end: ReactNode;
}) {
  const update: SetParams = (values) => navigate({ ...values, ...FIRST_PAGE });
  return (
    <FilterBar end={end}>
      <TimeRangePicker value={params.range} onChange={(range) => update({ range })} />
      <SearchInput
        label="Actor"
        placeholder="Name or e-mail"
        value={params.actor}
        onChange={(actor) => set({ actor: actor || null, ...FIRST_PAGE })}
        className="w-full sm:w-52"
      />
      <TextFilter
        label="Target"
        placeholder="Id of the target"
        value={params.target}
        onChange={(target) => set({ target: target || null, ...FIRST_PAGE })}
        className="w-full sm:w-52"
      />
      <FacetSelect label="Action" options={VERBS} value={params.verb} onChange={(verb) => update({ verb })} />
      <FacetSelect
        label="Result"
        multiple={false}
        options={RESULTS}
        value={params.result === null ? [] : [params.result]}
        onChange={([result]) => update({ result: result ?? null })}
      />
      <Field layout="control" label="Include each schedule of bulk jobs">
        <Switch
          checked={params.each || params.target !== ""}
          disabled={params.target !== ""}
          onCheckedChange={(each) => update({ each: each || null })}
        />
      </Field>
      {isFiltered(params) ? <ClearFilters onClearAll={() => navigate(NO_FILTERS)} /> : null}
    </FilterBar>
  );
}

/** Whether a filter is set, apart from the range, and apart from the switch, which only adds entries. */
export function isFiltered({ actor, target, verb, result }: AuditParams): boolean {
  return actor !== "" || target !== "" || verb.length > 0 || result !== null;
}
