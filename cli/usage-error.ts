/** The command was used wrongly: its message is all that a person needs, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
