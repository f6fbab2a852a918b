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
