import { withStack } from "./product-stack";

/** A test on the stack with the demo's data, which all specs of the project `demo` share. */
export const test = withStack(["--demo", "--api-key"]);
