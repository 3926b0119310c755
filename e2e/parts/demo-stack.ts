import { withStack } from "./product-stack";

/** A test on the stack with the demo's data, shared by the project `demo`. */
export const test = withStack(["--demo", "--api-key"]);
