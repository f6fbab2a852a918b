const segment = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
const patternSegment = `(?:${segment}|\\*)`;

// A role's action: "secrets/read", "queues/*/send", "queues/**" or "**". One star is one segment, two (only last) all that follow.
export const actionPatternSource = `^(?:${patternSegment}(?:/${patternSegment})*(?:/\\*\\*)?|\\*\\*)$`;
const actionPattern = new RegExp(actionPatternSource);
const action = new RegExp(`^${segment}(?:/${segment})*$`);
const longest = 256;

export const isActionPattern = (text: string): boolean => text.length <= longest && actionPattern.test(text);

/** A concrete action, as a target asks about: segments without wildcards. */
export const isAction = (text: string): boolean => text.length <= longest && action.test(text);

/** Whether a pattern of a role covers a concrete action. `**` stands for one segment or more. */
export function actionMatches(pattern: string, asked: string): boolean {
  const wanted = pattern.split("/");
  const given = asked.split("/");
  const open = wanted.at(-1) === "**";
  const fixed = open ? wanted.slice(0, -1) : wanted;
  if (open ? given.length <= fixed.length : given.length !== fixed.length) return false;
  return fixed.every((part, at) => part === "*" || part === given[at]);
}
