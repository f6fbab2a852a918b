/** The mount points in a folder, innermost first, from the text of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
export function mountsUnder(folder: string, mountinfo: string): readonly string[] {
  return mountinfo
    .split("\n")
    .map((line) => unescaped(line.split(" ")[4] ?? ""))
    .filter((mountPoint) => mountPoint.startsWith(`${folder}/`))
    .reverse();
}

/** Space, tab, newline and backslash are written in octal. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
