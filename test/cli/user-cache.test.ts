/** Where kept features lie, by the conventions of each system. */
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { userCacheFolder } from "../../cli/user-cache.ts";

test("the folder that the environment names comes first, a relative one is none", () => {
  expect(userCacheFolder({ XDG_CACHE_HOME: "/fast/cache" }, "linux")).toBe("/fast/cache/blipc");
  const usual = join(homedir(), ".cache", "blipc");
  expect(userCacheFolder({ XDG_CACHE_HOME: "cache" }, "linux")).toBe(usual);
  expect(userCacheFolder({}, "linux")).toBe(usual);
});

test("other systems have places of their own", () => {
  expect(userCacheFolder({}, "darwin")).toBe(join(homedir(), "Library", "Caches", "blipc"));
  expect(userCacheFolder({ LOCALAPPDATA: "/local" }, "win32")).toBe(join("/local", "blipc"));
});
