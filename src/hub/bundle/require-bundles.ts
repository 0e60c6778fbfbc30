import type {BundleKeeper} from '../../engines/engine.js'
import {JhubError} from '../../errors.js'
import type {OpenHub} from '../session/open-hub.js'

/** Throws `JHUB-E100` where jhub makes and takes no bundles. */
export function requireBundles({engine}: Pick<OpenHub, 'engine'>): BundleKeeper {
  if (engine.bundle !== undefined) return engine.bundle
  throw new JhubError('JHUB-E100', `${engine.title}: bundles are for hubs on one machine and in kind clusters`)
}
