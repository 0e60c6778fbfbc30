import path from 'node:path'
import type {HubContext} from '../session/hub-context.js'
import {hubNameOf} from '../session/spec/standing-spec.js'

/** Where the files of a bundle stand while one is made or used; gone afterwards. */
export async function bundlePlace(context: HubContext): Promise<string> {
  return path.join(context.directories.state, `.${await hubNameOf(context)}.bundle`)
}
