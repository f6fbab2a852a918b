import type { Log } from "../../kube/log.ts";

export const silentLog: Log = { info() {}, warn() {}, error() {} };
