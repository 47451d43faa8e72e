// What a language does to numbers: which form of a word goes with how many (Unicode CLDR, as the browser knows it), and
// how they are written; and what a language that is read from right to left does to a name.

export type Form = Intl.LDMLPluralRule;

export interface Grammar {
  /** The form that goes with the count, with the count in the place of each #. */
  plural(count: number, forms: { readonly other: string } & { readonly [F in Form]?: string }): string;
  /** A whole number, as it is written. */
  number(value: number): string;
}

export function grammar(language: string): Grammar {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const number = (value: number) => numbers.format(value);
  return {
    number,
    plural: (count, forms) => (forms[rules.select(count)] ?? forms.other).replaceAll("#", () => number(count)),
  };
}

/** Inserted text with isolates around it, so that it cannot turn the direction of what stands beside it. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** Writes sizes: 12 kB, 1.3 MB; number and unit stay together. */
export function bytesIn(language: string): (bytes: number) => string {
  const unit = (name: string, maximumFractionDigits: number) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, maximumFractionDigits });
  const [kilo, mega] = [unit("kilobyte", 0), unit("megabyte", 1)];
  return (bytes) => {
    const size = bytes < 1_000_000 ? kilo.format(Math.max(1, bytes / 1_000)) : mega.format(bytes / 1_000_000);
    return size.replace(" ", "\u00a0");
  };
}
