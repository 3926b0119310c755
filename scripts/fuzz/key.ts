/** The API key of the inputs. It has every right, so that no input is refused for a missing right. */
export const FUZZ_KEY = "key-of-the-fuzz-0123456789abcdefghijklmnop";
