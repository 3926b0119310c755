import { withStack } from "./product-stack";

/** A test on a stack without data, shared by the project `alone`. */
export const test = withStack([]);
