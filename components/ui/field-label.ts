"use client";

import { createContext, useContext } from "react";

// Not in `field.tsx`, so that a switch without a `Field` does not load the Base UI parts of `Field`.
export const LabelId = createContext<string | undefined>(undefined);

/**
 * The id of the label of the enclosing `Field`. Base UI finds the label of a switch or checkbox only in the browser;
 * with this id, the server's HTML names the control too.
 */
export const useFieldLabelId = () => useContext(LabelId);
