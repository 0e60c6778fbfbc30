import {engineContract} from './engine-contract.js'
import {vmWorld} from './vm-world.js'

engineContract('the vm engine', vmWorld, 18_901)
