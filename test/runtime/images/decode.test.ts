/** Decoding: PIL's pixels, and every fault as a value. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeImage, decodeImageBytes } from "../../../runtime/images/decode.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "decode-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const raw = (channels: 1 | 2 | 3 | 4, values: readonly number[]) =>
  sharp(Uint8Array.from(values), {
    raw: { width: values.length / channels, height: 1, channels },
  });

async function pixels(bytes: Uint8Array): Promise<readonly number[]> {
  const result = await decodeImageBytes(bytes, "picture");
  if (!result.ok) throw new Error(result.failure.message);
  return [...result.image.data];
}

describe("pixels", () => {
  test("alpha is dropped, the color behind it stays", async () => {
    const values = [10, 20, 30, 0, 200, 100, 50, 128];
    const png = await raw(4, values).png().toBuffer();
    expect(await pixels(png)).toEqual([10, 20, 30, 200, 100, 50]);
    const webp = await raw(4, values).webp({ lossless: true, exact: true }).toBuffer();
    expect(await pixels(webp)).toEqual([10, 20, 30, 200, 100, 50]);
  });

  test("grey is expanded", async () => {
    const png = await raw(1, [7, 250]).toColourspace("b-w").png().toBuffer();
    expect(await pixels(png)).toEqual([7, 7, 7, 250, 250, 250]);
  });

  test("EXIF orientation is not applied", async () => {
    const jpeg = await sharp({
      create: { width: 16, height: 8, channels: 3, background: { r: 9, g: 9, b: 9 } },
    })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const result = await decodeImageBytes(jpeg, "turned.jpg");
    expect(result).toMatchObject({ ok: true, image: { width: 16, height: 8 } });
  });

  test("an embedded color profile changes nothing", async () => {
    const plain = raw(3, [200, 30, 90]);
    const png = await plain.withIccProfile("p3", { attach: true }).png().toBuffer();
    const stored = await sharp(png, { ignoreIcc: true }).raw().toBuffer();
    expect(await pixels(png)).toEqual([...stored]);
    expect([...stored]).not.toEqual([200, 30, 90]);
  });
});

describe("faults name the file", () => {
  const faultOf = async (file: string, options = {}) => {
    const result = await decodeImage(file, options);
    expect(result.ok).toBe(false);
    if (result.ok) throw new Error("it was decoded");
    expect(result.failure.message).toContain(file);
    return result.failure.fault;
  };
  const written = (name: string, bytes: Uint8Array) => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
  const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7919) % 251);
  const picture = () => sharp(noise, { raw: { width: 64, height: 64, channels: 3 } });

  test("missing, a folder, empty, another format", async () => {
    expect(await faultOf(join(folder, "none.jpg"))).toBe("missing");
    expect(await faultOf(folder)).toBe("unreadable");
    expect(await faultOf(written("empty.png", new Uint8Array()))).toBe("corrupt");
    expect(await faultOf(written("page.jpg", Buffer.from("<svg/>")))).toBe("format");
  });

  test.each(["jpeg", "png", "webp"] as const)("a truncated %s", async (format) => {
    const bytes = await picture().toFormat(format).toBuffer();
    const file = written(`cut.${format}`, bytes.subarray(0, Math.floor(bytes.length / 2)));
    expect(await faultOf(file)).toBe("corrupt");
  });

  test("CMYK and 16 bits a channel", async () => {
    const cmyk = await picture().toColourspace("cmyk").jpeg().toBuffer();
    expect(await faultOf(written("cmyk.jpg", cmyk))).toBe("unsupported");
    const deep = await picture().toColourspace("rgb16").png().toBuffer();
    expect(await faultOf(written("deep.png", deep))).toBe("unsupported");
  });

  test("more pixels than the limit", async () => {
    const file = written("large.png", await picture().png().toBuffer());
    expect(await faultOf(file, { pixelLimit: 64 * 64 - 1 })).toBe("too-large");
    expect((await decodeImage(file, { pixelLimit: 64 * 64 })).ok).toBe(true);
  });
});
