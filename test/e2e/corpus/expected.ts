export type Expected = {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly published?: readonly (readonly [RegExp, string])[];
  readonly resources: number;
  readonly outputs: Readonly<Record<string, string | RegExp>>;
  readonly outputCount: number;
};
