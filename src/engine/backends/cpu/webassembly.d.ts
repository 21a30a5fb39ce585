/**
 * The part of the WebAssembly API used here: it is typed in TypeScript's DOM library only, which a
 * Node program should not see.
 */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  /** Compiled code, opaque. */
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  function validate(bytes: ArrayBuffer | ArrayBufferView): boolean;
  const Module: new (bytes: ArrayBuffer | ArrayBufferView) => Module;
  const Instance: new (module: Module) => Instance;
}
