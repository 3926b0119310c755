import { withStack } from "./product-stack";

/** A test on a stack without data, which the specs of the project `alone` share one after the other. */
export const test = withStack([]);
