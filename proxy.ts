import { type NextRequest, NextResponse } from "next/server";

/** Has the requested path and query, because Next.js does not pass them to layouts. */
export const PATH_HEADER = "x-stufio-path";

/** Passes the requested path and query to the server components, so that a sign-in can return to the page. */
export function proxy(request: NextRequest): NextResponse {
  const headers = new Headers(request.headers);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ["/((?!api/|admin/|mcp$|_next/|icon.svg).*)"] };
