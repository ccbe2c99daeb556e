import { expect, test } from "vitest";
import { membersOf } from "../../../runtime/device/swiftshader.ts";

function member(path: string, kind: string, content: string, size = content.length): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  header.write(kind, 156);
  const padded = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  padded.write(content);
  return Buffer.concat([header, padded]);
}

test("only the wanted regular files are taken, wherever they lie", () => {
  const tar = Buffer.concat([
    member("./", "5", ""),
    member("../../evil.so", "0", "no"),
    member("folder/libvulkan.so.1", "0", "loader"),
    member("libvk_swiftshader.so", "2", ""),
    member("vk_swiftshader_icd.json", "0", "{}"),
    Buffer.alloc(1024),
  ]);
  const files = membersOf(tar);
  expect([...files.keys()]).toEqual(["libvulkan.so.1", "vk_swiftshader_icd.json"]);
  expect(Buffer.from(files.get("libvulkan.so.1") ?? []).toString()).toBe("loader");
});

test("a member longer than the archive is refused", () => {
  const tar = member("libvulkan.so.1", "0", "short", 100_000);
  expect(() => membersOf(tar)).toThrow('damaged at byte 0 ("libvulkan.so.1")');
});
