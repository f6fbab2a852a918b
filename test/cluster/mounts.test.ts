import { expect, test } from "vitest";
import { mountsUnder } from "./mounts.ts";

const mountinfo = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw
90 22 0:50 / /cache/run/kubelet/pods/a/volumes rw - tmpfs tmpfs rw
91 90 0:51 / /cache/run/kubelet/pods/a/volumes/in\\040it rw - tmpfs tmpfs rw
92 22 0:52 / /cache/run-of-another rw - tmpfs tmpfs rw
93 22 0:53 / /cache/run rw - tmpfs tmpfs rw
`;

test("mounts in a folder come innermost first, without the folder itself and its neighbours", () => {
  expect(mountsUnder("/cache/run", mountinfo)).toEqual([
    "/cache/run/kubelet/pods/a/volumes/in it",
    "/cache/run/kubelet/pods/a/volumes",
  ]);
});
