// Who and what an id stands for; filled when the workspace is opened and when channels change.

export const names = { people: new Map(), channels: new Map(), me: "" };

const TINTS = 8;

/** Two letters for a person without a picture. */
export function initials(name) {
  return name.split(/\s+/).slice(0, 2).map((word) => word[0] ?? "").join("").toUpperCase();
}

/** The same colour for the same person, every time. */
export function tint(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return `tint-${sum % TINTS}`;
}
