/** One open device for all tests of a process. */
import { type Device, openDevice } from "../../runtime/device/open-device.ts";

let opened: Promise<Device> | undefined;

/** The device of this test process, opened at the first call; nobody closes it. */
export function sharedDevice(): Promise<Device> {
  opened ??= openDevice();
  return opened;
}
