/** RFC 7468 §5.1. Between the lines there is no dash, so that a broken block never reaches into the next. */
const BLOCK = /-----BEGIN CERTIFICATE-----\s+([\sA-Za-z\d+/=]+)-----END CERTIFICATE-----/g;

/** The certificates of a PEM bundle, without the text between them; undefined when there is none. What a block holds is for TLS to read. */
export function certificatesIn(pem: string): string | undefined {
  const blocks = [...pem.matchAll(BLOCK)].filter(([, base64 = ""]) => isDer(base64)).map(([block]) => block);
  return blocks.length === 0 ? undefined : `${blocks.join("\n")}\n`;
}

/** Every certificate is a DER SEQUENCE (X.690 §8.9). */
function isDer(base64: string): boolean {
  try {
    return atob(base64).charCodeAt(0) === 0x30;
  } catch {
    return false;
  }
}
