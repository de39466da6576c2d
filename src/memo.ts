const REMEMBERED_CHARACTERS_MAX = 100_000;

/** What `make` gives for a text, made once; after a hundred thousand characters of texts it begins anew. What it throws is not remembered. */
export function memo<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  let characters = 0;
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    characters += text.length;
    if (characters > REMEMBERED_CHARACTERS_MAX) {
      known.clear();
      characters = text.length;
    }
    known.set(text, made);
    return made;
  };
}
