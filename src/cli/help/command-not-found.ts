import type {Hook} from '@oclif/core'
import {printable} from '../render/text/printable.js'
import {renderError} from '../render/render-error.js'
import {noSuchCommand} from './no-such-command.js'

/** Suggests the command that was meant. */
const commandNotFound: Hook.CommandNotFound = async function ({id, config}) {
  const error = noSuchCommand(id.split(':'), config)
  process.stderr.write(`${printable(renderError(error))}\n`)
  this.exit(error.exitCode)
}

export default commandNotFound
