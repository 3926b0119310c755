import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

/** A user of the test's identity provider. */
export interface ProviderUser {
  login: string;
  password: string;
  email: string;
  /** If undefined, the claim is omitted. */
  emailVerified?: boolean;
  name: string;
  groups: string[];
  disabled?: boolean;
}

export interface IdentityProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** By login. Changes take effect at once. */
  users: Map<string, ProviderUser>;
  /** Drops all connections, like a provider that is down, or answers again. */
  setDown(down: boolean): void;
  stop(): Promise<void>;
}

/**
 * Starts an OpenID provider on loopback (the npm package oidc-provider) with a simple login page.
 * @param input.publicUrl the address of the product under test
 */
export async function startIdentityProvider(input: {
  publicUrl: string;
  /** Lifetime of an access token, s. */
  accessTokenSeconds?: number;
  /** Whether the provider issues refresh tokens. */
  refreshTokens?: boolean;
}): Promise<IdentityProvider> {
  const { publicUrl, accessTokenSeconds = 3600, refreshTokens = true } = input;
  const users = new Map<string, ProviderUser>();
  let isDown = false;
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => {
    if (isDown) request.socket.destroy();
    else handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [clientId, clientSecret] = ["schedules", "a secret of the tests"];
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [`${publicUrl}/api/auth/callback/oidc`],
        post_logout_redirect_uris: [`${publicUrl}/login`],
        grant_types: ["authorization_code", "refresh_token"],
      },
    ],
    cookies: { keys: ["a key of the tests"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
    scopes: ["openid", "offline_access", "email", "profile", "groups"],
    pkce: { required: () => true },
    // Otherwise an expired token would be accepted for some seconds.
    clockTolerance: 0,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        logoutSource: (ctx, form) => {
          ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">Sign out here too</button>`);
        },
      },
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: () => refreshTokens,
    ttl: {
      AccessToken: accessTokenSeconds,
      Session: 3600,
      Grant: 3600,
      RefreshToken: 3600,
      IdToken: 3600,
      Interaction: 600,
    },
    // Grants everything, so that no user is asked for consent.
    async loadExistingGrant({ oidc }) {
      const grant = new provider.Grant({ clientId: oidc.client?.clientId, accountId: oidc.session?.accountId });
      grant.addOIDCScope("openid offline_access email profile groups");
      await grant.save();
      return grant;
    },
    findAccount(_, login) {
      const user = users.get(login);
      if (!user || user.disabled) return undefined;
      const { email, emailVerified, name, groups } = user;
      return {
        accountId: login,
        claims: async () => ({
          sub: login,
          email,
          ...(emailVerified === undefined ? {} : { email_verified: emailVerified }),
          name,
          groups,
        }),
      };
    },
  });
  const callback = provider.callback();
  handle = (request, response) => {
    if (!request.url?.startsWith("/interaction/")) return void callback(request, response);
    void interact(provider, users, { request, response }).catch((error) => {
      response.writeHead(500).end(String(error));
    });
  };
  return {
    ...{ issuer, clientId, clientSecret, users },
    setDown(down) {
      isDown = down;
      if (down) server.closeAllConnections();
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function interact(
  provider: Provider,
  users: Map<string, ProviderUser>,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  if (request.method !== "POST") return showLogin(response, "");
  let body = "";
  for await (const part of request) body += part;
  const form = new URLSearchParams(body);
  const user = users.get(form.get("login") ?? "");
  if (!user || user.disabled || user.password !== form.get("password")) return showLogin(response, "Wrong.");
  await provider.interactionFinished(request, response, { login: { accountId: user.login } });
}

const page = (content: string) =>
  `<!doctype html><html lang="en"><title>Identity provider</title><main><h1>Identity provider</h1>${content}</main></html>`;

function showLogin(response: ServerResponse, message: string): void {
  response.writeHead(200, { "content-type": "text/html" });
  response.end(
    page(
      `<p role="alert">${message}</p><form method="post"><label>Login <input name="login"></label>` +
        `<label>Password <input name="password" type="password"></label><button>Continue</button></form>`,
    ),
  );
}
