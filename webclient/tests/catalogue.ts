// The English catalogue, as the compiler knows it: what each of its words is given, and which of them nothing in src says.
// To the compiler `texts.a.b`, `const { b } = texts.a` and `texts.a[name]` over a union of names are the same. A part that is
// handed on as a whole counts as said. The gallery does not count: it only presses buttons by their names.

import { SyntaxKind } from "typescript/unstable/ast";
import * as is from "typescript/unstable/ast/is";
import {
  API,
  type Checker,
  type Symbol as Named,
  type NodeHandle,
  SignatureKind,
  type Type,
} from "typescript/unstable/sync";

type Node = Parameters<typeof is.isIdentifier>[0];

const ROOT = new URL("..", import.meta.url).pathname;
const CATALOGUES = { page: "PageTexts", extras: "ExtraTexts", ads: "AdsTexts" } as const;
/** Around where languages change their forms, and some that look like nothing else when they are written. */
const NUMBERS = [0, 1, 2, 3, 5, 11, 21, 42, 99, 100, 1_234];
/** What hands the whole of a catalogue on, and says nothing of it thereby. */
const PLUMBING = /\/src\/(?:languages\/.*|speech\.ts|texts\.ts|(?:extras|ads)\/texts\.ts)$/;

type Project = NonNullable<ReturnType<ReturnType<API["updateSnapshot"]>["getProjects"]>[number]>;

/** "lobby.title"; `changed` stands for files that are read otherwise than they lie there. */
export function unsaid(changed: Readonly<Record<string, string>> = {}): string[] {
  return asked((project) => new Catalogue(project).unsaid(), changed);
}

/** What a word can be given, one after another: some of each kind, or all there are. */
export type Given = string | number | boolean;
/** Of every word that is a function, by "lobby.count". */
export function given(): ReadonlyMap<string, readonly (readonly Given[])[]> {
  return asked((project) => new Catalogue(project).given());
}

function asked<T>(question: (project: Project) => T, changed: Readonly<Record<string, string>> = {}): T {
  const api = new API({ cwd: ROOT, fs: { readFile: (path) => changed[path.replace(ROOT, "")] } });
  try {
    const project = api.updateSnapshot({ openProjects: [`${ROOT}tsconfig.json`] }).getProjects()[0];
    if (!project) throw new Error("the page is no project");
    return question(project);
  } finally {
    api.close();
  }
}

/** Where a word is written: the same for every way to it. */
const place = ({ path, index }: NodeHandle) => `${path}:${index}`;
const inEnglish = ({ path }: NodeHandle) => path.includes("/src/languages/en/");

interface Leaf {
  readonly key: string;
  readonly at: string;
  readonly type: Type;
}

class Catalogue {
  private readonly checker: Checker;
  private readonly said = new Set<string>();

  constructor(private readonly project: Project) {
    this.checker = project.checker;
  }

  unsaid(): string[] {
    const { program } = this.project;
    for (const name of program.getSourceFileNames()) {
      if (!name.startsWith(`${ROOT}src/`) || /\/src\/(?:languages|gallery)\//.test(name)) continue;
      const file = program.getSourceFile(name);
      if (file) this.read(file, !PLUMBING.test(name));
    }
    return this.all()
      .filter(({ at }) => !this.said.has(at))
      .map(({ key }) => key);
  }

  given(): ReadonlyMap<string, readonly (readonly Given[])[]> {
    return new Map(
      this.all().flatMap(({ key, type }) => {
        const [signature] = this.checker.getSignaturesOfType(type, SignatureKind.Call);
        if (!signature) return [];
        const kinds = signature.getParameters().map((each) => this.checker.getTypeOfSymbol(each));
        return [[key, kinds.map((kind, nth) => (kind ? this.samples(kind, nth) : []))] as const];
      }),
    );
  }

  private samples(type: Type, nth: number): readonly Given[] {
    const all = members(type);
    const words = all.flatMap((each) => (each.isStringLiteralType() ? [each.value] : []));
    if (words.length === all.length) return words;
    const kind = this.checker.typeToString(type);
    if (kind === "boolean") return [false, true];
    if (kind === "number") return NUMBERS;
    if (kind === "string") return [`⟨${"abcd"[nth]}⟩`];
    throw new Error(`no idea what to give for ${kind}`);
  }

  private all(): Leaf[] {
    const leaves = Object.entries(CATALOGUES).flatMap(([name, type]) => {
      const file = this.project.program.getSourceFile(`${ROOT}src/languages/en/${name}.ts`);
      return file ? [...this.leaves(this.declared(file, type), "")] : [];
    });
    if (leaves.length === 0) throw new Error("there is no catalogue");
    return leaves;
  }

  private declared(file: Node, name: string): Type {
    let found: Type | undefined;
    file.forEachChild((child) => {
      if (is.isTypeAliasDeclaration(child) && child.name.text === name)
        found = this.checker.getTypeFromTypeNode(child.type);
    });
    if (!found) throw new Error(`${name} is not declared`);
    return found;
  }

  private *leaves(part: Type, before: string): Iterable<Leaf> {
    for (const property of this.checker.getPropertiesOfType(part)) {
      const at = property.declarations.find(inEnglish);
      const type = this.checker.getTypeOfSymbol(property);
      if (!at || !type) continue;
      const key = before + property.name;
      if (this.isPart(type)) yield* this.leaves(type, `${key}.`);
      else yield { key, at: place(at), type };
    }
  }

  /** Something with words of its own, written in braces. */
  private isPart(type: Type): boolean {
    const written = type.getSymbol()?.declarations.some(inEnglish) ?? false;
    return written && type.isObjectType() && this.checker.getSignaturesOfType(type, SignatureKind.Call).length === 0;
  }

  private read(file: Node, handsOn: boolean): void {
    const found: Found = { named: [], computed: [], taken: [], whole: [] };
    gather(file, found);
    for (const symbol of this.checker.getSymbolAtLocation(found.named)) this.say(symbol);
    for (const { of, by } of found.computed) {
      const [object, key] = this.checker.getTypeAtLocation([of, by]);
      if (object && key) this.sayComputed(object, key);
    }
    for (const { of, names } of found.taken) {
      const object = this.checker.getTypeAtLocation(of);
      for (const name of names) if (object) this.say(this.checker.getPropertyOfType(object, name));
    }
    const whole = handsOn ? this.checker.getTypeAtLocation(found.whole) : [];
    for (const type of whole) if (type) this.sayAll(type);
  }

  private say(symbol: Named | undefined): void {
    for (const at of symbol?.declarations ?? []) if (inEnglish(at)) this.said.add(place(at));
  }

  private sayComputed(object: Type, key: Type): void {
    const keys = members(key);
    const names = keys.flatMap((each) => (each.isStringLiteralType() ? [each.value] : []));
    if (names.length < keys.length) this.sayAll(object);
    for (const name of names) this.say(this.checker.getPropertyOfType(object, name));
  }

  private sayAll(type: Type): void {
    for (const each of members(type)) {
      if (!this.isPart(each)) continue;
      for (const property of this.checker.getPropertiesOfType(each)) {
        this.say(property);
        const inner = this.checker.getTypeOfSymbol(property);
        if (inner) this.sayAll(inner);
      }
    }
  }
}

/** What looks into something, or hands it on. */
interface Found {
  readonly named: Node[];
  readonly computed: { of: Node; by: Node }[];
  readonly taken: { of: Node; names: string[] }[];
  readonly whole: Node[];
}

function gather(node: Node, found: Found): void {
  if (is.isPropertyAccessExpression(node)) found.named.push(node.name);
  if (is.isElementAccessExpression(node)) found.computed.push({ of: node.expression, by: node.argumentExpression });
  if (is.isObjectBindingPattern(node)) {
    const names = node.elements.map((each) => (each.propertyName ?? each.name) as Node & { text?: string });
    found.taken.push({ of: node, names: names.flatMap(({ text }) => text ?? []) });
  }
  if (isValue(node) && isHandedOn(node)) found.whole.push(node);
  node.forEachChild((child) => gather(child, found));
}

function members(type: Type): readonly Type[] {
  return type.isUnionType() ? type.getTypes() : [type];
}

function isValue(node: Node): boolean {
  return is.isIdentifier(node) || is.isPropertyAccessExpression(node) || is.isElementAccessExpression(node);
}

const HANDS_ON: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.ArrayLiteralExpression,
  SyntaxKind.AsExpression,
  SyntaxKind.BinaryExpression,
  SyntaxKind.ConditionalExpression,
  SyntaxKind.ForOfStatement,
  SyntaxKind.JsxExpression,
  SyntaxKind.JsxSpreadAttribute,
  SyntaxKind.NonNullExpression,
  SyntaxKind.ParenthesizedExpression,
  SyntaxKind.ReturnStatement,
  SyntaxKind.SatisfiesExpression,
  SyntaxKind.SpreadAssignment,
  SyntaxKind.SpreadElement,
]);

/** Not looked into here, and no new name for it either, whose own uses would count. */
function isHandedOn(node: Node): boolean {
  const { parent } = node;
  if (is.isCallExpression(parent)) return parent.expression !== node;
  if (is.isPropertyAssignment(parent)) return parent.initializer === node;
  if (is.isArrowFunction(parent)) return parent.body === node;
  return HANDS_ON.has(parent.kind);
}
