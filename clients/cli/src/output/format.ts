export const FORMATS = ["table", "json", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];
