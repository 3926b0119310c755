import { version } from "../package.json";

/** The release of this code. */
export const VERSION = version;
