import { createContext, useContext } from "react";

/** The ids of the rows of the surrounding table, in their order. */
export const ShownRows = createContext<readonly string[]>([]);

export const useShownRows = () => useContext(ShownRows);
