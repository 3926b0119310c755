"use client";

import { useMemo } from "react";
import { usePreferences } from "~/components/layout/preferences-provider";
import type { Column } from "./column";
import {
  type ColumnChoice,
  type ColumnList,
  choiceOf,
  chosenColumns,
  widthsOf,
  withChoice,
  withWidth,
} from "./column-choice";

export interface ColumnSettings {
  choice: ColumnChoice;
  headerOf: (id: string) => string;
  /** Whether the cards of a narrow window show the column. */
  isInCards: (id: string) => boolean;
  /** Null restores the default columns. */
  change: (choice: ColumnChoice | null) => void;
}

/** The columns of a list that this browser shows, in their order and width, and the settings for its column menu. */
export function useColumns<Row>(
  list: ColumnList,
  columns: readonly Column<Row>[],
): {
  columns: readonly Column<Row>[];
  settings: ColumnSettings;
  onResize: (id: string, px: number | null) => void;
} {
  const { columns: text, set } = usePreferences();
  return useMemo(() => {
    const choice = choiceOf(columns, text, list);
    const widths = widthsOf(text, list);
    return {
      columns: chosenColumns(columns, choice).map((column) => ({ ...column, width: widths.get(column.id) })),
      onResize: (id, px) => set("columns", withWidth(text, list, { id, px })),
      settings: {
        choice,
        headerOf: (id) => columns.find((column) => column.id === id)?.header ?? id,
        isInCards: (id) => columns.find((column) => column.id === id)?.card !== "none",
        change: (next) => set("columns", withChoice(text, list, next)),
      },
    };
  }, [columns, text, list, set]);
}
