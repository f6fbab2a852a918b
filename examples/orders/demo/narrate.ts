/** How the demo speaks: plain text, with colour only where a terminal shows it. */
const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined;
const styled = (code: number, text: string): string => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);

export function heading(text: string): void {
  console.log(`\n${styled(1, text)}`);
}

export function say(text: string): void {
  console.log(`  ${text}`);
}

/** Facts, one a line, aligned. */
export function show(facts: Readonly<Record<string, unknown>>): void {
  const width = Math.max(...Object.keys(facts).map((name) => name.length));
  for (const [name, value] of Object.entries(facts)) {
    console.log(`    ${styled(36, name.padEnd(width))}  ${typeof value === "string" ? value : JSON.stringify(value)}`);
  }
}
