/** Bytes → base64, without the host's helpers: the compiler also runs where there are none. RFC 4648. */
const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function base64(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const chars = [18, 12, 6, 0].map((shift) => digits[(word >> shift) & 63]!);
    const missing = Math.max(0, i + 3 - bytes.length);
    parts.push(chars.slice(0, 4 - missing).join("") + "=".repeat(missing));
  }
  return parts.join("");
}
