import {availableParallelism, homedir, totalmem, userInfo} from 'node:os'
import type {System} from './system.js'

export function realSystem(): System {
  const account = userInfo()
  const constrained = process.constrainedMemory()
  return {
    platform: process.platform,
    architecture: process.arch,
    uid: account.uid,
    userName: account.username,
    homeDirectory: homedir(),
    environment: process.env,
    cores: availableParallelism(),
    memoryBytes: constrained > 0 ? Math.min(constrained, totalmem()) : totalmem(),
    nodePath: process.execPath,
  }
}
