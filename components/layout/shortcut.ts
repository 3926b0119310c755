export const SHORTCUT_GROUPS = ["General", "Go to", "Lists"] as const;

export interface Shortcut {
  /** "j", "?", or two keys with a space: "g s". */
  keys: string;
  label: string;
  group: (typeof SHORTCUT_GROUPS)[number];
}
