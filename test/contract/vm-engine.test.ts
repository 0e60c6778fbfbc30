import {fakeMachine} from '../fakes/fake-machine.js'
import {engineContract} from './engine-contract.js'

engineContract('the vm engine', fakeMachine, 18_901)
