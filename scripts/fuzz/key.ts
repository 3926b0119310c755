/** What the inputs come in with: every right, so that none is refused for lack of one. */
export const FUZZ_KEY = "key-of-the-fuzz-0123456789abcdefghijklmnop";
