/**
 * A text as a terminal may have it. What comes out of a cluster was written by anybody, and an escape sequence in it
 * could overwrite what the answer says; so could a mark that turns the direction of writing round.
 */
export const printable = (text: string): string => text.replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, "");
