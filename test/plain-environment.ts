import vm, { type Context } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

const { createContext } = vm;

/**
 * Jest's own environment in an ordinary context. Jest's is contextified: every look at a global (`Promise`, `Map`) goes
 * through an interceptor and a Proxy, which makes code that computes about twice as slow.
 */
export default class PlainEnvironment extends TestEnvironment {
  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    // Its constructor makes the context, and has no option for that.
    vm.createContext = (): Context => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...args);
    } finally {
      vm.createContext = createContext;
    }
  }
}
