/** A guide of docs/guide, rendered by `scripts/guide/render.mjs` while the dashboard is built. */
export interface Guide {
  title: string;
  /** The first sentence of the guide. */
  description: string;
  headings: GuideHeading[];
  parts: GuidePart[];
}

export interface GuideHeading {
  /** 2 to 4. */
  level: number;
  id: string;
  text: string;
}

export type GuidePart =
  | { html: string }
  /** `label` is the name of the file, or "Output"; null for none. */
  | { code: string; html: string; label: string | null; isOutput: boolean };
