/** The API key of the inputs. It has every right. */
export const FUZZ_KEY = "key-of-the-fuzz-0123456789abcdefghijklmnop";
