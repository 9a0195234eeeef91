import type { Datatype } from './datatypes.ts';

/**
 * The words in which the schemas are declared. From one declaration come the EXI codec, the XML form and the TypeScript
 * type of the value: attributes and children become properties, repeated children arrays, simple content `value`.
 */
export interface Attribute<N extends string = string, R extends boolean = boolean> {
  readonly name: N;
  readonly required: R;
}

export type Occurrence = 'one' | 'optional' | 'many';

export interface Child<N extends string = string, V = unknown, O extends Occurrence = Occurrence> {
  readonly particle: 'child';
  readonly name: N;
  readonly type: ContentType<V>;
  readonly occurrence: O;
  readonly min: number;
  readonly max: number;
}

/** A production that the schema has and no certificate message uses: it takes part in the widths and is refused. */
export interface Refused {
  readonly particle: 'refused';
  readonly name: string;
}

/** xs:choice or a substitution group: one of the options, in the order of their event codes. */
export interface OneOf<C extends readonly (Child | Refused)[] = readonly (Child | Refused)[]> {
  readonly particle: 'oneOf';
  readonly options: C;
  readonly required: boolean;
}

export type Particle = Child | Refused | OneOf;

export interface ComplexType<V = unknown> {
  readonly kind: 'complex';
  /** Sorted by local name, as EXI wants them. */
  readonly attributes: readonly Attribute[];
  readonly simpleContent: Datatype | undefined;
  readonly particles: readonly Particle[];
  /** Mixed content adds a characters production after the end of the element. */
  readonly mixed: boolean;
  /** Never there: carries the TypeScript type of the value. */
  readonly phantom?: V;
}

export type ContentType<V = unknown> = Datatype<V> | ComplexType<V>;

/** The TypeScript type of what a declaration describes. */
export type ValueOf<T> = T extends ContentType<infer V> ? V : never;

type AttributeValues<A extends readonly Attribute[]> = {
  readonly [X in Extract<A[number], { required: true }> as X['name']]: string;
} & {
  readonly [X in Extract<A[number], { required: false }> as X['name']]?: string;
};

type Options<P> = P extends OneOf<infer C> ? Extract<C[number], Child> : never;
type ChildValue<X> = X extends Child<string, infer V> ? V : never;

type ParticleValues<P extends readonly Particle[]> = {
  readonly [X in Extract<P[number], Child<string, unknown, 'one'>> as X['name']]: ChildValue<X>;
} & {
  readonly [X in Extract<P[number], Child<string, unknown, 'optional'>> as X['name']]?: ChildValue<X>;
} & {
  readonly [X in Extract<P[number], Child<string, unknown, 'many'>> as X['name']]: readonly ChildValue<X>[];
} & {
  readonly [X in Options<P[number]> as X['name']]?: ChildValue<X>;
};

type Flat<T> = { readonly [K in keyof T]: T[K] };

export function attribute<const N extends string>(name: N): Attribute<N, true> {
  return { name, required: true };
}

export function optionalAttribute<const N extends string>(name: N): Attribute<N, false> {
  return { name, required: false };
}

export function one<const N extends string, V>(name: N, type: ContentType<V>): Child<N, V, 'one'> {
  return { particle: 'child', name, type, occurrence: 'one', min: 1, max: 1 };
}

export function optional<const N extends string, V>(name: N, type: ContentType<V>): Child<N, V, 'optional'> {
  return { particle: 'child', name, type, occurrence: 'optional', min: 0, max: 1 };
}

export function many<const N extends string, V>(
  name: N,
  type: ContentType<V>,
  min: number,
  max: number,
): Child<N, V, 'many'> {
  return { particle: 'child', name, type, occurrence: 'many', min, max };
}

export function refused(name: string): Refused {
  return { particle: 'refused', name };
}

export function oneOf<const C extends readonly (Child | Refused)[]>(required: boolean, options: C): OneOf<C> {
  return { particle: 'oneOf', options, required };
}

export function complex<const A extends readonly Attribute[], const P extends readonly Particle[]>(
  attributes: A,
  particles: P,
  mixed = false,
): ComplexType<Flat<AttributeValues<A> & ParticleValues<P>>> {
  return { kind: 'complex', attributes, simpleContent: undefined, particles, mixed };
}

export function withAttributes<const A extends readonly Attribute[], V>(
  attributes: A,
  datatype: Datatype<V>,
): ComplexType<Flat<AttributeValues<A> & { readonly value: V }>> {
  return { kind: 'complex', attributes, simpleContent: datatype, particles: [], mixed: false };
}

/** A global element with its number among all global elements of the schema set, sorted as EXI 1.0 section 8.5.1 says. */
export interface RootElement<V = unknown> {
  readonly code: number;
  readonly type: ContentType<V>;
}

/** An element as the fragment grammar knows it (EXI 1.0 section 8.5.2): its number among all element names. */
export interface FragmentElement<V = unknown> {
  readonly code: number;
  readonly type: ContentType<V>;
  /**
   * Set when two declarations share the name with different types: then section 8.5.3 demands the relaxed grammar, in
   * which any attribute and element may come. The number is that of the attribute `Id` among all attribute names.
   */
  readonly relaxedIdAttribute?: number;
}

/** A set of schemas as one EXI grammar. The counts give the widths of the event codes. */
export interface SchemaSet {
  readonly name: string;
  readonly globalElements: number;
  readonly elementNames: number;
  readonly attributeNames: number;
  readonly roots: Readonly<Record<string, RootElement>>;
  readonly fragments: Readonly<Record<string, FragmentElement>>;
}
