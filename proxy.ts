import { type NextRequest, NextResponse } from "next/server";

/**
 * Where the caller wants to go, for layouts: they are not told. Whatever the caller wrote there itself is overwritten.
 */
export const PATH_HEADER = "x-stufio-path";

/** Tells the server components which page was asked for, so that a sign-in can lead back to it. */
export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ["/((?!api/|admin/|_next/|icon.svg).*)"] };
