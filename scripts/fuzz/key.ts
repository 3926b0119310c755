/** The API key with which the fuzzer sends its inputs. It has all rights. */
export const FUZZ_KEY = "key-of-the-fuzz-0123456789abcdefghijklmnop";
