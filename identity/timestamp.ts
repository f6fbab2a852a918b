/** RFC 3339 to the second, since metav1.Time has no fractions of one. */
export const timestamp = (time: Date): string => `${time.toISOString().slice(0, 19)}Z`;
