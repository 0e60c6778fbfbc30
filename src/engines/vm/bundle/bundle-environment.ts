import path from 'node:path'
import {pathToFileURL} from 'node:url'
import type {Layout} from '../machines/layout.js'

/** Where the packages of a bundle are put on a machine that is not this computer, while they are installed. */
export function packagesThere({tools}: Pick<Layout, 'tools'>): string {
  return path.posix.join(tools, 'bundle')
}

/** Has uv and pip take packages from a directory, and ask no network. */
export function bundleEnvironment(packages: string): Readonly<Record<string, string>> {
  // Both take several places, pip between spaces and uv between commas.
  const place = pathToFileURL(packages).href.replaceAll(',', '%2C')
  return {UV_OFFLINE: '1', UV_FIND_LINKS: place, PIP_NO_INDEX: '1', PIP_FIND_LINKS: place}
}
