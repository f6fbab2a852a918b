/** What a process needs of a logger; pino's is one. Fields first, so that they stay data. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
