/**
 * A module of the core, in the form that a runtime takes it: compiled from bytes in the file, or imported where
 * bytes may not be compiled. `build.mjs` puts the right one in.
 */
declare module 'wasm:receive' {
  const module: () => WebAssembly.Module
  export default module
}

declare module 'wasm:desk' {
  const module: () => WebAssembly.Module
  export default module
}
