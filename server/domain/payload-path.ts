/** The path of a value in the payload: `/items/2/sku` (a JSON pointer) is `payload.items[2].sku`. */
export function payloadPath(pointer: string): string {
  const tokens = pointer.split("/").slice(1);
  return tokens.reduce((path, token) => {
    const name = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (/^(0|[1-9]\d*)$/.test(name)) return `${path}[${name}]`;
    return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
  }, "payload");
}
