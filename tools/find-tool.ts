import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Where a program is, as a shell would find it; a JDK that JAVA_HOME names comes first. */
export function findTool(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { JAVA_HOME, PATH = "" } = environment;
  const folders = [...(JAVA_HOME === undefined ? [] : [join(JAVA_HOME, "bin")]), ...PATH.split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
