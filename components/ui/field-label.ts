"use client";

import { createContext, useContext } from "react";

// Not in `field.tsx`, so that a table's checkboxes do not load the Base UI parts of `Field`.
export const LabelId = createContext<string | undefined>(undefined);

/**
 * The `aria-labelledby` of a switch or checkbox. Base UI finds the label of these controls only in the browser; this id
 * also names the control in the server's HTML.
 */
export const useFieldLabelId = () => useContext(LabelId);
