"use client";

import { createContext, useContext } from "react";

// Beside `field.tsx`, whose Base UI parts are not needed by a table's checkboxes.
export const LabelId = createContext<string | undefined>(undefined);

/**
 * The `aria-labelledby` of a control that is not a native form element (switch, checkbox). Base UI finds their label
 * only in the browser; this names them in the server's HTML.
 */
export const useFieldLabelId = () => useContext(LabelId);
