// The few shapes that messages are made of. A check tells whether a value read from JSON has its shape; objects with
// fields that nobody defined are refused, and lengths count code points, as in Python.

export type Check<T> = (value: unknown) => value is T;
type Fields<T> = { [K in keyof T]-?: (value: unknown) => boolean };

export const bool: Check<boolean> = (value): value is boolean => typeof value === "boolean";

export function is<const T>(wanted: T): Check<T> {
  return (value): value is T => value === wanted;
}

export function oneOf<const T extends unknown[]>(...wanted: T): Check<T[number]> {
  return (value): value is T[number] => wanted.includes(value);
}

export function int(low: number, high: number): Check<number> {
  return (value): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= low && value <= high;
}

export function match(pattern: RegExp): Check<string> {
  return (value): value is string => typeof value === "string" && pattern.test(value);
}

export function str(low: number, high: number): Check<string> {
  return (value): value is string => {
    if (typeof value !== "string" || value.length > 2 * high) return false;
    const length = [...value].length;
    return length >= low && length <= high;
  };
}

export function list<T>(item: Check<T>, most: number): Check<T[]> {
  return (value): value is T[] => Array.isArray(value) && value.length <= most && value.every(item);
}

/** A field that may be absent; `null` says the same. */
export function opt<T>(inner: Check<T>): Check<T | null | undefined> {
  return (value): value is T | null | undefined => value === undefined || value === null || inner(value);
}

export function obj<T>(fields: Fields<T>): Check<T> {
  const checks = Object.entries<(value: unknown) => boolean>(fields);
  return (value): value is T =>
    isRecord(value) &&
    Object.keys(value).every((name) => Object.hasOwn(fields, name)) &&
    checks.every(([name, check]) => check(Object.hasOwn(value, name) ? value[name] : undefined));
}

/** A union told apart by `kind`. */
export function tagged<T>(kinds: Record<string, (value: unknown) => boolean>): Check<T> {
  return (value): value is T => {
    if (!isRecord(value) || typeof value.kind !== "string") return false;
    return Object.hasOwn(kinds, value.kind) && kinds[value.kind]?.(value) === true;
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
