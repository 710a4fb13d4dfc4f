/** The same object, telling of each call of a method. */
export function counted<T extends object>(port: T, onCall: () => void): T {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]) => {
        onCall();
        return Reflect.apply(value, target, args);
      };
    },
  });
}
