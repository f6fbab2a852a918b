/** Keeps what was worked out for a text, up to so many characters of text in all; the text unused for longest goes. */
export class TextCache<Value> {
  readonly #mostCharacters: number;
  readonly #values = new Map<string, Value>();
  #characters = 0;

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters;
  }

  get characters(): number {
    return this.#characters;
  }

  has(text: string): boolean {
    return this.#values.has(text);
  }

  /** Calls `compute` if the text is not there. */
  get(text: string, compute: (text: string) => Value): Value {
    const known = this.#values.get(text);
    const value = known ?? compute(text);
    if (known === undefined) this.#characters += text.length;
    // A Map keeps the order of insertion: the one used last stands last.
    this.#values.delete(text);
    this.#values.set(text, value);
    for (const oldest of this.#values.keys()) {
      if (this.#characters <= this.#mostCharacters) break;
      this.#values.delete(oldest);
      this.#characters -= oldest.length;
    }
    return value;
  }
}
